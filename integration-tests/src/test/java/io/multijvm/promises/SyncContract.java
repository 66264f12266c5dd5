// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedLatch;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.testkit.SharedPoolTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What events, semaphores, latches and barriers do for processes, whoever of these dies. */
@SharedPoolTest
abstract class SyncContract extends EachItsManager {
    static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int ROUNDS = 250;

    private static void died(TaskFuture<?> future) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WorkerCrashedException.class);
    }

    @Test
    void whatOneProcessSetsAllOthersSee() throws Exception {
        SharedEvent go = manager.event();
        SharedEvent ready = manager.event();
        assertThat(go.isSet()).isFalse();
        assertThat(go.await(SHORT)).isFalse();
        TaskFuture<Boolean> waits = pool.submit(() -> {
            ready.set();
            return go.await(LONG);
        });
        assertThat(ready.await(LONG)).isTrue();
        pool.apply(() -> go.set());
        assertThat(waits.get()).isTrue();
        assertThat(go.isSet()).isTrue();
        go.clear();
        assertThat(pool.map(item -> go.isSet(), List.of(1, 2, 3))).containsOnly(false);
    }

    @Test
    void theTextOfAnEventTellsWhichItIsWithoutAskingItsOwner() {
        SharedEvent event = manager.event();
        String text = event.toString();
        assertThat(text).matches("EVENT \\d+ of manager [0-9a-f]+");
        assertThat(manager.event()).doesNotHaveToString(text);
        event.set();
        assertThat(event).hasToString(text);
        assertThat(pool.<String>apply(() -> event.toString())).isEqualTo(text);
        manager.close();
        assertThat(event).hasToString(text);
    }

    @Test
    void anObjectComesHomeAsTheObjectThatItIs() {
        SharedEvent event = manager.event();
        SharedEvent back = pool.apply(() -> event);
        assertThat(back).isSameAs(event);
    }

    @Test
    void afterTheManagersEndNobodyWaits() throws Exception {
        SharedEvent never = manager.event();
        SharedEvent ready = manager.event();
        TaskFuture<Boolean> waits = pool.submit(() -> {
            ready.set();
            return never.await(LONG);
        });
        ready.await();
        manager.close();
        assertThatThrownBy(waits::get)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("its manager was closed");
        assertThatThrownBy(never::isSet)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its manager was closed");
        assertThatThrownBy(manager::event).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterAnObjectsEndNobodyWaitsForIt() throws Exception {
        SharedEvent never = manager.event();
        SharedEvent ready = manager.event();
        TaskFuture<Boolean> waits = pool.submit(() -> {
            ready.set();
            return never.await(LONG);
        });
        ready.await();
        never.close();
        never.close();
        assertThatThrownBy(waits::get)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("shared object");
        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(never::isSet).isInstanceOf(IllegalStateException.class));
        assertThat(manager.event().isSet())
                .as("another, perhaps in the same place")
                .isFalse();
    }

    @Test
    void aSemaphoreGivesNoMorePermitsThanItHas() throws Exception {
        SharedSemaphore two = manager.semaphore(2);
        assertThat(two.tryAcquire(2)).isTrue();
        assertThat(two.tryAcquire()).isFalse();
        assertThat(two.tryAcquire(SHORT)).isFalse();
        assertThat(pool.<Boolean>apply(() -> two.tryAcquire(SHORT))).isFalse();
        assertThat(two.availablePermits()).isZero();
        TaskFuture<Boolean> waits = pool.submit(() -> two.tryAcquire(LONG));
        two.release();
        assertThat(waits.get()).isTrue();
        two.release(3);
        assertThat(two.availablePermits()).as("it may have more than at first").isEqualTo(3);
    }

    @Test
    void aBoundedSemaphoreRefusesAReleaseTooMany() throws Exception {
        SharedSemaphore one = manager.boundedSemaphore(1);
        one.acquire();
        pool.apply(() -> one.release());
        assertThatThrownBy(one::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of at most 1 permits, of which 1 are free, was released 1 times too often");
        assertThat(one.availablePermits()).isEqualTo(1);
    }

    @Test
    void whatADeadProcessHadComesBackAndNobodyWaitsForWhatItWaitedFor() throws Exception {
        SharedSemaphore one = manager.semaphore(1);
        SharedEvent has = manager.event();
        TaskFuture<Integer> holds = pool.submit(() -> {
            one.acquire();
            has.set();
            Runtime.getRuntime().halt(7);
            return 0;
        });
        has.await();
        long begin = System.nanoTime();
        assertThat(one.tryAcquire(LONG)).as("the holder has died").isTrue();
        System.out.printf(
                "semaphore of a dead process: free %d ms after it was last seen%n",
                (System.nanoTime() - begin) / 1_000_000);
        died(holds);
        SharedEvent waits = manager.event();
        TaskFuture<Integer> waiter = pool.submit(() -> {
            new Thread(() -> {
                        waits.set();
                        Runtime.getRuntime().halt(8);
                    })
                    .start();
            one.acquire(); // waits, or is dead already
            return 0;
        });
        died(waiter);
        one.release();
        assertThat(pool.<Boolean>apply(() -> one.tryAcquire(LONG))).isTrue();
    }

    @Test
    void anInterruptedWaitTakesNothing() throws Exception {
        SharedSemaphore one = manager.semaphore(1);
        one.acquire();
        AtomicInteger interrupted = new AtomicInteger();
        Thread waiter = new Thread(() -> {
            try {
                one.acquire();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        });
        waiter.start();
        await().atMost(LONG)
                .until(() ->
                        waiter.getState() == Thread.State.WAITING || waiter.getState() == Thread.State.TIMED_WAITING);
        waiter.interrupt();
        waiter.join();
        assertThat(interrupted).hasValue(1);
        one.release();
        assertThat(one.tryAcquire(LONG)).isTrue();
        assertThat(one.availablePermits()).isZero();
    }

    @Test
    void aLatchLetsAllGoWhenItIsCountedDown() throws Exception {
        SharedLatch three = manager.latch(3);
        assertThat(three.await(SHORT)).isFalse();
        List<TaskFuture<Boolean>> waits = new ArrayList<>();
        waits.add(pool.submit(() -> three.await(LONG)));
        three.countDown();
        assertThat(three.getCount()).isEqualTo(2);
        pool.apply(() -> three.countDown(5));
        three.await();
        assertThat(waits.get(0).get()).isTrue();
        assertThat(pool.<Long>apply(() -> three.getCount())).isZero();
        assertThat(manager.latch(0).await(Duration.ZERO)).isTrue();
    }

    @Test
    void theFirstAtABarrierHasTheHighestNumberAndTheActionRunsOnceARound() throws Exception {
        AtomicInteger actions = new AtomicInteger();
        SharedBarrier barrier = manager.barrier(3, actions::incrementAndGet);
        for (int round = 1; round <= 5; round++) {
            List<TaskFuture<Integer>> parties = IntStream.range(0, 2)
                    .mapToObj(party -> pool.<Integer>submit(() -> barrier.await(LONG)))
                    .toList();
            List<Integer> numbers = new ArrayList<>();
            numbers.add(barrier.await(LONG));
            for (TaskFuture<Integer> party : parties) {
                numbers.add(party.get());
            }
            assertThat(numbers).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(actions).hasValue(round);
        }
        assertThat(manager.barrier(1).await()).isZero();
    }

    @Test
    void aBarrierHoldsForAsManyRoundsAsOneLikes() throws Exception {
        SharedBarrier barrier = manager.barrier(2);
        SharedLong round = manager.longValue(0);
        TaskFuture<Boolean> other = pool.submit(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                barrier.await(LONG);
                if (round.incrementAndGet() != i + 1) {
                    return false;
                }
                barrier.await(LONG);
            }
            return true;
        });
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(round.get()).isEqualTo(i);
            barrier.await(LONG);
            barrier.await(LONG);
            assertThat(round.get()).isEqualTo(i + 1);
        }
        assertThat(other.get()).isTrue();
    }

    @Test
    void aPartyThatIsLateBreaksTheBarrierForAll() throws Exception {
        SharedBarrier barrier = manager.barrier(3);
        TaskFuture<Integer> other = pool.submit(() -> barrier.await(LONG));
        await().atMost(LONG).until(() -> barrier.getNumberWaiting() == 1);
        assertThatThrownBy(() -> barrier.await(SHORT))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("did not come within 20 ms");
        assertThatThrownBy(other::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        barrier.reset();
        assertThat(barrier.isBroken()).isFalse();
        TaskFuture<Integer> again = pool.submit(() -> barrier.await(LONG));
        await().atMost(LONG).until(() -> barrier.getNumberWaiting() == 1);
        barrier.abort();
        assertThatThrownBy(again::get)
                .hasCauseInstanceOf(BrokenBarrierException.class)
                .hasStackTraceContaining("has aborted it");
    }

    @Test
    void aResetFreesThoseWhoWaitAndTheBarrierIsOfUseAgain() throws Exception {
        SharedBarrier barrier = manager.barrier(2);
        TaskFuture<Integer> waits = pool.submit(() -> barrier.await(LONG));
        await().atMost(LONG).until(() -> barrier.getNumberWaiting() == 1);
        barrier.reset();
        assertThatThrownBy(waits::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isFalse();
        barrier.abort();
        barrier.reset();
        TaskFuture<Integer> comes = pool.submit(() -> barrier.await(LONG));
        assertThat(barrier.await(LONG) + comes.get()).as("0 and 1").isEqualTo(1);
    }

    @Test
    void anActionThatFailsBreaksTheBarrier() {
        SharedBarrier barrier = manager.barrier(1, () -> {
            throw new IllegalArgumentException("not today");
        });
        assertThatThrownBy(barrier::await)
                .isInstanceOf(BrokenBarrierException.class)
                .hasMessageContaining("its action failed: java.lang.IllegalArgumentException: not today");
    }

    @Test
    void aPartyThatDiesBreaksTheBarrierAndIsNamed() throws Exception {
        SharedBarrier barrier = manager.barrier(2);
        TaskFuture<Integer> waits = pool.submit(() -> {
            new Thread(() -> {
                        await().atMost(LONG).until(() -> barrier.getNumberWaiting() == 1);
                        Runtime.getRuntime().halt(9);
                    })
                    .start();
            return barrier.await(LONG);
        });
        died(waits);
        await().atMost(LONG).until(barrier::isBroken); // the pool may have heard of the death before the manager
        assertThatThrownBy(() -> barrier.await(LONG))
                .isInstanceOf(BrokenBarrierException.class)
                .hasMessageMatching(".*worker \\d+ \\(pid \\d+\\) has died while it waited");
        barrier.reset();
        TaskFuture<Integer> once = pool.submit(() -> {
            int number = barrier.await(LONG);
            Runtime.getRuntime().halt(number + 10);
            return number;
        });
        assertThat(barrier.await(LONG)).isLessThan(2);
        assertThatThrownBy(() -> barrier.await(LONG))
                .as("it would have come again")
                .isInstanceOf(BrokenBarrierException.class)
                .hasMessageMatching(".*worker \\d+ \\(pid \\d+\\) has died before it came again");
        died(once);
    }
}
