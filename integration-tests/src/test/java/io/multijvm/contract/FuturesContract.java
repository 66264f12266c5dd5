// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Submits, and what depends on them. */
interface FuturesContract extends PoolUnderTest {

    @Test
    default void aSubmittedTaskHasItsResultInItsFuture() throws Exception {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer>submit(() -> 42).get(30, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(pool.<Integer>submit(() -> 43).join()).isEqualTo(43);
            assertThat(pool.submit(() -> {}).get(30, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    default void aFailedTaskHasItsFailureInItsFuture() {
        try (Pool pool = newPool()) {
            TaskFuture<Integer> future = pool.<Integer>submit(() -> Tasks.failAt(3, 3));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                    .havingCause()
                    .isInstanceOf(TaskFailedException.class)
                    .havingCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .withMessage("no 3");
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(future::join)
                    .withCauseInstanceOf(TaskFailedException.class);
            assertThat(future).isCompletedExceptionally();
        }
    }

    @Test
    default void anAsynchronousMapHasAllResultsOrTheFirstFailure() throws Exception {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Integer>mapAsync(Tasks::square, List.of(1, 2, 3))
                            .get(30, TimeUnit.SECONDS))
                    .containsExactly(1, 4, 9);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>mapAsync(
                                    item -> Tasks.failAt(3, item), PoolUnderTest.range(10))
                            .get(30, TimeUnit.SECONDS))
                    .havingCause()
                    .isInstanceOfSatisfying(
                            TaskFailedException.class,
                            e -> assertThat(e.index()).isEqualTo(3));
        }
    }

    @Test
    default void fiveThousandSubmitsAreAllAnswered() throws Exception {
        try (Pool pool = newPool()) {
            List<TaskFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                int item = i;
                futures.add(pool.<Integer>submit(() -> Tasks.square(item)));
            }
            for (int i = 0; i < 5_000; i++) {
                assertThat(futures.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i * i);
            }
        }
    }

    @Test
    default void dependentStagesRunAndMayUseThePool() throws Exception {
        try (Pool pool = newPool()) {
            List<CompletableFuture<Integer>> stages = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int item = i;
                // waits inside a stage, for an answer that must come past it
                stages.add(pool.<Integer>submit(() -> Tasks.unevenly(item))
                        .thenApply(result -> pool.<Integer>apply(() -> result + 100)));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(stages.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(i + 100);
            }
            assertThat(pool.<Integer>submit(() -> 20)
                            .thenCombine(pool.<Integer>submit(() -> 22), Integer::sum)
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(42);
        }
    }

    @Test
    default void aStageIsNotRunByAThreadThatMovesMessages() throws Exception {
        try (Pool pool = newPool()) {
            List<CompletableFuture<String>> names = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int item = i;
                names.add(pool.<Integer>submit(() -> Tasks.unevenly(item))
                        .thenApply(result -> Thread.currentThread().getName()));
            }
            for (CompletableFuture<String> name : names) {
                assertThat(name.get(30, TimeUnit.SECONDS))
                        .doesNotStartWith("multijvm-hub")
                        .doesNotStartWith("multijvm-thread");
            }
        }
    }

    @Test
    default void severalThreadsMayCallAtOnce() throws Exception {
        List<Integer> squares =
                IntStream.range(0, 1_000).map(Tasks::square).boxed().toList();
        List<CompletableFuture<List<Integer>>> callers = new ArrayList<>();
        try (Pool pool = newPool()) {
            for (int i = 0; i < 4; i++) {
                CompletableFuture<List<Integer>> answer = new CompletableFuture<>();
                callers.add(answer);
                new Thread(() -> answer.complete(pool.<Integer, Integer>map(Tasks::square, PoolUnderTest.range(1_000))))
                        .start();
            }
            for (CompletableFuture<List<Integer>> caller : callers) {
                assertThat(caller.get(60, TimeUnit.SECONDS)).isEqualTo(squares);
            }
        }
    }
}
