// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.contract.NamedTasks.Fail;
import io.multijvm.contract.NamedTasks.Pid;
import io.multijvm.contract.NamedTasks.Square;
import io.multijvm.contract.NamedTasks.Touch;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.SerializableCallable;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java.util.concurrent} says of executors and futures, kept by every kind of pool. */
@SharedPoolTest
abstract class ExecutorContract {
    private @Nullable Pool shared;

    /** A new pool of this kind, of two workers where it has any. */
    abstract Pool open();

    @BeforeAll
    void openPool() {
        shared = open();
    }

    @AfterAll
    void closePool() {
        pool().close();
    }

    Pool pool() {
        if (shared == null) {
            throw new AssertionError("no pool was opened");
        }
        return shared;
    }

    @Test
    void aProgramOfTheJdksTypesGivesTheSameAsOnThreadsOfTheJdk() throws Exception {
        String expected = NamedTasks.program(Executors.newFixedThreadPool(2));
        assertThat(expected).startsWith("49truefalse 1  java.io.IOException").endsWith("truetruegiventruetrue");
        assertThat(NamedTasks.program(open())).isEqualTo(expected);
    }

    @Test
    void everySubmitGivesATaskFuture(@TempDir Path directory) throws Exception {
        String file = directory.resolve("touched").toString();
        ExecutorService asExecutor = pool();
        assertThat(asExecutor.submit(new Square(3)))
                .isInstanceOf(TaskFuture.class)
                .succeedsWithin(Duration.ofSeconds(60))
                .isEqualTo(9);
        assertThat(asExecutor.submit(new Touch(file)))
                .isInstanceOf(TaskFuture.class)
                .succeedsWithin(Duration.ofSeconds(60));
        Object mine = new Object();
        Future<Object> given = asExecutor.submit(new Touch(file), mine);
        assertThat(given).isInstanceOf(TaskFuture.class);
        assertThat(given.get()).isSameAs(mine);
        assertThat(Path.of(file)).exists();
    }

    @Test
    void getTellsTheTasksOwnExceptionAndJoinWhichItemItWas() {
        TaskFuture<Integer> future = pool().submit(new Fail("no disk"));
        Throwable own = causeOfGet(future);
        assertThat(own).isInstanceOf(IOException.class).hasMessage("no disk");
        assertThat(own.getSuppressed()).hasSize(1).hasOnlyElementsOfType(TaskFailedException.class);
        assertThat(causeOfGet(future)).as("the same for all who wait").isSameAs(own);
        assertThat(own.getSuppressed()).as("noted once").hasSize(1);

        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(own.getSuppressed()[0])
                .hasCause(own)
                .hasMessageStartingWith("item ");
        assertThatThrownBy(() -> future.getNow(1)).hasCauseInstanceOf(TaskFailedException.class);
        assertThat(future.handle((value, failure) -> failure).join()).isInstanceOf(TaskFailedException.class);
        assertThat(causeOfGet(future.thenApply(value -> value + 1))).isInstanceOf(TaskFailedException.class);
        assertThat(causeOfGet(pool().mapAsync(n -> 1 / n, List.of(1, 0)))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> pool().apply((SerializableCallable<Integer>) () -> {
                    throw new IOException("through apply");
                }))
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    static Throwable causeOfGet(Future<?> future) {
        try {
            throw new AssertionError("has a value: " + future.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotCrossIsRefusedAtTheCallWithTheFix() {
        ExecutorService asExecutor = pool();
        Callable<Integer> lambda = () -> 1;
        Runnable action = () -> {};
        List<ThrowingCallable> lambdas = List.of(
                () -> asExecutor.submit(() -> 1),
                () -> asExecutor.execute(() -> {}),
                () -> pool().submit(lambda),
                () -> pool().submit(action),
                () -> pool().submit(action, 1),
                () -> pool().execute(action),
                () -> pool().invokeAll(List.of(lambda)),
                () -> pool().invokeAny(List.of(lambda)),
                () -> new ExecutorCompletionService<Integer>(pool()).submit(lambda));
        for (var call : lambdas) {
            assertThatThrownBy(call)
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("variable of type Pool")
                    .hasMessageContaining("SerializableCallable")
                    .hasMessageContaining("record");
        }
        FutureTask<Integer> wrapped = new FutureTask<>(new Square(2));
        assertThatThrownBy(() -> pool().execute(wrapped))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("pool.submit(task)");
        assertThatThrownBy(() -> pool().submit(wrapped)).isInstanceOf(PayloadException.class);
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, pool()))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("pool.submit(task).thenApply(f)");
        assertThatThrownBy(() -> CompletableFuture.runAsync(() -> {}, pool())).isInstanceOf(PayloadException.class);
        assertThat(causeOfGet(CompletableFuture.completedFuture(1).thenApplyAsync(n -> n + 1, pool())))
                .isInstanceOf(PayloadException.class);
        record Holder(Thread thread) implements Callable<String> {
            @Override
            public String call() {
                return thread.getName();
            }
        }
        assertThatThrownBy(() -> asExecutor.submit(new Holder(Thread.currentThread())))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("thread");
        assertThat(pool().submit(new Square(5)).join()).isEqualTo(25);
    }

    @Test
    @SuppressWarnings("NullAway") // nulls are what it is about
    void nullsAreRefused() {
        Pool pool = pool();
        List<ThrowingCallable> calls = List.of(
                () -> pool.submit((Callable<Integer>) null),
                () -> pool.submit((Runnable) null),
                () -> pool.submit((Runnable) null, 1),
                () -> pool.submit((SerializableCallable<Integer>) null),
                () -> pool.execute((Runnable) null),
                () -> pool.invokeAll((Collection<Callable<Integer>>) null),
                () -> pool.invokeAll(Arrays.<Callable<Integer>>asList(new Square(1), null)),
                () -> pool.invokeAny((Collection<Callable<Integer>>) null),
                () -> pool.invokeAny(Arrays.<Callable<Integer>>asList(new Square(1), null)),
                () -> pool.invokeAll(List.of(new Square(1)), 1, null),
                () -> pool.invokeAny(List.of(new Square(1)), 1, null),
                () -> pool.awaitTermination(1, null));
        for (var call : calls) {
            assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
        }
        assertThatThrownBy(() -> pool.invokeAny(List.<Callable<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invokeAllAnswersInOrderAndInlineLambdasCross() throws Exception {
        assertThat(pool().invokeAll(List.<Callable<Integer>>of())).isEmpty();
        List<Future<Integer>> all =
                pool().invokeAll(List.of(() -> 1, () -> 2, () -> Integer.parseInt("x")), 60, TimeUnit.SECONDS);
        assertThat(all).hasSize(3).allMatch(Future::isDone).allMatch(TaskFuture.class::isInstance);
        assertThat(all.get(0).get()).isEqualTo(1);
        assertThat(all.get(1).get()).isEqualTo(2);
        assertThat(causeOfGet(all.get(2))).isInstanceOf(NumberFormatException.class);
        assertThat(pool().<Integer>invokeAny(List.of(() -> Integer.parseInt("x"), () -> 8)))
                .isEqualTo(8);
        assertThatThrownBy(() -> pool().invokeAny(List.of(new Fail("one"), new Fail("one"))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aFailureOfExecuteGoesToTheUncaughtExceptionHandler() throws Exception {
        BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        try {
            pool().execute(() -> {
                throw new IOException("nobody waits for me");
            });
            assertThat(uncaught.poll(60, TimeUnit.SECONDS))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("nobody waits for me");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void aCompletionServiceHandsOutFailuresAndGivenResultsToo() throws Exception {
        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool());
        Future<Integer> failing = service.submit(new Fail("lost"));
        Future<Integer> first = service.take();
        assertThat(first).isSameAs(failing);
        assertThat(causeOfGet(first)).isInstanceOf(IOException.class);
        Future<Integer> given = service.submit(new Touch("/dev/null"), 12);
        assertThat(service.take()).isSameAs(given);
        assertThat(given.get()).isEqualTo(12);
    }

    @Test
    void aChainOfAHundredSubmitsFromCallbacksComesToItsEnd() {
        CompletableFuture<Integer> chain = pool().submit(new Square(0));
        for (int i = 1; i <= 100; i++) {
            int n = i;
            chain = chain.thenCompose(
                    sum -> pool().submit(new Square(n)).thenApply(square -> sum + (int) Math.sqrt(square)));
        }
        assertThat(chain.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(5050);
    }

    @Test
    void allOfAndAnyOfWaitForTaskFutures() {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            futures.add(pool().submit(new Square(i)));
        }
        CompletableFuture<?>[] all = futures.toArray(new CompletableFuture<?>[0]);
        assertThat(CompletableFuture.anyOf(all).orTimeout(60, TimeUnit.SECONDS).join())
                .isInstanceOf(Integer.class);
        CompletableFuture.allOf(all).orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(futures).allMatch(Future::isDone);
    }

    @Test
    void anAnswerIsFinal() throws Exception {
        TaskFuture<Integer> future = pool().submit(new Square(6));
        assertThat(future.get()).isEqualTo(36);
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.complete(1)).isFalse();
        assertThat(future.completeExceptionally(new IllegalStateException())).isFalse();
        assertThat(future.get(0, TimeUnit.SECONDS)).isEqualTo(36);
        assertThat(future).isNotCancelled().isCompletedWithValue(36);
    }

    @Test
    void afterShutdownEveryTaskIsRejectedAndTheStatesAreTold() throws Exception {
        Pool pool = open();
        assertThat(pool.isShutdown()).isFalse();
        assertThat(pool.isTerminated()).isFalse();
        assertThat(pool.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        TaskFuture<Long> before = pool.submit(new Pid());
        pool.shutdown();
        pool.shutdown();
        assertThat(pool.isShutdown()).isTrue();
        List<ThrowingCallable> calls = List.of(
                () -> pool.submit(new Square(1)),
                () -> pool.submit(() -> 1),
                () -> pool.submit(new Touch("/dev/null")),
                () -> pool.submit(new Touch("/dev/null"), 1),
                () -> pool.execute(new Touch("/dev/null")),
                () -> pool.invokeAll(List.of(new Square(1))),
                () -> pool.invokeAny(List.of(new Square(1))),
                () -> new ExecutorCompletionService<Integer>(pool).submit(new Square(1)),
                () -> pool.map(n -> n, List.of(1)));
        for (var call : calls) {
            assertThatThrownBy(call).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(before).isDone();
        assertThat(before.get()).isPositive();
        assertThat(pool.shutdownNow()).isEmpty();
        pool.close();
    }
}
