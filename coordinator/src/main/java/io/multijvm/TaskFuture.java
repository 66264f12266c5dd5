// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one submit or one asynchronous map.
 *
 * <p>{@code cancel}, {@code orTimeout}, {@code complete} and {@code completeExceptionally} really stop the item: one that
 * has not begun is dropped, one that runs is interrupted, and its worker is ended if it does not follow;
 * {@code get(timeout)} only stops waiting. Through {@code get} the cause of the {@code ExecutionException} is the
 * failure that {@code join} throws: a {@link io.multijvm.failure.TaskFailedException} holds the task's own exception.
 *
 * <p>Callbacks are the stages of {@link CompletableFuture}: {@code thenAccept} for a result, {@code exceptionally} for a failure,
 * {@code whenComplete} for both. They run in the thread that waits for this future, else in a callback thread of the
 * pool, where they may take their time. What a callback throws fails its own stage alone: the answer, other stages and
 * the pool are not concerned. See Python's {@code callback} and {@code error_callback}.
 *
 * @param <R> the result
 */
public abstract class TaskFuture<R extends @Nullable Object> extends CompletableFuture<R> {

    /** For implementations of pools. */
    protected TaskFuture() {}

    /** Stops the item or items of this future if they have not finished; called once, from any thread. */
    protected abstract void stop();

    /** How far the call is: of a submit 0 or 1 of 1. From any thread; never waits. */
    public abstract CallProgress progress();

    /**
     * Where the task of a submit has run, and how each attempt ended, the oldest first; empty before the first has ended, and
     * for an item that never began. An asynchronous map keeps none: always empty. From any thread; never waits.
     */
    public abstract List<Attempt> attempts();

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean mine = super.cancel(mayInterruptIfRunning);
        if (mine) {
            stop();
        }
        return mine;
    }

    @Override
    public boolean complete(R value) {
        boolean mine = super.complete(value);
        if (mine) {
            stop();
        }
        return mine;
    }

    @Override
    public boolean completeExceptionally(Throwable ex) {
        boolean mine = super.completeExceptionally(ex);
        if (mine) {
            stop();
        }
        return mine;
    }

    /** Fails this future with a {@code TimeoutException}, and stops the item, when there is no answer in time. */
    @Override
    public TaskFuture<R> orTimeout(long timeout, TimeUnit unit) {
        super.orTimeout(timeout, unit);
        return this;
    }

    /** Dependent stages are plain futures: cancelling one does not stop the item. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** Answers with a value without stopping anything: the item is finished. */
    protected final boolean answer(R value) {
        return super.complete(value);
    }

    /** Answers with a failure without stopping anything: the item is finished. */
    protected final boolean answerExceptionally(Throwable failure) {
        return super.completeExceptionally(failure);
    }
}
