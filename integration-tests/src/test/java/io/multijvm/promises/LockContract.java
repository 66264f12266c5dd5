// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager.HeldLock;
import io.multijvm.TaskFuture;
import io.multijvm.failure.DeadlockException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedLatch;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.testkit.SharedPoolTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a lock does for processes, whoever of these dies. */
@SharedPoolTest
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"
}) // who holds a lock dies, and what a wait tells is what is asked for
abstract class LockContract extends EachItsManager {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LIMIT = 120;
    private static final int TURNS = 100;

    @Test
    void nobodyHasItWhileAnotherHas() throws Exception {
        SharedLock lock = manager.lock();
        lock.lock();
        assertThat(lock.isLocked()).isTrue();
        assertThat(pool.<Boolean>apply(() -> lock.tryLock())).isFalse();
        assertThat(pool.<Boolean>apply(() -> lock.tryLock(10, TimeUnit.MILLISECONDS)))
                .isFalse();
        assertThat(pool.<Boolean>apply(() -> lock.isLocked())).isTrue();
        TaskFuture<Long> waits = pool.submit(() -> {
            lock.lock();
            try {
                return lock.token();
            } finally {
                lock.unlock();
            }
        });
        long token = lock.token();
        lock.unlock();
        assertThat(waits.get()).as("tokens rise").isGreaterThan(token);
        // where everything goes through the owner, its answer may come before the other's word
        await().atMost(LONG).until(() -> !lock.isLocked());
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void whatIsCountedUnderItIsCountedRight() {
        SharedLock lock = manager.lock();
        Counted counted = new Counted(manager.latch(3 * TURNS), lock);
        pool.forEach(item -> counted.down(TURNS), List.of(1, 2, 3));
        assertThat(counted.left()).isZero();
    }

    /** A count that is read, and then written: wrong without the lock. */
    private record Counted(SharedLatch count, SharedLock lock) implements java.io.Serializable {
        void down(int times) {
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    long before = count.getCount();
                    count.countDown();
                    if (count.getCount() != before - 1) {
                        throw new AssertionError("another was here");
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        long left() {
            return count.getCount();
        }
    }

    @Test
    void aPlainLockIsTakenOnceAndAReentrantOneAsOftenAsItIsReleased() {
        SharedLock plain = manager.lock();
        plain.lock();
        assertThat(plain.tryLock()).isFalse();
        assertThatThrownBy(plain::lock).isInstanceOf(DeadlockException.class).hasMessageContaining("not re-entrant");
        plain.unlock();
        SharedLock again = manager.rlock();
        for (int i = 0; i < 3; i++) {
            again.lock();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(pool.<Boolean>apply(() -> again.tryLock())).isFalse();
            again.unlock();
        }
        assertThat(pool.<Boolean>apply(() -> {
                    boolean got = again.tryLock();
                    again.unlock();
                    return got;
                }))
                .isTrue();
        assertThatThrownBy(again::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void theNextOwnerIsToldThatTheOneBeforeHasDied() throws Exception {
        SharedLock lock = manager.lock();
        SharedEvent has = manager.event();
        TaskFuture<Integer> holds = pool.submit(() -> {
            lock.lock();
            has.set();
            Runtime.getRuntime().halt(7);
            return 0;
        });
        has.await();
        long begin = System.nanoTime();
        assertThat(lock.tryLock(LIMIT, TimeUnit.SECONDS)).isTrue();
        System.out.printf(
                "lock of a dead process: free %d ms after it was last seen%n", (System.nanoTime() - begin) / 1_000_000);
        assertThat(lock.previousOwnerDied()).isTrue();
        lock.unlock();
        lock.lock();
        assertThat(lock.previousOwnerDied()).as("is told once").isFalse();
        lock.unlock();
        assertThatThrownBy(holds::get).hasCauseInstanceOf(WorkerCrashedException.class);
    }

    @Test
    void nobodyNoticesThatAWaiterHasDied() throws Exception {
        SharedLock lock = manager.lock();
        SharedSemaphore lives = manager.semaphore(1);
        lock.lock();
        TaskFuture<Integer> waits = pool.submit(() -> {
            lives.acquire();
            new Thread(() -> {
                        await().atMost(LONG).until(() -> !lock.tryLock(1, TimeUnit.MILLISECONDS));
                        Runtime.getRuntime().halt(8);
                    })
                    .start();
            lock.lock();
            return 0;
        });
        assertThatThrownBy(waits::get).hasCauseInstanceOf(WorkerCrashedException.class);
        // without shared memory it would else be given the lock, and nobody could know whether it had heard of that
        assertThat(lives.tryAcquire(LONG))
                .as("the owner has heard of its death too")
                .isTrue();
        await().atMost(LONG).until(() -> manager.locks().get(0).waiters().isEmpty());
        TaskFuture<Boolean> next =
                pool.submit(() -> lock.tryLock(LIMIT, TimeUnit.SECONDS) && !lock.previousOwnerDied());
        lock.unlock();
        assertThat(next.get()).isTrue();
    }

    @Test
    void aCircleOfWaitersIsToldWhoWaitsForWhom() throws Exception {
        SharedLock one = manager.lock();
        SharedLock two = manager.lock();
        SharedLatch both = manager.latch(2);
        List<TaskFuture<String>> sides = new ArrayList<>();
        for (boolean turned : new boolean[] {false, true}) {
            SharedLock first = turned ? two : one;
            SharedLock second = turned ? one : two;
            sides.add(pool.submit(() -> {
                first.lock();
                try {
                    both.countDown();
                    both.await();
                    second.lock();
                    second.unlock();
                    return "";
                } catch (DeadlockException e) {
                    return String.valueOf(e.getMessage());
                } finally {
                    first.unlock();
                }
            }));
        }
        List<String> told = List.of(sides.get(0).get(), sides.get(1).get());
        assertThat(told).as("one gives way, and the other goes on").containsOnlyOnce("");
        assertThat(String.join("", told))
                .contains("deadlock")
                .containsPattern("(?s)worker \\d+ \\(pid \\d+\\).*worker \\d+ \\(pid \\d+\\)");
    }

    @Test
    void theWordsForALocksHolderNameProcessAndThreadAndHowOftenItHasIt() throws Exception {
        SharedLock lock = manager.rlock();
        assertThat(lock.holder()).isEmpty();
        lock.lock();
        String once = "process " + ProcessHandle.current().pid() + ", thread "
                + Thread.currentThread().getId() + " (" + Thread.currentThread().getName() + "), once";
        assertThat(lock.holder()).contains(once);
        assertThat(lock.toString()).endsWith("(held by " + once + ")");
        lock.lock();
        assertThat(lock.toString()).contains(", 2 times");
        assertThat(pool.<String>apply(() -> lock.holder().orElse("nobody")))
                .contains(Long.toString(ProcessHandle.current().pid()))
                .doesNotContain("times");
        lock.unlock();
        lock.unlock();
        assertThat(lock.toString())
                .doesNotContain(Long.toString(ProcessHandle.current().pid()));

        SharedEvent has = manager.event();
        SharedEvent enough = manager.event();
        TaskFuture<Long> other = pool.submit(() -> {
            lock.lock();
            try {
                has.set();
                enough.await();
                return ProcessHandle.current().pid();
            } finally {
                lock.unlock();
            }
        });
        has.await();
        String theirs = lock.holder().orElse("nobody");
        enough.set();
        assertThat(theirs).contains(Long.toString(other.get()));
        // as above: by messages it tells the owner that it has unlocked it, and us that it is done
        await().atMost(LONG).until(() -> pool.<Boolean>apply(() -> lock.holder().isEmpty()));
    }

    @Test
    void aLockThatBelongsToAnotherObjectIsListedByItsName() {
        SharedLock ofArray = manager.longArray(3).getLock();
        ofArray.lock();
        try {
            assertThat(manager.locks())
                    .singleElement()
                    .satisfies(held -> assertThat(held.name()).matches("lock of array \\d+"));
        } finally {
            ofArray.unlock();
        }
    }

    @Test
    void whoHoldsWhatSinceWhenAndWhoWaitsIsListed() throws Exception {
        SharedLock lock = manager.lock();
        assertThat(manager.locks()).isEmpty();
        lock.lock();
        TaskFuture<Boolean> waits = pool.submit(() -> lock.tryLock(LIMIT, TimeUnit.SECONDS));
        await().atMost(LONG)
                .until(() -> manager.locks().size() == 1
                        && manager.locks().get(0).waiters().size() == 1);
        HeldLock held = manager.locks().get(0);
        assertThat(held.name()).matches("lock \\d+");
        assertThat(held.holder())
                .isEqualTo("thread " + Thread.currentThread().getId() + " of its own program (pid "
                        + ProcessHandle.current().pid() + ")");
        assertThat(held.heldFor()).isPositive().isLessThan(LONG);
        assertThat(held.waiters().get(0)).matches("thread \\d+ of worker \\d+ \\(pid \\d+\\)");
        lock.unlock();
        assertThat(waits.get()).isTrue();
    }

    @Test
    void aSignalWakesOneAndAllAreWokenBySignalAll() throws Exception {
        SharedLock lock = manager.lock();
        Condition changed = lock.newCondition();
        SharedLatch waiting = manager.latch(2);
        List<TaskFuture<Boolean>> waiters = IntStream.range(0, 2)
                .mapToObj(waiter -> pool.<Boolean>submit(() -> {
                    lock.lock();
                    try {
                        waiting.countDown();
                        return changed.await(LIMIT, TimeUnit.SECONDS);
                    } finally {
                        lock.unlock();
                    }
                }))
                .toList();
        waiting.await();
        lock.lock(); // both await by now, for they had it before
        changed.signal();
        lock.unlock();
        await().atMost(LONG)
                .until(() -> waiters.stream().filter(TaskFuture::isDone).count() == 1);
        lock.lock();
        try {
            changed.signalAll();
            assertThat(changed.await(1, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            lock.unlock();
        }
        for (TaskFuture<Boolean> waiter : waiters) {
            assertThat(waiter.get()).isTrue();
        }
        assertThatThrownBy(changed::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(pool.<Condition>apply(() -> changed)).as("comes home").hasToString(changed.toString());
    }

    @Test
    void afterItsEndNobodyWaitsForIt() throws Exception {
        SharedLock lock = manager.lock();
        SharedEvent ready = manager.event();
        lock.lock();
        TaskFuture<Integer> waits = pool.submit(() -> {
            ready.set();
            lock.lock();
            return 0;
        });
        ready.await();
        lock.close();
        assertThatThrownBy(waits::get).hasRootCauseInstanceOf(IllegalStateException.class);
        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(() -> pool.<Boolean>apply(() -> lock.tryLock()))
                        .hasRootCauseInstanceOf(IllegalStateException.class));
        lock.unlock(); // as in any finally
        assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class);
        SharedLock other = manager.lock();
        assertThat(other.tryLock()).as("perhaps in the same place").isTrue();
        other.unlock();
    }
}
