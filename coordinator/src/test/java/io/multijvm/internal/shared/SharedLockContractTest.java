// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.failure.DeadlockException;
import io.multijvm.shared.SharedLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK's Lock and Condition say, and what a shared lock adds; {@code here} with and without mapped memory. */
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate", "LockNotBeforeTry"}) // single calls are what is tested
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(60)
class SharedLockContractTest {
    @Parameter
    boolean remote;

    private JoinedLocks locks;
    private JoinedLocks.Client here;
    private JoinedLocks.Client there;
    private SharedLock lock;
    private SharedLock elsewhere;
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    @BeforeEach
    void start() {
        locks = new JoinedLocks(1, 20);
        here = locks.client(remote, Integer.MAX_VALUE);
        there = locks.client();
        lock = here.lock(1, true);
        elsewhere = there.lock(1, true);
    }

    @AfterEach
    void end() throws Exception {
        locks.await(running);
        locks.close();
    }

    private void run(JoinedLocks.Client client, JoinedLocks.Step step) {
        running.add(client.run(step));
    }

    /** Holds the lock there until the latch is open. */
    private CountDownLatch heldThere() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        run(there, () -> {
            elsewhere.lock();
            held.countDown();
            end.await();
            elsewhere.unlock();
        });
        assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
        return end;
    }

    private void until(Predicate<LockReport> holds) {
        locks.until(1, holds);
    }

    private static void untilParked(Thread thread) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void aReentrantLockIsFreeWhenItWasUnlockedAsOftenAsLocked() throws Exception {
        lock.lock();
        long token = lock.token();
        assertThat(lock.tryLock()).isTrue();
        lock.lockInterruptibly();
        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.token()).isEqualTo(token);
        assertThat(lock.toString()).contains("lock 1 (held by process ", "4 times");
        for (int i = 0; i < 3; i++) {
            lock.unlock();
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            assertThat(elsewhere.tryLock()).isFalse();
        }
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
        until(report -> !report.held());
        assertThat(elsewhere.tryLock()).isTrue();
        assertThat(elsewhere.token()).isGreaterThan(token);
        elsewhere.unlock();
    }

    @Test
    void howeverOftenABusyLockIsReleasedOneMessageTellsOfIt() throws Exception {
        elsewhere.lock();
        AtomicInteger got = new AtomicInteger();
        run(here, () -> {
            lock.lock();
            got.set(1);
            lock.unlock();
        });
        until(report -> report.waiters().size() == 1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> held = locks.hold(goOn);
        int before = there.left();
        elsewhere.unlock();
        for (int i = 0; i < 10_000; i++) {
            elsewhere.lock();
            elsewhere.unlock();
        }
        assertThat(before - there.left()).isEqualTo(1);
        assertThat(got.get()).as("it was not woken yet").isZero();
        goOn.countDown();
        locks.await(held);
        locks.await(running);
    }

    @Test
    void signalsDoNotPileUpBeforeAnOwnerThatIsSlow() throws Exception {
        Condition changed = elsewhere.newCondition();
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Void> held = locks.hold(goOn);
        int before = there.left();
        run(there, () -> {
            elsewhere.lock();
            for (int i = 0; i < 2_500; i++) {
                changed.signal();
            }
            elsewhere.unlock();
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> before - there.left() == 1_001);
        assertThat(before - there.left()).isEqualTo(1_001);
        goOn.countDown();
        locks.await(held);
        locks.await(running);
        assertThat(before - there.left()).isEqualTo(2_502);
    }

    @Test
    void aPlainLocksHolderIsToldAtOnceThatItWouldWaitForItself() throws Exception {
        SharedLock plain = here.lock(2, false);
        plain.lock();
        assertThat(plain.tryLock()).isFalse();
        assertThat(plain.tryLock(1, TimeUnit.HOURS)).isFalse();
        assertThatThrownBy(plain::lock)
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("holds lock 2 and waits for it");
        assertThatThrownBy(plain::lockInterruptibly).isInstanceOf(DeadlockException.class);
        assertThat(plain.isHeldByCurrentThread()).isTrue();
        plain.unlock();
        assertThatThrownBy(plain::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void whoDoesNotHoldItIsRefusedWhatItsHolderMay() throws Exception {
        CountDownLatch end = heldThere();
        Condition condition = lock.newCondition();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(lock::token).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(lock::previousOwnerDied).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::awaitUninterruptibly).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition.awaitNanos(1)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.isLocked()).isTrue();
        assertThat(lock.holder().orElseThrow())
                .contains(String.valueOf(ProcessHandle.current().pid()), "thread");
        end.countDown();
    }

    @Test
    void aTimedTryWaitsItsTimeAndNoLonger() throws Exception {
        CountDownLatch end = heldThere();
        long began = System.nanoTime();
        assertThat(lock.tryLock(30, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - began).isBetween(30_000_000L, 10_000_000_000L);
        assertThat(lock.tryLock(0, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(lock.tryLock(-5, TimeUnit.DAYS)).isFalse();
        end.countDown();
        assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        lock.unlock();
        until(report -> report.waiters().isEmpty() && !report.held());
    }

    @Test
    void anInterruptEndsTheWaitsThatItMayAndIsKeptByTheOthers() throws Exception {
        CountDownLatch end = heldThere();
        AtomicInteger ended = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch began = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            int which = i;
            Thread thread = new Thread(() -> {
                began.countDown();
                try {
                    if (which == 3) {
                        lock.lock();
                        ended.addAndGet(Thread.currentThread().isInterrupted() ? 100 : 0);
                        lock.unlock();
                    } else if (which == 2) {
                        lock.tryLock(1, TimeUnit.HOURS);
                    } else {
                        lock.lockInterruptibly();
                    }
                } catch (InterruptedException e) {
                    ended.addAndGet(Thread.currentThread().isInterrupted() ? 1000 : 1);
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        began.await();
        threads.forEach(SharedLockContractTest::untilParked);
        threads.forEach(Thread::interrupt);
        await().atMost(Duration.ofSeconds(20)).until(() -> ended.get() == 3);
        end.countDown();
        for (Thread thread : threads) {
            thread.join(20_000);
        }
        assertThat(ended.get())
                .as("three ended, one had the lock with its flag set")
                .isEqualTo(103);
        until(report -> report.waiters().isEmpty() && !report.held());
        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aSignalOfAnotherProcessEndsAnAwaitWithTheLockTakenAsOftenAsBefore() throws Exception {
        Condition condition = lock.newCondition();
        Condition other = Crossing.to(there, condition);
        AtomicInteger state = new AtomicInteger();
        run(here, () -> {
            lock.lock();
            lock.lock();
            long token = lock.token();
            while (state.get() == 0) {
                condition.await();
            }
            assertThat(lock.token()).isGreaterThan(token);
            lock.unlock();
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            lock.unlock();
            state.set(2);
        });
        until(report -> report.awaiting() == 1 && !report.held());
        elsewhere.lock();
        state.set(1);
        other.signal();
        elsewhere.unlock();
        locks.await(running);
        assertThat(state.get()).isEqualTo(2);
    }

    @Test
    void signalWakesOneAndSignalAllTheRest() throws Exception {
        Condition condition = lock.newCondition();
        Condition other = Crossing.to(there, condition);
        AtomicInteger woken = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            run(here, () -> {
                lock.lock();
                condition.awaitUninterruptibly();
                woken.incrementAndGet();
                lock.unlock();
            });
        }
        until(report -> report.awaiting() == 4 && !report.held());
        elsewhere.lock();
        other.signal();
        elsewhere.unlock();
        until(report -> report.awaiting() == 3 && !report.held() && woken.get() == 1);
        elsewhere.lock();
        other.signalAll();
        assertThat(woken.get()).as("the lock is held").isEqualTo(1);
        elsewhere.unlock();
        locks.await(running);
        assertThat(woken.get()).isEqualTo(4);
    }

    @Test
    void anAwaitEndsByItsTimeOrAnInterruptWithTheLockHeld() throws Exception {
        Condition condition = lock.newCondition();
        lock.lock();
        assertThat(condition.awaitNanos(1_000_000)).isLessThanOrEqualTo(0);
        assertThat(condition.awaitNanos(-1)).isLessThanOrEqualTo(0);
        assertThat(condition.await(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(condition.awaitUntil(new Date(System.currentTimeMillis() + 3)))
                .isFalse();
        assertThat(condition.awaitUntil(new Date(0))).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(condition::await).isInstanceOf(InterruptedException.class);
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        Thread waiter = Thread.currentThread();
        run(there, () -> {
            until(report -> report.awaiting() == 1 && !report.held());
            waiter.interrupt();
        });
        assertThatThrownBy(() -> condition.await(1, TimeUnit.HOURS)).isInstanceOf(InterruptedException.class);
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        until(report -> report.awaiting() == 0 && !report.held());
    }

    @Test
    void anAwaitThatIsNotInterruptibleKeepsTheFlag() throws Exception {
        Condition condition = lock.newCondition();
        Condition other = Crossing.to(there, condition);
        Thread waiter = Thread.currentThread();
        run(there, () -> {
            until(report -> report.awaiting() == 1 && !report.held());
            waiter.interrupt();
            elsewhere.lock();
            other.signal();
            elsewhere.unlock();
        });
        lock.lock();
        condition.awaitUninterruptibly();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
    }

    @Test
    void theNextHolderAloneIsToldThatTheOneBeforeItDied() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        run(here, () -> {
            lock.lock();
            held.countDown();
            here.kill();
        });
        held.await();
        elsewhere.lock();
        assertThat(elsewhere.previousOwnerDied()).isTrue();
        elsewhere.unlock();
        elsewhere.lock();
        assertThat(elsewhere.previousOwnerDied()).isFalse();
        elsewhere.unlock();
    }

    @Test
    void whenTheOwnerIsGoneWhoeverWaitsIsToldAndTheHolderCanUnlock() throws Exception {
        CountDownLatch end = heldThere();
        SharedLock free = here.lock(2, true);
        Condition condition = free.newCondition();
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            run(here, () -> {
                assertThatThrownBy(lock::lock)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("lock 1 is gone with its owner: the manager was closed");
                told.incrementAndGet();
            });
        }
        run(here, () -> {
            free.lock();
            free.lock();
            assertThatThrownBy(condition::await).hasMessageContaining("lock 2 is gone with its owner");
            free.unlock();
            free.unlock();
            assertThatThrownBy(free::unlock).isInstanceOf(IllegalMonitorStateException.class);
            told.incrementAndGet();
        });
        until(report -> !report.waiters().isEmpty());
        locks.until(2, report -> report.awaiting() == 1);
        here.locks.ownerGone("the manager was closed");
        there.locks.ownerGone("the manager was closed");
        end.countDown();
        locks.await(running);
        assertThat(told.get()).isEqualTo(3);
        assertThatThrownBy(lock::tryLock).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedLockEndsItsWaitsAndItsHandlesFindSo() throws Exception {
        CountDownLatch end = heldThere();
        run(
                here,
                () -> assertThatThrownBy(lock::lock)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("lock 1 was closed"));
        until(report -> report.waiters().size() == 1);
        elsewhere.close();
        elsewhere.close();
        locks.await(running.get(1));
        end.countDown(); // its unlock does nothing
        locks.await(running);
        assertThatThrownBy(lock::lock).hasMessageContaining("lock 1 was closed");
        assertThatThrownBy(elsewhere::tryLock).hasMessageContaining("lock 1 was closed");
    }

    @Test
    void twoProcessesThatWaitForEachOtherAreNotLeftWaiting() throws Exception {
        SharedLock second = here.lock(2, false);
        SharedLock secondThere = there.lock(2, false);
        CountDownLatch both = new CountDownLatch(2);
        List<String> told = new ArrayList<>();
        run(here, () -> crosswise(lock, second, both, told));
        run(there, () -> crosswise(secondThere, elsewhere, both, told));
        locks.await(running);
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).contains("worker 1 (pid", "worker 2 (pid", "holds lock 1 and waits for lock 2");
    }

    @Test
    void twoThreadsOfOneProcessThatWaitForEachOtherAreNotLeftWaiting() throws Exception {
        SharedLock second = here.lock(2, false);
        CountDownLatch both = new CountDownLatch(2);
        List<String> told = new ArrayList<>();
        run(here, () -> crosswise(lock, second, both, told));
        run(here, () -> crosswise(second, lock, both, told));
        locks.await(running);
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).contains("holds lock 1 and waits for lock 2", "holds lock 2 and waits for lock 1");
    }

    @Test
    void aCircleThatGoesThroughTwoThreadsOfOneProcessIsFoundToo() throws Exception {
        SharedLock second = here.lock(2, false);
        SharedLock third = here.lock(3, false);
        CountDownLatch all = new CountDownLatch(3);
        List<String> told = new ArrayList<>();
        run(here, () -> crosswise(lock, second, all, told));
        run(here, () -> crosswise(second, third, all, told));
        run(there, () -> crosswise(there.lock(3, false), elsewhere, all, told));
        locks.await(running);
        assertThat(told).hasSize(1);
    }

    /** As careless programs do. */
    private static void crosswise(SharedLock first, SharedLock second, CountDownLatch all, List<String> told)
            throws InterruptedException {
        first.lock();
        try {
            all.countDown();
            all.await();
            second.lock();
            second.unlock();
        } catch (DeadlockException e) {
            synchronized (told) {
                told.add(e.getMessage());
            }
        } finally {
            first.unlock();
        }
    }

    @Test
    void aHandleThatCrossesIsTheSameLock() throws Exception {
        SharedLock crossed = Crossing.to(there, lock);
        assertThat(crossed).isSameAs(elsewhere);
        crossed.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.isLocked()).isTrue();
        assertThat(crossed.toString()).startsWith("lock 1 (held by process").contains("once");
        crossed.unlock();
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.holder()).isEmpty();
    }
}
