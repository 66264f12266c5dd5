// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.shared.PlayedClient.Guarded;
import io.multijvm.internal.shared.PlayedClient.State;
import io.multijvm.internal.shared.PlayedPeers.Told;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.mapped.LockWord;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.LockWait;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The owner's side of a lock, with played clients. */
@Timeout(60)
class LockAtOwnerTest {
    private static final int SCRIPTS = Integer.getInteger("multijvm.lock.scripts", 5_000);

    private final PlayedPeers peers = new PlayedPeers();
    private final WaitGraph graph = new WaitGraph();
    private long now;

    private static LockCell cell() {
        return new LockCell(ByteBuffer.allocateDirect(2 * LockCell.BYTES).alignedSlice(LockCell.BYTES), 0);
    }

    private LockAtOwner lock(long number, LockCell cell) {
        return new LockAtOwner(number, "lock " + number, cell, peers, graph, () -> now);
    }

    private static void take(LockCell cell, int client) {
        long word = cell.word();
        assertThat(LockWord.isFree(word)).isTrue();
        assertThat(cell.change(word, LockWord.taken(word, client))).isTrue();
        cell.tell(LockWord.epoch(word) + 1, 100 + client, 10 + client, 0);
    }

    private static void release(LockCell cell) {
        assertThat(cell.change(cell.word(), LockWord.released(cell.word()))).isTrue();
    }

    private static LockWait waiting(long ticket, Long... holds) {
        return new LockWait(ticket, false, WaitEnding.DEADLOCK, 17, Set.of(holds));
    }

    private static LockWait again(long ticket) {
        return new LockWait(ticket, true, WaitEnding.DEADLOCK, 17, Set.of());
    }

    /** Seeds are fixed, so a failure names the script that shows it. */
    @Test
    void whateverIsLateWhoeverDiesOneHoldsItAndNobodyIsStuck() {
        Guarded sum = new Guarded();
        int deaths = 0;
        for (int seed = 0; seed < SCRIPTS; seed++) {
            try {
                deaths += script(new Random(seed), sum);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("script " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.printf(
                "%d scripts: taken %d times, %d handed over, %d deaths, %d told of one%n",
                SCRIPTS, sum.taken, sum.handedOver, deaths, sum.tellings);
        assertThat(sum.taken).isGreaterThan(5 * SCRIPTS);
        assertThat(sum.handedOver).isGreaterThan(SCRIPTS / 100);
        assertThat(sum.tellings).isGreaterThan(SCRIPTS / 20);
    }

    private static int script(Random random, Guarded sum) {
        PlayedPeers peers = new PlayedPeers();
        LockCell cell = cell();
        LockAtOwner lock = new LockAtOwner(1, "lock 1", cell, peers, new WaitGraph(), () -> 0);
        Guarded guarded = new Guarded();
        List<PlayedClient> clients = new ArrayList<>();
        int count = 2 + random.nextInt(4);
        for (int number = 1; number <= count; number++) {
            if (random.nextInt(4) == 0) {
                peers.remote.add(number);
            }
            clients.add(new PlayedClient(number, random.nextInt(3) == 0, lock, cell, peers, guarded));
        }
        boolean leaves = random.nextBoolean();
        int deaths = 0;
        for (int step = 0; step < 150; step++) {
            PlayedClient client = clients.get(random.nextInt(count));
            if (random.nextInt(200) == 0 && client.state != State.DEAD) {
                client.die(random);
                deaths++;
            } else if (random.nextInt(3) == 0) {
                deliver(client);
            } else {
                client.act(random, true, leaves);
            }
        }
        finish(clients, random);
        check(LockWord.isFree(cell.word()) && !LockWord.handsOff(cell.word()), "left " + cell);
        check(lock.report().waiters().isEmpty(), "left " + lock.report());
        for (PlayedClient client : clients) {
            boolean rests = client.state == State.IDLE || client.state == State.DEAD;
            check(
                    rests || (client.state == State.AWAITING && guarded.items == 0),
                    client.number + " is " + client.state);
        }
        sum.taken += guarded.taken;
        sum.handedOver += guarded.handedOver;
        sum.tellings += guarded.tellings;
        return deaths;
    }

    private static boolean deliver(PlayedClient client) {
        Runnable said = client.says.pollFirst();
        if (said != null) {
            said.run();
        }
        return said != null;
    }

    /** Nobody begins anything, until nothing moves. */
    private static void finish(List<PlayedClient> clients, Random random) {
        int still = 0;
        for (int turn = 0; still < 3; turn++) {
            check(turn < 10_000, "it never ends");
            boolean moved = false;
            for (PlayedClient client : clients) {
                moved |= client.act(random, false, false);
                moved |= deliver(client);
            }
            still = moved ? 0 : still + 1;
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Test
    void whoIsLateThreeTimesIsHandedTheLockAndNobodyPassesBy() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        take(cell, 1);
        lock.waitFor(2, waiting(5));
        for (int late = 0; late < LockAtOwner.HAND_OFF_AFTER; late++) {
            assertThat(LockWord.handsOff(cell.word())).isFalse();
            release(cell);
            lock.released();
            assertThat(peers.to(2).pollLast()).isEqualTo(new Told("woken", 5, 0, false, ""));
            take(cell, 1); // faster
            lock.waitFor(2, again(5));
        }
        assertThat(LockWord.handsOff(cell.word())).isTrue();
        release(cell);
        assertThat(LockWord.handsOff(cell.word())).as("from its release on").isTrue();
        lock.released();
        assertThat(peers.to(2).pollLast()).isEqualTo(new Told("woken", 5, 0, true, ""));
        assertThat(LockWord.taken(cell.word(), 2))
                .satisfies(word -> assertThat(LockWord.handsOff(word)).isFalse());
    }

    @Test
    void aReleaseThatFindsTheLockTakenAgainCountsAsLate() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        take(cell, 1);
        lock.waitFor(2, waiting(5));
        for (int late = 0; late < LockAtOwner.HAND_OFF_AFTER; late++) {
            release(cell);
            take(cell, 1);
            lock.released();
        }
        assertThat(peers.to(2)).isEmpty();
        assertThat(LockWord.handsOff(cell.word())).isTrue();
    }

    @Test
    void whoIsHandedTheLockAndLeavesOpensItToAll() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        take(cell, 1);
        lock.waitFor(2, waiting(5));
        for (int late = 0; late < LockAtOwner.HAND_OFF_AFTER; late++) {
            release(cell);
            take(cell, 1);
            lock.released();
        }
        release(cell);
        lock.released();
        lock.leave(2, 5);
        assertThat(LockWord.handsOff(cell.word())).isFalse();
        take(cell, 1);
    }

    @Test
    void theLastToWaitInACircleIsToldOfItWithAllSidesNamed() {
        LockCell first = cell();
        LockCell second = cell();
        LockCell third = cell();
        LockAtOwner a = lock(1, first);
        LockAtOwner b = lock(2, second);
        LockAtOwner c = lock(3, third);
        take(first, 1);
        take(second, 2);
        take(third, 3);
        b.waitFor(1, waiting(5, 1L));
        c.waitFor(2, waiting(6, 2L));
        assertThat(peers.to(1)).isEmpty();
        assertThat(peers.to(2)).isEmpty();

        a.waitFor(3, waiting(7, 3L));

        Told told = peers.to(3).getLast();
        assertThat(told.what()).isEqualTo("deadlock");
        assertThat(told.text())
                .contains("thread 17 of worker 3 (pid 103) holds lock 3 and waits for lock 1")
                .contains("thread 17 of worker 1 (pid 101) holds lock 1 and waits for lock 2")
                .contains("thread 17 of worker 2 (pid 102) holds lock 2 and waits for lock 3")
                .contains("The wait of thread 17 of worker 3 (pid 103) was ended")
                .contains("tryLock");
        assertThat(a.report().waiters()).isEmpty();
        assertThat(LockWord.isWaitedFor(first.word())).isFalse();
        System.out.println(told.text());
    }

    @Test
    void aWaitWithATimeOrOneThatWasWokenIsNoDeadlock() {
        LockCell first = cell();
        LockCell second = cell();
        LockAtOwner a = lock(1, first);
        LockAtOwner b = lock(2, second);
        take(first, 1);
        take(second, 2);
        b.waitFor(1, new LockWait(5, false, WaitEnding.TIME, 17, Set.of(1L)));
        a.waitFor(2, waiting(6, 2L));
        assertThat(peers.to(2)).isEmpty();
        a.leave(2, 6);
        b.leave(1, 5);

        b.waitFor(1, waiting(7, 1L));
        release(second);
        b.released(); // client 1 may have b by now, whatever it has not said yet
        take(second, 2);
        a.waitFor(2, waiting(8, 2L));
        assertThat(peers.to(2)).isEmpty();

        b.waitFor(1, new LockWait(7, true, WaitEnding.DEADLOCK, 17, Set.of(1L)));
        assertThat(peers.to(1).getLast().what()).isEqualTo("deadlock");
    }

    @Test
    void whoCannotBeToldOfADeadlockLeavesThatToTheOther() {
        LockCell first = cell();
        LockCell second = cell();
        LockAtOwner a = lock(1, first);
        LockAtOwner b = lock(2, second);
        take(first, 1);
        take(second, 2);
        b.waitFor(1, waiting(5, 1L));
        a.waitFor(2, new LockWait(6, false, WaitEnding.NOTHING, 17, Set.of(2L)));
        assertThat(peers.to(2)).isEmpty();
        assertThat(peers.to(1).getLast().what()).isEqualTo("deadlock");
    }

    @Test
    void aRemoteClientThatDoesNotWantToWaitIsAnsweredAtOnce() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        peers.remote.add(2);
        lock.tryFor(2, 5, 33);
        assertThat(peers.to(2).pollLast()).isEqualTo(new Told("granted", 5, 1, false, ""));
        assertThat(lock.report().holder()).isEqualTo("thread 33 of worker 2 (pid 102)");
        lock.tryFor(2, 6, 33);
        assertThat(peers.to(2).pollLast()).isEqualTo(new Told("refused", 6, 0, false, ""));
        assertThatThrownBy(() -> lock.unlock(3, 1))
                .hasMessageContaining("worker 3 (pid 103) releases lock 1 of token 1, which is held by client 2");
        lock.unlock(2, 1);
        assertThat(lock.report().held()).isFalse();
    }

    @Test
    void theReportTellsWhoHoldsItForHowLongAndWhoWaits() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        take(cell, 1);
        lock.waitFor(2, waiting(5));
        now = Duration.ofSeconds(3).toNanos();
        lock.waitFor(3, waiting(6));
        lock.describe(3, 7);
        LockReport report = peers.reports.get(0);
        assertThat(report.holder()).isEqualTo("thread 11 of worker 1 (pid 101)");
        assertThat(report.heldFor()).isEqualTo(Duration.ofSeconds(3));
        assertThat(report.waiters())
                .containsExactly("thread 17 of worker 2 (pid 102)", "thread 17 of worker 3 (pid 103)");
        release(cell);
        assertThat(cell.change(cell.word(), LockWord.taken(cell.word(), 4))).isTrue();
        assertThat(lock.report().holder()).as("it has not said more").isEqualTo("worker 4 (pid 104)");
        assertThat(lock.report().heldFor()).isZero();
    }

    @Test
    void whoWaitsForALockThatIsClosedIsToldAndItsCellIsAsNew() {
        LockCell cell = cell();
        LockAtOwner lock = lock(1, cell);
        take(cell, 1);
        lock.waitFor(2, waiting(5));
        lock.await(3, 9, 6);
        lock.close();
        lock.waitFor(4, waiting(7));
        assertThat(peers.to(2).getLast()).isEqualTo(new Told("closed", 5, 0, false, ""));
        assertThat(peers.to(3).getLast()).isEqualTo(new Told("closed", 6, 0, false, ""));
        assertThat(peers.to(4).getLast()).isEqualTo(new Told("closed", 7, 0, false, ""));
        assertThat(LockWord.text(cell.word())).isEqualTo("free, epoch 2");
        assertThat(lock.died(1)).as("it holds nothing any more").isFalse();
        take(cell, 9);
    }
}
