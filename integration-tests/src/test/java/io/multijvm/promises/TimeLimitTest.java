// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PromiseTest
class TimeLimitTest {
    /** Of items whose workers are warm. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** Longer than a new worker needs for its first item on a busy machine. */
    private static final Duration LIMIT_OF_THE_FIRST = Duration.ofSeconds(5);

    private static final Set<Integer> HANGING = Set.of(17, 203, 388, 611, 950);

    @TempDir
    Path directory;

    private static int hangSometimes(String file, int item) throws InterruptedException {
        Faults.count(Path.of(file), item);
        if (HANGING.contains(item)) {
            TimeUnit.DAYS.sleep(1);
        }
        return item;
    }

    @Test
    void ofAThousandItemsInChunksOfFiftyOnlyTheFiveThatHangFailAndNoneIsRunTwice() throws IOException {
        String file = directory.resolve("runs").toString();
        try (Pool pool = Pool.processes(2)) {
            assertThat(pool.broadcast(() -> 1)).hasSize(2);
            long begin = System.nanoTime();
            List<Outcome<Integer, Integer>> outcomes = pool
                    .with(o -> o.itemTimeout(LIMIT).chunkSize(50))
                    .<Integer, Integer>outcomes(
                            item -> hangSometimes(file, item),
                            IntStream.range(0, 1000).boxed().toList())
                    .stream()
                    .toList();
            double seconds = (System.nanoTime() - begin) / 1e9;

            long failed =
                    outcomes.stream().filter(o -> o instanceof Outcome.Failure).count();
            assertThat(failed).isEqualTo(5);
            for (int item : HANGING) {
                assertThat(outcomes.get(item)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
                    assertThat(((TaskTimeoutException) failure.error()).stack())
                            .anyMatch(frame -> frame.contains("TimeLimitTest.hangSometimes("));
                });
            }
            assertThat(Faults.counts(Path.of(file)))
                    .hasSize(1000)
                    .allSatisfy((item, times) ->
                            assertThat(times).as("runs of item " + item).isEqualTo(1));
            System.out.printf(
                    "1000 items in chunks of 50, 5 hang, limit 2 s, 2 workers: 995 results and 5 time-outs with stacks "
                            + "in %.2f s (3 x 2 s is the least)%n",
                    seconds);
        }
    }

    enum Stubborn {
        /** Compiled, without a call in it. */
        COUNTED_LOOP {
            @Override
            void hang() {
                int sum = 0;
                for (int outer = 0; outer < Integer.MAX_VALUE; outer++) {
                    for (int inner = 0; inner < Integer.MAX_VALUE; inner++) {
                        sum += inner ^ outer;
                    }
                }
                System.out.println(sum);
            }
        },
        SWALLOWED_INTERRUPT {
            @Override
            @SuppressWarnings("ThreadPriorityCheck") // the point is that nothing happens
            void hang() {
                while (true) {
                    try {
                        TimeUnit.DAYS.sleep(1);
                    } catch (InterruptedException e) {
                        Thread.yield();
                    }
                }
            }
        };

        abstract void hang();
    }

    /** Two threads, the task's and another, take two locks in opposite orders. */
    private static int deadlock() throws InterruptedException {
        Object left = new Object();
        ReentrantLock right = new ReentrantLock();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread other = new Thread(
                () -> {
                    right.lock();
                    bothHold.countDown();
                    awaitQuietly(bothHold);
                    synchronized (left) {
                        right.unlock();
                    }
                },
                "the other one");
        other.setDaemon(true);
        other.start();
        synchronized (left) {
            bothHold.countDown();
            bothHold.await();
            // never comes back
            right.lockInterruptibly();
        }
        return 1;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anItemThatRunsOutOfTimeInADeadlockNamesItsThreadsLocksAndFrames() {
        try (Pool pool = Pool.processes(1)) {
            // so that the time is not over while the codec is loaded
            assertThat(pool.<Integer>apply(() -> 1)).isEqualTo(1);
            assertThatThrownBy(() -> pool.with(o -> o.itemTimeout(LIMIT)).apply(TimeLimitTest::deadlock))
                    .isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                        assertThat(late.stack()).anyMatch(frame -> frame.contains("TimeLimitTest.deadlock("));
                        assertThat(late.deadlock())
                                .anyMatch(
                                        line -> line.matches(
                                                "the task's thread waits for .*ReentrantLock.*, which thread 'the other one' holds"))
                                .anyMatch(
                                        line -> line.matches(
                                                "thread 'the other one' waits for java.lang.Object@.*, which the task's thread holds"))
                                .anyMatch(line -> line.startsWith("at ") && line.contains("TimeLimitTest.deadlock("))
                                .anyMatch(line -> line.startsWith("at ") && line.contains("TimeLimitTest.lambda$"));
                        System.out.println(late.getMessage());
                    })
                    .hasMessageContaining("there is a deadlock in its JVM:");
            assertThatThrownBy(() -> pool.with(o -> o.itemTimeout(Duration.ofMillis(200)))
                            .apply(() -> new CountDownLatch(1).await(1, TimeUnit.DAYS)))
                    .as("one that waits without a deadlock")
                    .isInstanceOfSatisfying(
                            TaskTimeoutException.class,
                            late -> assertThat(late.deadlock()).isEmpty());
        }
    }

    private static int hangOn5(String file, Stubborn how, int item) {
        Faults.count(Path.of(file), item);
        if (item == 5) {
            how.hang();
        }
        return item;
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatIgnoresItsInterruptCostsItsWorkerButNoOtherItem(Stubborn how) throws IOException {
        String file = directory.resolve("runs").toString();
        try (Pool pool = Pool.processes(1)) {
            long begin = System.nanoTime();
            List<Outcome<Integer, Integer>> outcomes = pool
                    .with(o -> o.itemTimeout(LIMIT_OF_THE_FIRST).chunkSize(10))
                    .<Integer, Integer>outcomes(
                            item -> hangOn5(file, how, item),
                            IntStream.range(0, 20).boxed().toList())
                    .stream()
                    .toList();
            assertThat(outcomes).hasSize(20);
            for (Outcome<Integer, Integer> outcome : outcomes) {
                if (outcome.index() != 5) {
                    assertThat(outcome.orElseThrow()).isEqualTo(outcome.item());
                }
            }
            assertThat(outcomes.get(5)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
                assertThat(((TaskTimeoutException) failure.error()).stack())
                        .anyMatch(frame -> frame.contains("TimeLimitTest$Stubborn"));
            });
            assertThat(Faults.counts(Path.of(file)).values()).containsOnly(1);
            System.out.printf(
                    "%s: timed out, worker replaced, 19 results, %.2f s%n", how, (System.nanoTime() - begin) / 1e9);
        }
    }
}
