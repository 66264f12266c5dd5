// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.testkit.Kills;
import io.multijvm.testkit.Life;
import io.multijvm.testkit.LockHistory;
import io.multijvm.testkit.LockedWork;
import io.multijvm.testkit.Meeting;
import io.multijvm.testkit.PermitHistory;
import io.multijvm.testkit.PermitWork;
import io.multijvm.testkit.Seats;
import io.multijvm.testkit.SharedPoolTest;
import io.multijvm.testkit.Trading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that use shared objects are killed by SIGKILL at any moment: nobody is stuck because somebody died. What they all wrote
 * down of a lock or a semaphore proves afterwards that no more had it at a time than may.
 */
@SharedPoolTest
class KilledUsersTest {
    private static final List<Integer> ALL = List.of(0, 1, 2, 3);

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
    void whoeverDiesWithTheLockTheNextHasItWithinASecondAndIsTold(@TempDir Path directory) throws Exception {
        LockHistory history = killThoseThatLock(
                directory, "inside", seats -> kills.choose(seats, ALL, Life.Phase.INSIDE), Life.Phase.INSIDE);
        assertThat(history.diedInside()).isPositive();
    }

    @Test
    void nobodyNoticesThatAWaiterForTheLockDies(@TempDir Path directory) throws Exception {
        LockHistory history = killThoseThatLock(
                directory, "waiting", seats -> kills.choose(seats, ALL, Life.Phase.WAITING), Life.Phase.WAITING);
        assertThat(history.diedAsking()).isPositive();
    }

    @Test
    void whateverTheyDoWhenTheyDieNoTwoHaveTheLockAtATimeAndTokensRise(@TempDir Path directory) throws Exception {
        killThoseThatLock(
                directory,
                "at any moment",
                seats -> {
                    kills.pause(3_000_000);
                    return kills.random().nextInt(ALL.size());
                },
                null);
    }

    /** Who is killed next. */
    private interface Choice {
        int of(Seats seats);
    }

    /** @param atLeastOne who is chosen may have gone on when it is killed; so it goes on until one has died there. Null for anywhere */
    private LockHistory killThoseThatLock(Path directory, String when, Choice choice, Life.@Nullable Phase atLeastOne)
            throws Exception {
        SharedLock lock = manager.lock();
        long token = takeAndRelease(lock, () -> {});
        LockedWork work = new LockedWork(lock, manager.longValue(0), manager.longValue(0));
        LockHistory history;
        int deaths = 0;
        boolean enough = atLeastOne == null;
        try (Seats seats = new Seats(pool, directory, ALL.size(), work)) {
            while (deaths < Kills.ROUNDS || (!enough && deaths < Kills.MOST_ROUNDS)) {
                Kills.awaitTurns(seats, ALL, 5);
                int victim = choice.of(seats);
                Life life = seats.life(victim);
                seats.kill(victim);
                deaths++;
                Kills.awaitTurns(seats, others(victim), 3);
                seats.replace(victim);
                enough |= life.phase() == atLeastOne;
            }
            Kills.awaitTurns(seats, ALL, 5);
            seats.stop(() -> {});
            history = new LockHistory(token, seats.turns());
        }
        assertThat(history.wrong()).isEmpty();
        System.out.printf(
                "lock, killed %s: %d deaths, %d with it, %d of the %d that had asked had it too; %d acquisitions, no two"
                        + " at a time, all tokens rose, each death told; the next had it %s%n",
                when,
                deaths,
                history.diedInside(),
                history.missing(),
                history.diedAsking(),
                history.acquisitions(),
                Kills.figures(history.waits()));
        Kills.checkWaits(history.waits());
        return history;
    }

    private static List<Integer> others(int victim) {
        return ALL.stream().filter(seat -> seat != victim).toList();
    }

    @Test
    void permitsOfTheDeadComeBackExactly(@TempDir Path directory) throws Exception {
        int permits = 2;
        SharedSemaphore bounded = manager.boundedSemaphore(permits);
        SharedSemaphore plain = manager.semaphore(permits);
        List<Long> waits = new ArrayList<>();
        PermitHistory ofBounded;
        PermitHistory ofPlain;
        int deaths = 0;
        boolean diedWithSome = false;
        try (Seats seats = new Seats(pool, directory, ALL.size(), new PermitWork(bounded, plain, permits))) {
            while (deaths < Kills.ROUNDS || (!diedWithSome && deaths < Kills.MOST_ROUNDS)) {
                int round = deaths++;
                Kills.awaitTurns(seats, ALL, 5);
                int victim = kills.choose(seats, ALL, round % 3 == 2 ? Life.Phase.WAITING : Life.Phase.INSIDE);
                Life life = seats.life(victim);
                long killed = seats.kill(victim);
                Kills.awaitTurns(seats, others(victim), 2);
                long rest = 100L + round;
                seats.orders().rest(rest);
                await("permits, " + bounded + " and " + plain)
                        .atMost(Kills.PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> others(victim).stream()
                                        .allMatch(seat -> seats.life(seat).notedFor() == rest)
                                && bounded.availablePermits() == permits
                                && plain.availablePermits() == permits);
                waits.add(System.nanoTime() - killed);
                seats.replace(victim);
                diedWithSome |= life.phase() == Life.Phase.INSIDE;
            }
            Kills.awaitTurns(seats, ALL, 5);
            seats.stop(() -> {});
            ofBounded = new PermitHistory(
                    permits,
                    seats.turns().stream().filter(turn -> turn.seen() == 1).toList());
            ofPlain = new PermitHistory(
                    permits,
                    seats.turns().stream().filter(turn -> turn.seen() == 0).toList());
        }
        assertThat(ofBounded.wrong()).isEmpty();
        assertThat(ofPlain.wrong()).isEmpty();
        assertThat(ofBounded.diedInside() + ofPlain.diedInside()).isPositive();
        assertThatThrownBy(bounded::release).isInstanceOf(IllegalStateException.class);
        assertThat(plain.tryAcquire(permits)).isTrue();
        assertThat(plain.tryAcquire()).isFalse();
        System.out.printf(
                "semaphores: %d deaths, %d with permits; %d acquisitions, at most %d and %d of %d out at a time; longest"
                        + " wait %.1f ms; all were back, and all that waited had been served, %s%n",
                deaths,
                ofBounded.diedInside() + ofPlain.diedInside(),
                ofBounded.acquisitions() + ofPlain.acquisitions(),
                ofBounded.most(),
                ofPlain.most(),
                permits,
                Math.max(ofBounded.longestWait(), ofPlain.longestWait()) / 1e6,
                Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    @Test
    void noSignalIsLostForThoseThatLiveAndNoneBlocks(@TempDir Path directory) throws Exception {
        SharedLock lock = manager.lock();
        Condition changed = lock.newCondition();
        SharedLong there = manager.longValue(0);
        SharedLong made = manager.longValue(0);
        List<Integer> awaiting = List.of(0, 2);
        List<Long> waits = new ArrayList<>();
        List<Long> signals = new ArrayList<>();
        int awaited = 0;
        long ordered = 0;
        try (Seats seats = new Seats(pool, directory, ALL.size(), new Trading(lock, changed, there, made))) {
            for (int round = 0; round < Kills.ROUNDS; round++) {
                awaitAwaiting(seats, awaiting);
                ordered += 1 + kills.random().nextInt(3);
                boolean before = round % 2 == 0;
                if (!before) {
                    seats.orders().round(ordered);
                    kills.pause(2_000_000);
                }
                int victim = kills.random().nextInt(ALL.size());
                awaited += seats.life(victim).phase() == Life.Phase.WAITING ? 1 : 0;
                long killed = seats.kill(victim);
                if (before) {
                    seats.orders().round(ordered);
                }
                if (round % 3 == 0) {
                    takeAndRelease(lock, () -> {
                        long begin = System.nanoTime();
                        changed.signal();
                        signals.add(System.nanoTime() - begin);
                    });
                }
                long all = ordered;
                await("made " + made + " of " + all + ", there " + there)
                        .atMost(Kills.PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> made.get() == all && there.get() == 0);
                waits.add(System.nanoTime() - killed);
                seats.replace(victim);
            }
            awaitAwaiting(seats, awaiting);
            seats.stop(() -> takeAndRelease(lock, changed::signalAll));
        }
        System.out.printf(
                "condition: %d deaths, %d of those that awaited; %d made, each taken; the longest signal took %.1f ms; all"
                        + " was taken %s%n",
                Kills.ROUNDS,
                awaited,
                ordered,
                signals.stream().mapToLong(Long::longValue).max().orElse(0) / 1e6,
                Kills.figures(waits));
        Kills.checkWaits(signals);
        Kills.checkWaits(waits);
    }

    private static void awaitAwaiting(Seats seats, List<Integer> awaiting) {
        await().atMost(Kills.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> awaiting.stream().allMatch(seat -> seats.life(seat).phase() == Life.Phase.WAITING));
    }

    /** Returns its token. */
    private static long takeAndRelease(SharedLock lock, Runnable meanwhile) {
        lock.lock();
        try {
            meanwhile.run();
            return lock.token();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void allAtABarrierAreToldWhichOfThemDied(@TempDir Path directory) throws Exception {
        SharedBarrier plain = manager.barrier(ALL.size());
        SharedBarrier acting = manager.barrier(ALL.size(), () -> LockSupport.parkNanos(200_000));
        List<Long> waits = new ArrayList<>();
        int waited = 0;
        long passed;
        try (Seats seats = new Seats(pool, directory, ALL.size(), new Meeting(plain, acting))) {
            for (int number = 1; number <= Kills.ROUNDS; number++) {
                long round = number;
                seats.orders().round(round);
                Kills.awaitTurns(seats, ALL, 3); // who has not come once is no party
                kills.pause(2_000_000);
                int victim = kills.random().nextInt(ALL.size());
                waited += seats.life(victim).phase() == Life.Phase.WAITING ? 1 : 0;
                long pid = seats.life(victim).pid();
                long killed = seats.kill(victim);
                awaitNoted(seats, others(victim), round);
                for (int seat : others(victim)) {
                    assertThat(seats.life(seat).noted())
                            .as("who is said to have died")
                            .isEqualTo(pid);
                    waits.add(seats.life(seat).notedAt() - killed);
                }
                seats.replace(victim);
                awaitNoted(seats, ALL, round);
                SharedBarrier barrier = round % 2 == 1 ? plain : acting;
                assertThat(barrier.isBroken()).isTrue();
                barrier.reset();
                assertThat(barrier.isBroken()).isFalse();
            }
            seats.orders().round(Kills.ROUNDS + 1L);
            Kills.awaitTurns(seats, ALL, 3);
            seats.stop(() -> {
                plain.abort();
                acting.abort();
            });
            passed = seats.turns().stream().filter(turn -> turn.value() == 1).count();
        }
        System.out.printf(
                "barrier: %d deaths, %d of those that waited; met %d times in between; the three others were told who %s%n",
                Kills.ROUNDS, waited, passed, Kills.figures(waits));
        Kills.checkWaits(waits);
    }

    private static void awaitNoted(Seats seats, List<Integer> which, long round) {
        await().atMost(Kills.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> which.stream().allMatch(seat -> seats.life(seat).notedFor() == round));
    }
}
