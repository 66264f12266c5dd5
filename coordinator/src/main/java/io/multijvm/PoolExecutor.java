// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallEngine;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ExecutorService} side of a pool. All of it comes down to {@link #submit(SerializableCallable)} and to the
 * engine's states.
 *
 * <p>It is an {@code AbstractExecutorService} for the sake of {@link ExecutorCompletionService} alone, which asks such a one
 * for a future by {@code newTaskFor} and then has it execute a wrapper of that future. The wrapper completes itself and
 * cannot cross; so the task of the future runs in a worker, and the wrapper here when that is done.
 */
abstract class PoolExecutor extends AbstractExecutorService implements Pool {
    /** What this thread asked for last and has not had executed; {@code execute} follows in the same thread. */
    private static final ThreadLocal<@Nullable Asked> ASKED = new ThreadLocal<>();

    private final CallEngine engine;

    PoolExecutor(CallEngine engine) {
        this.engine = engine;
    }

    /**
     * A future whose task is not submitted yet.
     *
     * @param pool that was asked
     * @param future that it made
     * @param begin submits the task
     */
    private record Asked(PoolExecutor pool, RunnableFuture<?> future, Runnable begin) {}

    @Override
    public final <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task) {
        return submit(PlainTasks.<T>of(task));
    }

    @Override
    public final TaskFuture<@Nullable Void> submit(SerializableRunnable task) {
        return submit(PlainTasks.of(task));
    }

    @Override
    public final TaskFuture<?> submit(Runnable task) {
        return submit(PlainTasks.of(task));
    }

    @Override
    public final <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, T result) {
        RelayedFuture<T> future = new RelayedFuture<>();
        future.follow(submit(PlainTasks.of(task)), none -> result);
        return future;
    }

    @Override
    public final void execute(Runnable command) {
        Objects.requireNonNull(command, "command");
        Asked asked = ASKED.get();
        ASKED.remove();
        // such a wrapper is made between newTaskFor and execute, of what newTaskFor gave, and by nobody else
        if (asked != null
                && asked.pool() == this
                && command.getClass().getEnclosingClass() == ExecutorCompletionService.class) {
            begin(asked, command);
            return;
        }
        var unused = submit(PlainTasks.of(command)).whenComplete((none, failure) -> {
            if (failure != null && !(failure instanceof CancellationException)) {
                Thread here = Thread.currentThread();
                here.getUncaughtExceptionHandler().uncaughtException(here, failure);
            }
        });
    }

    private static void begin(Asked asked, Runnable wrapper) {
        asked.begin().run();
        if (asked.future() instanceof TaskFuture<?> future) {
            var unused = future.whenComplete((result, failure) -> wrapper.run());
        }
    }

    @Override
    protected final <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        SerializableCallable<T> task = PlainTasks.of(callable);
        RelayedFuture<T> future = new RelayedFuture<>();
        ASKED.set(new Asked(this, future, () -> future.follow(submit(task), value -> value)));
        return future;
    }

    @Override
    protected final <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T result) {
        SerializableCallable<@Nullable Void> task = PlainTasks.of(runnable);
        RelayedFuture<T> future = new RelayedFuture<>();
        ASKED.set(new Asked(this, future, () -> future.follow(submit(task), none -> result)));
        return future;
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return Invocations.all(this, tasks, Deadline.NONE);
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return Invocations.all(this, tasks, Deadline.in(timeout, unit));
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return Invocations.any(this, tasks, Deadline.NONE);
        } catch (TimeoutException e) {
            throw new AssertionError("there is no limit", e);
        }
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return Invocations.any(this, tasks, Deadline.in(timeout, unit));
    }

    @Override
    public final void shutdown() {
        engine.shutdown();
    }

    @Override
    public final List<Runnable> shutdownNow() {
        return engine.shutdownNow().stream().map(PlainTasks::asRunnable).toList();
    }

    @Override
    public final boolean isShutdown() {
        return engine.isShutdown();
    }

    @Override
    public final boolean isTerminated() {
        return engine.isTerminated();
    }

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return engine.awaitTermination(timeout, Objects.requireNonNull(unit, "unit"));
    }
}
