// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedPipe;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.Life;
import io.multijvm.testkit.PipeWork;
import io.multijvm.testkit.Seats;
import io.multijvm.testkit.SharedPoolTest;
import io.multijvm.testkit.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes talk through a pipe, and one of them is killed by SIGKILL at any moment: what the other received was sent, as a whole,
 * in its order and once; what was sent is received; and the other is told. What both wrote down proves it afterwards.
 */
@SharedPoolTest
class KilledPipeUsersTest {
    private static final int SENDER = 0;
    private static final int RECEIVER = 1;
    private static final List<Integer> BOTH = List.of(SENDER, RECEIVER);
    private static final int DEATHS = Integer.getInteger("multijvm.rounds", 3);

    private final Kills kills = new Kills();
    private Pool pool;

    @BeforeAll
    void open() {
        pool = Kills.pool(BOTH.size());
    }

    @AfterAll
    void close() {
        pool.close();
    }

    @Test
    void throughSharedMemoryWholeMessagesPassAndTheOtherIsToldWhoeverDies(@TempDir Path directory) throws Exception {
        try (Manager manager = Manager.start()) {
            killOneOfTwo(manager, directory, DEATHS, "in memory");
        }
    }

    @Test
    void throughTheOwnerWholeMessagesPassAndTheOtherIsToldWhoeverDies(@TempDir Path directory) throws Exception {
        System.setProperty("io.multijvm.payloads", "frames");
        Manager started;
        try {
            started = Manager.start();
        } finally {
            System.clearProperty("io.multijvm.payloads");
        }
        try (Manager manager = started) {
            killOneOfTwo(manager, directory, DEATHS * 2 / 3, "by messages");
        }
    }

    /** What became of one pipe: who was killed, or nobody. */
    private record Fate(long pipe, int victim) {
        static final int NOBODY = -1;
    }

    private void killOneOfTwo(Manager manager, Path directory, int deaths, String how) throws Exception {
        PipeWork work = new PipeWork(manager.queue(), manager.queue());
        List<Long> waits = new ArrayList<>();
        List<Fate> fates = new ArrayList<>();
        Set<Long> senders = new HashSet<>();
        List<Turn> turns;
        hand(work, manager.pipe(), 1);
        try (Seats seats = new Seats(pool, directory, BOTH.size(), work)) {
            for (int round = 1; round <= deaths; round++) {
                senders.add(seats.life(SENDER).pid());
                Kills.awaitTurns(seats, BOTH, 20);
                kills.pause(30_000_000);
                int victim = round <= BOTH.size()
                        ? BOTH.get(round - 1)
                        : kills.random().nextInt(BOTH.size());
                fates.add(new Fate(round, victim));
                long killed = seats.kill(victim);
                waits.add(told(seats.life(1 - victim), round) - killed);
                hand(work, manager.pipe(), round + 1);
                seats.replace(victim);
            }
            senders.add(seats.life(SENDER).pid());
            fates.add(new Fate(deaths + 1L, Fate.NOBODY));
            Kills.awaitTurns(seats, BOTH, 20);
            seats.stop(() -> {
                work.senders().shutdown();
                work.receivers().shutdown();
            });
            turns = seats.turns();
        }
        long received = check(turns, fates, senders);
        System.out.printf(
                "pipe %s: %d deaths, %d of senders; %d messages received, each whole, once and in order, none lost; the other"
                        + " was told %s%n",
                how,
                deaths,
                fates.stream().filter(fate -> fate.victim() == SENDER).count(),
                received,
                Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    private static void hand(PipeWork work, SharedPipe<Object> pipe, long number) throws InterruptedException {
        work.senders().put(new PipeWork.Next(number, pipe.left()));
        work.receivers().put(new PipeWork.Next(number, pipe.right()));
    }

    /** When who lives on was told, by its own word. */
    private static long told(Life life, long pipe) {
        await().atMost(Kills.PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> life.notedFor() == pipe);
        assertThat(life.noted()).isEqualTo(PipeWork.DIED);
        return life.notedAt();
    }

    private static long check(List<Turn> turns, List<Fate> fates, Set<Long> senders) {
        long all = 0;
        for (Fate fate : fates) {
            List<Long> sent = numbers(turns, fate.pipe(), turn -> senders.contains(turn.pid()));
            List<Long> received = numbers(turns, fate.pipe(), turn -> !senders.contains(turn.pid()));
            String what = fate + ", " + sent.size() + " sent, " + received.size() + " received";
            assertThat(sent).as(what).isEqualTo(firstOf(sent.size()));
            assertThat(received).as(what).isEqualTo(firstOf(received.size()));
            // the last one may have been sent, and who sent it died before it could say so
            int begun = sent.size() + (fate.victim() == SENDER ? 1 : 0);
            int certain = fate.victim() == RECEIVER ? 0 : sent.size();
            // a send may not have returned yet when its message was received, nor ever: its receiver died
            int most = fate.victim() == RECEIVER ? begun + 1 : begun;
            assertThat(received.size()).as(what).isBetween(certain, most);
            all += received.size();
        }
        return all;
    }

    private static List<Long> numbers(List<Turn> turns, long pipe, Predicate<Turn> whose) {
        return turns.stream()
                .filter(whose)
                .filter(turn -> turn.value() != 0 && turn.seen() == pipe)
                .map(Turn::value)
                .toList();
    }

    private static List<Long> firstOf(int n) {
        return LongStream.rangeClosed(1, n).boxed().toList();
    }
}
