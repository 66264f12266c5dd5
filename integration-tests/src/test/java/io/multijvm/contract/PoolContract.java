// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.shared.SharedLong;
import io.multijvm.task.Args;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kind of pool does. All on one pool; tests that end a pool open their own. */
abstract class PoolContract extends SharedPool {

    private static int square(int x) {
        return x * x;
    }

    private static int unevenly(int x) throws InterruptedException {
        // a busy wait of differing length, so that neighbours overtake one another
        long until = System.nanoTime() + (x % 7) * 300_000L;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return x;
    }

    private static int failOn37(int x) {
        if (x == 37) {
            throw new IllegalStateException("I do not like " + x);
        }
        return x;
    }

    /** No constructor that a codec could call, and two arguments. */
    private static final class Odd extends Exception {
        Odd(String text, Object second) {
            super(text + second);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatOutlivesItsPoolSaysThatItWasCutShort(boolean now) {
        Pool fresh = open();
        try {
            ResultStream<Integer> results = fresh.imap(PoolContract::square, endless(new AtomicLong()));
            Iterator<Integer> reader = results.iterator();
            assertThat(reader.next()).isZero();
            if (now) {
                fresh.terminate();
            } else {
                fresh.close();
            }

            // what was read ahead has results all the same
            assertThatThrownBy(() -> reader.forEachRemaining(result -> {}))
                    .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class)
                    .hasMessageContaining("pool");
            results.close();
        } finally {
            fresh.close();
        }
    }

    @Test
    void theManagerOfAPoolIsOneForAllItsViewsAndEndsWithThePool() {
        Pool fresh = open();
        try {
            Manager manager = fresh.manager();
            assertThat(fresh.with(options -> options.chunkSize(1)))
                    .isInstanceOfSatisfying(
                            Pool.class, view -> assertThat(view.manager()).isSameAs(manager));
            SharedLong sum = manager.longValue(0);
            fresh.forEach(x -> sum.addAndGet(x), List.of(1L, 2L, 3L));
            assertThat(sum.get()).isEqualTo(6);
            TaskFuture<Long> last = fresh.submit(() -> sum.addAndGet(1000));
            fresh.close();
            assertThat(last.join()).as("the manager lives as long as a task").isEqualTo(1006);
            assertThatThrownBy(sum::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> fresh.with(options -> {}).submit(() -> 1))
                    .isInstanceOf(RejectedExecutionException.class);
        } finally {
            fresh.close();
        }
    }

    @Test
    void aClosedPoolThatHadNoManagerStartsNone() {
        Pool closed = open();
        closed.close();
        assertThatThrownBy(closed::manager)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aTaskIsAppliedAndItsResultReturned() {
        assertThat(pool().<Integer>apply(() -> 6 * 7)).isEqualTo(42);
    }

    @Test
    void anEmptyInputAnswersAtOnce() {
        assertThat(pool().map(PoolContract::square, List.<Integer>of())).isEmpty();
        assertThat(pool().imap(PoolContract::square, List.<Integer>of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 1000})
    void resultsComeInInputOrderWhateverTheChunks(int chunk) {
        var calls = chunk == 0 ? pool() : pool().with(o -> o.chunkSize(chunk));
        assertThat(calls.map(PoolContract::unevenly, upTo(300))).isEqualTo(upTo(300));
    }

    @Test
    void tenThousandItemsGiveTenThousandResults() {
        List<Integer> results = pool().map(PoolContract::square, upTo(10_000));
        assertThat(results).hasSize(10_000);
        assertThat(results.get(9_999)).isEqualTo(9_999 * 9_999);
    }

    @Test
    void itemsAndResultsMayBeNull() {
        List<@Nullable String> items = Arrays.asList("a", null, "b");
        assertThat(pool().<@Nullable String, @Nullable String>map(text -> text, items))
                .containsExactly("a", null, "b");
    }

    @Test
    void starmapSpreadsItsArguments() {
        assertThat(pool().<Integer, Integer, Integer>starmap((a, b) -> a - b, List.of(Args.of(5, 3), Args.of(1, 1))))
                .containsExactly(2, 0);
        assertThat(pool().<String, Integer, Boolean, String>starmap(
                                (a, b, c) -> a + b + c, List.of(Args.of("x", 1, true))))
                .containsExactly("x1true");
    }

    @Test
    void anInputThatIsNoCollectionIsReadOnce() {
        AtomicLong iterators = new AtomicLong();
        Iterable<Integer> items = () -> {
            iterators.incrementAndGet();
            return upTo(100).iterator();
        };
        assertThat(pool().map(PoolContract::square, items)).hasSize(100);
        assertThat(iterators).hasValue(1);
    }

    /** A collection whose size is not to be trusted, as that of a concurrent one. */
    private static final class Understated extends java.util.AbstractList<Integer> {
        @Override
        public Integer get(int index) {
            return index;
        }

        @Override
        public int size() {
            return 3;
        }

        @Override
        public Iterator<Integer> iterator() {
            return upTo(10).iterator();
        }
    }

    @Test
    void theIteratorDecidesHowManyItemsThereAreNotTheSize() {
        assertThat(pool().map(PoolContract::square, new Understated())).hasSize(10);
    }

    @Test
    void theFirstFailureOfAMapIsThrownAndThePoolGoesOn() {
        assertThatThrownBy(() -> pool().map(PoolContract::failOn37, upTo(100)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("37")
                .hasCauseInstanceOf(IllegalStateException.class)
                .cause()
                .hasMessage("I do not like 37");
        assertThat(pool().map(PoolContract::square, List.of(3))).containsExactly(9);
    }

    @Test
    void outcomesHoldFailuresAsValues() {
        List<Outcome<Integer, Integer>> outcomes =
                pool().<Integer, Integer>outcomes(PoolContract::failOn37, upTo(50)).stream()
                        .toList();
        assertThat(outcomes).hasSize(50);
        for (int i = 0; i < 50; i++) {
            Outcome<Integer, Integer> outcome = outcomes.get(i);
            assertThat(outcome.index()).isEqualTo(i);
            assertThat(outcome.item()).isEqualTo(i);
            assertThat(outcome instanceof Outcome.Failure).isEqualTo(i == 37);
        }
        assertThat(((Outcome.Failure<?, ?>) outcomes.get(37)).kind()).isEqualTo(FailureKind.TASK);
    }

    private static int throwOdd(int x) throws Odd {
        throw new Odd("odd ", x);
    }

    @Test
    void anExceptionThatCannotBeRebuiltIsStillToldWithItsNameAndMessage() {
        assertThatThrownBy(() -> pool().map(PoolContract::throwOdd, List.of(1)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("Odd")
                .hasMessageContaining("odd 1");
    }

    @Test
    void anUncheckedFailureOfApplyHasTheTasksExceptionAsItsCause() {
        assertThatThrownBy(() -> pool().apply(() -> {
                    throw new java.io.IOException("no disk");
                }))
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void whatCannotCrossIsRefusedAndNamed() {
        Thread thread = Thread.currentThread();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> pool().apply(() -> thread.getName())).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> pool().map(t -> 1, List.of(thread))).isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> pool().apply(Thread::currentThread)).isInstanceOf(PayloadException.class);
        }
        assertThat(pool().<Integer>apply(() -> 1)).isEqualTo(1);
    }

    private Iterable<Integer> endless(AtomicLong read) {
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
    void anEndlessInputIsReadABoundedNumberAhead() {
        AtomicLong read = new AtomicLong();
        try (ResultStream<Integer> results = pool().with(o -> o.buffer(8)).imap(PoolContract::square, endless(read))) {
            Iterator<Integer> taken = results.iterator();
            for (int i = 0; i < 20; i++) {
                assertThat(taken.next()).isEqualTo(i * i);
            }
            assertThat(read.get()).isBetween(20L, 20L + 2 * 8 + 1);
        }
    }

    @Test
    void anExceptionOfTheInputComesAfterTheResultsBeforeIt() {
        Iterable<Integer> items = () -> IntStream.range(0, 10)
                .mapToObj(i -> {
                    if (i == 5) {
                        throw new IllegalArgumentException("bad line 5");
                    }
                    return i;
                })
                .iterator();
        List<Integer> got = new ArrayList<>();
        assertThatThrownBy(() -> pool().imap(PoolContract::square, items).forEach(got::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad line 5");
        assertThat(got).containsExactly(0, 1, 4, 9, 16);
        assertThatThrownBy(() -> pool().map(PoolContract::square, items)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResultStreamTellsWhetherItIsAtItsEnd() {
        try (ResultStream<Integer> results = pool().imap(PoolContract::square, List.of(2))) {
            assertThat(results.next(Duration.ofSeconds(60))).hasValue(4);
            assertThat(results.next(Duration.ofSeconds(60))).isEmpty();
            assertThat(results.atEnd()).isTrue();
        }
    }

    @Test
    void dependentsOfAFutureRunAndNeverInTheEventLoop() {
        ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
        TaskFuture<Integer> future = pool().submit(() -> 20);
        int sum = future.thenApply(x -> {
                    threads.add(Thread.currentThread().getName());
                    return x + 1;
                })
                .thenCombine(pool().submit(() -> 21), Integer::sum)
                .join();
        assertThat(sum).isEqualTo(42);
        assertThat(threads).hasSize(1).noneMatch(name -> name.startsWith("multijvm-hub"));
    }

    @Test
    void theExceptionOfAFutureIsTheTasksOwn() {
        TaskFuture<Integer> future = pool().submit(() -> {
            throw new IllegalStateException("no");
        });
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void fiveThousandSubmitsAreAllAnswered() {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int item = i;
            futures.add(pool().submit(() -> item));
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(futures.get(i).join()).isEqualTo(i);
        }
    }

    @Test
    void mapAsyncAnswersWithAllResults() {
        TaskFuture<List<Integer>> future = pool().mapAsync(PoolContract::square, upTo(100));
        assertThat(future.thenApply(List::size).join()).isEqualTo(100);
        assertThat(future.join().get(10)).isEqualTo(100);
    }

    @Test
    void twoThreadsMayMapAtOnce() throws InterruptedException {
        ConcurrentLinkedQueue<List<Integer>> results = new ConcurrentLinkedQueue<>();
        Runnable call = () -> results.add(pool().map(PoolContract::square, upTo(500)));
        Thread other = new Thread(call);
        other.start();
        call.run();
        other.join();
        assertThat(results).hasSize(2).allMatch(list -> list.size() == 500 && list.get(499) == 499 * 499);
    }

    @Test
    void aTaskKnowsItsItem() {
        List<Long> indices = pool().map(x -> TaskContext.current().itemIndex(), upTo(20));
        assertThat(indices)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> (long) i).toList());
    }

    @Test
    void aCallerWhoIsInterruptedGetsACancellationAndKeepsItsFlag() throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        AtomicReference<@Nullable Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                pool().map(PoolContract::unevenly, upTo(100_000));
            } catch (Throwable e) {
                thrown.set(e);
            }
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(flag.get()).isTrue();
        assertThat(pool().<Integer>apply(() -> 1)).isEqualTo(1);
    }

    @Test
    void nothingIsTakenAfterClose() {
        Pool closed = open();
        closed.close();
        assertThatThrownBy(() -> closed.apply(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> closed.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> closed.map(PoolContract::square, List.of(1)))
                .isInstanceOf(RejectedExecutionException.class);
        closed.close();
    }

    @Test
    void closeWaitsForWhatWasSubmitted() {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        try (Pool fresh = open()) {
            for (int i = 0; i < 50; i++) {
                int item = i;
                futures.add(fresh.submit(() -> unevenly(item)));
            }
        }
        assertThat(futures).allMatch(future -> !future.isCancelled());
        assertThat(futures.stream().map(TaskFuture::join).toList()).isEqualTo(upTo(50));
    }

    @Test
    void whatWasGivenToAPoolIsNotChangedByIt() {
        List<Integer> items = Collections.unmodifiableList(new ArrayList<>(upTo(10)));
        assertThat(pool().map(PoolContract::square, items)).hasSize(10);
        assertThat(items).isEqualTo(upTo(10));
    }

    /** For the kinds that run beside the caller. */
    abstract static class Concurrent extends PoolContract {

        private static int waitLong() throws InterruptedException {
            TimeUnit.MINUTES.sleep(5);
            return 1;
        }

        @Test
        void cancellingAFutureStopsItsRunningItem() {
            List<TaskFuture<Integer>> stuck = List.of(
                    pool().submit(Concurrent::waitLong),
                    pool().submit(Concurrent::waitLong),
                    pool().submit(Concurrent::waitLong));
            TaskFuture<Integer> behind = pool().submit(() -> 7);
            stuck.forEach(future -> future.cancel(true));
            assertThat(stuck).allMatch(TaskFuture::isCancelled);
            await().atMost(Duration.ofSeconds(60)).until(behind::isDone);
            assertThat(behind.join()).isEqualTo(7);
        }

        @Test
        void aTimeoutOnGetOnlyStopsWaiting(@TempDir Path directory) throws Exception {
            String go = directory.resolve("go").toString();
            TaskFuture<Integer> future = pool().submit(() -> {
                NamedTasks.awaitFile(Path.of(go));
                return 5;
            });
            assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            NamedTasks.touch(go);
            assertThat(future.get()).isEqualTo(5);
        }

        @Test
        void orTimeoutStopsTheItem() {
            TaskFuture<Integer> future = pool().submit(Concurrent::waitLong).orTimeout(200, TimeUnit.MILLISECONDS);
            assertThatThrownBy(future::join).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
            assertThat(pool().<Integer>apply(() -> 3)).isEqualTo(3);
        }

        @Test
        void terminateCancelsWhatIsUnfinished() {
            try (Pool fresh = open()) {
                TaskFuture<Integer> running = fresh.submit(Concurrent::waitLong);
                fresh.terminate();
                await().atMost(Duration.ofSeconds(30)).until(running::isDone);
                assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
            }
        }

        @Test
        void anInputMayWaitForItsOwnEarlierResults() {
            ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
            Iterable<Integer> items = () -> new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < 5;
                }

                @Override
                public Integer next() {
                    await().atMost(Duration.ofSeconds(60))
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> done.size() >= next);
                    return next++;
                }
            };
            for (int result : pool().imap(PoolContract::square, items)) {
                done.add(result);
            }
            assertThat(done).containsExactly(0, 1, 4, 9, 16);
        }
    }
}
