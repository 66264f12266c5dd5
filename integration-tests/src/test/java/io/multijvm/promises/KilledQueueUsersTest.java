// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedQueue;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.QueueHistory;
import io.multijvm.testkit.QueueWork;
import io.multijvm.testkit.Seats;
import io.multijvm.testkit.SharedPoolTest;
import io.multijvm.testkit.Turn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that put into a queue and take from it are killed by SIGKILL at any moment: nobody is stuck, nothing is lost that
 * must not be, nothing comes twice. What they all wrote down proves it afterwards.
 */
@SharedPoolTest
class KilledQueueUsersTest {
    private static final List<Integer> ALL = List.of(0, 1, 2, 3);
    private static final int CAPACITY = 20;

    private final Kills kills = new Kills();
    private Pool pool;
    private Manager manager;

    @BeforeAll
    void open() {
        pool = Kills.pool(ALL.size());
    }

    @BeforeEach
    void start() {
        manager = Manager.start();
    }

    @AfterEach
    void end() {
        manager.close();
    }

    @AfterAll
    void close() {
        pool.close();
    }

    @Test
    void whatIsTakenUnderALeaseIsWorkedOffWhoeverDies(@TempDir Path directory) throws Exception {
        killUsers(directory, true);
    }

    @Test
    void whatIsTakenWithoutOneComesOnceAtMost(@TempDir Path directory) throws Exception {
        killUsers(directory, false);
    }

    private void killUsers(Path directory, boolean leases) throws Exception {
        SharedQueue<QueueWork.Item> queue = manager.queue(CAPACITY);
        List<Long> waits = new ArrayList<>();
        Set<Long> producers = new HashSet<>();
        QueueHistory history;
        try (Seats seats = new Seats(pool, directory, ALL.size(), new QueueWork(queue, leases))) {
            for (int round = 0; round < Kills.ROUNDS; round++) {
                note(seats, producers);
                Kills.awaitTurns(seats, ALL, 20);
                waits.add(kills.killOne(seats, ALL));
            }
            note(seats, producers);
            Kills.awaitTurns(seats, ALL, 20);
            seats.stop(queue::shutdown);
            List<Turn> turns = seats.turns();
            history = new QueueHistory(
                    leases,
                    turns.stream()
                            .filter(turn -> producers.contains(turn.pid()))
                            .toList(),
                    turns.stream()
                            .filter(turn -> !producers.contains(turn.pid()))
                            .toList());
        }
        assertThat(history.wrong()).isEmpty();
        assertThat(queue).isEmpty();
        assertThat(queue.poll()).isNull();
        System.out.printf(
                "queue, %s: %d deaths, %d of takers; %d put, %d lost, %d taken again, order kept; the others went on %s%n",
                leases ? "leased" : "taken",
                Kills.ROUNDS,
                history.deadTakers(),
                history.puts(),
                history.lost(),
                history.again(),
                Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    private static void note(Seats seats, Set<Long> producers) {
        producers.add(seats.life(0).pid());
        producers.add(seats.life(2).pid());
    }
}
