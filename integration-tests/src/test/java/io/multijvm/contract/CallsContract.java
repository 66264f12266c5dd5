// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Args;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to call, beyond those of {@link PoolContract}. */
abstract class CallsContract extends SharedPool {

    private static int square(int x) {
        return x * x;
    }

    private static int failFrom3(int x) {
        if (x >= 3) {
            throw new IllegalStateException("I do not like " + x);
        }
        return x;
    }

    /** Items that count how many of them were asked for, without end. */
    static Iterable<Integer> endless(AtomicLong read) {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                return (int) read.getAndIncrement();
            }
        };
    }

    @Test
    void imapUnorderedGivesEachResultOnce() {
        try (ResultStream<Integer> results = pool().imapUnordered(CallsContract::square, upTo(500))) {
            assertThat(results.stream().sorted().toList())
                    .isEqualTo(upTo(500).stream().map(CallsContract::square).toList());
        }
    }

    @Test
    void severalInputsAreReadTogetherAndTheShortestEndsThem() {
        AtomicLong read = new AtomicLong();
        assertThat(pool().<Integer, Integer, Integer>map((a, b) -> a * 100 + b, upTo(5), endless(read)))
                .containsExactly(0, 101, 202, 303, 404);
        assertThat(read).hasValue(5);
        assertThat(pool().<String, Integer, Boolean, String>map(
                                (a, b, c) -> a + b + c, List.of("x", "y", "z"), upTo(9), List.of(true, false)))
                .containsExactly("x0true", "y1false");
        assertThat(pool().<Integer, Integer, Integer>map(Integer::sum, upTo(3), List.of()))
                .isEmpty();
    }

    @Test
    void severalInputsAreReadNoFurtherAheadThanOne() {
        AtomicLong first = new AtomicLong();
        AtomicLong second = new AtomicLong();
        try (ResultStream<Integer> sums = pool().with(o -> o.buffer(8))
                .<Integer, Integer, Integer>imap(Integer::sum, endless(first), endless(second))) {
            Iterator<Integer> taken = sums.iterator();
            for (int i = 0; i < 20; i++) {
                assertThat(taken.next()).isEqualTo(2 * i);
            }
        }
        assertThat(first.get()).isBetween(20L, 40L);
        assertThat(second.get()).isBetween(20L, 40L);
        assertThat(pool().<Integer, Integer, Integer, Integer>imap((a, b, c) -> a + b + c, upTo(2), upTo(2), upTo(3)))
                .containsExactly(0, 3);
    }

    @Test
    void severalInputsAndStarmapWorkWithoutWaitingToo() {
        assertThat(pool().<Integer, Integer, Integer>mapAsync(Integer::sum, upTo(3), upTo(4))
                        .join())
                .containsExactly(0, 2, 4);
        assertThat(pool().<Integer, Integer, Integer, Integer>mapAsync(
                                (a, b, c) -> a + b + c, upTo(3), upTo(3), upTo(3))
                        .join())
                .containsExactly(0, 3, 6);
        assertThat(pool().<Integer, Integer, Integer>starmapAsync(
                                (a, b) -> a - b, List.of(Args.of(5, 3), Args.of(1, 1)))
                        .join())
                .containsExactly(2, 0);
        assertThat(pool().<String, Integer, Boolean, String>starmapAsync(
                                (a, b, c) -> a + b + c, List.of(Args.of("x", 1, true)))
                        .join())
                .containsExactly("x1true");
    }

    @Test
    void forEachRunsEveryItemOnce(@TempDir Path directory) throws IOException {
        String file = directory.resolve("runs").toString();
        pool().<Integer>forEach(item -> Faults.count(Path.of(file), item), upTo(100));
        assertThat(Faults.counts(Path.of(file)))
                .hasSize(100)
                .allSatisfy((item, runs) -> assertThat(runs).isEqualTo(1));
    }

    @Test
    void forEachThrowsAFailureAndReadsNoFurther() {
        AtomicLong read = new AtomicLong();
        assertThatThrownBy(() -> pool().<Integer>forEach(CallsContract::failFrom3, endless(read)))
                .isInstanceOf(TaskFailedException.class)
                .rootCause()
                .hasMessageStartingWith("I do not like ");
        assertThat(read.get()).isLessThan(100_000);
    }

    @Test
    void aBroadcastRunsOnceInEachWorkerAndAnswersBySlot() {
        SerializableCallable<Integer> slot = () -> TaskContext.current().slot();
        int workers = pool().broadcast(slot).size();
        for (int i = 0; i < 20; i++) {
            assertThat(pool().broadcast(slot)).isEqualTo(upTo(workers));
        }
        assertThat(workers).isBetween(1, 2);
        pool().broadcast(() -> {});
    }

    @Test
    void aBroadcastThatFailsInOneWorkerRunsInTheOthersNevertheless(@TempDir Path directory) throws IOException {
        String file = directory.resolve("runs").toString();
        int workers = pool().broadcast(() -> 1).size();
        SerializableCallable<Integer> failsInSlot0 = () -> {
            Faults.count(Path.of(file), TaskContext.current().slot());
            return 100 / TaskContext.current().slot();
        };
        assertThatThrownBy(() -> pool().broadcast(failsInSlot0)).hasCauseInstanceOf(ArithmeticException.class);
        assertThat(Faults.counts(Path.of(file))).hasSize(workers);
    }

    @Test
    void aFutureTellsWhereItsTaskRanAndForHowLong() {
        TaskFuture<Long> future = pool().submit(() -> ProcessHandle.current().pid());
        long pid = future.join();
        assertThat(future.progress()).isEqualTo(new CallProgress(1, 0, OptionalLong.of(1)));
        assertThat(future.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(attempt.pid()).isEqualTo(pid);
            assertThat(attempt.slot()).isBetween(0, 1);
            assertThat(attempt.took())
                    .hasValueSatisfying(took -> assertThat(took).isPositive());
            assertThat(attempt.failure()).isEmpty();
        });

        TaskFuture<Integer> failed = pool().submit(() -> failFrom3(3));
        assertThatThrownBy(failed::join).hasCauseInstanceOf(TaskFailedException.class);
        assertThat(failed.attempts())
                .extracting(Attempt::failure)
                .singleElement()
                .satisfies(why -> assertThat(why).hasValue(FailureKind.TASK));
        assertThat(failed.progress()).isEqualTo(new CallProgress(1, 1, OptionalLong.of(1)));
    }

    @Test
    void aStreamAndAnAsynchronousMapTellHowFarTheyAre() {
        try (ResultStream<Integer> results = pool().imap(CallsContract::square, upTo(50))) {
            assertThat(results).hasSize(50);
            assertThat(results.progress()).isEqualTo(new CallProgress(50, 0, OptionalLong.of(50)));
        }
        TaskFuture<List<Integer>> map = pool().mapAsync(CallsContract::square, upTo(50));
        assertThat(map.join()).hasSize(50);
        assertThat(map.progress()).isEqualTo(new CallProgress(50, 0, OptionalLong.of(50)));
        assertThat(map.attempts()).isEmpty();
    }

    @Test
    void aCallbackThatThrowsCostsNothingButItsOwnStage() {
        TaskFuture<Integer> future = pool().submit(() -> 20);
        CompletableFuture<Integer> broken = future.thenApply(x -> {
            throw new IllegalStateException("callback");
        });
        CompletableFuture<Integer> other = future.thenApply(x -> x + 1);
        CompletableFuture<String> told = pool().<Integer, Integer>mapAsync(CallsContract::failFrom3, upTo(5))
                .thenApply(List::toString)
                .exceptionally(failure -> String.valueOf(failure.getCause()));

        assertThat(future.join()).isEqualTo(20);
        assertThat(other.join()).isEqualTo(21);
        assertThatThrownBy(broken::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(told.join()).contains("I do not like ");
        assertThat(pool().<Integer>apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void aListenerThatThrowsIsNotCalledAgainAndCostsNothing() {
        AtomicLong calls = new AtomicLong();
        List<Integer> results = pool().with(o -> o.progress(now -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("this listener always throws; the call does not mind");
                }))
                .map(CallsContract::square, upTo(200));
        assertThat(results).hasSize(200);
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.get() == 1);
        assertThat(pool().map(
                                CallsContract::square,
                                IntStream.range(0, 3).boxed().toList()))
                .containsExactly(0, 1, 4);
        assertThat(calls).hasValue(1);
    }
}
