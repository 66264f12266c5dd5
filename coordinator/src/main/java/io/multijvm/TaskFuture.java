// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.TaskFailedException;
import io.multijvm.internal.result.WhenDone;
import io.multijvm.shared.Waitable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one submit or one asynchronous map.
 *
 * <p>{@code cancel(true)}, {@code orTimeout}, {@code complete} and {@code completeExceptionally}, and whatever else of
 * {@link CompletableFuture} ends this future before its task does ({@code completeOnTimeout}, {@code completeAsync}, {@code
 * obtrudeValue}, {@code obtrudeException}), really stop the item: one that has not begun is dropped, one that runs is interrupted, and its worker is ended if it does not follow within a
 * second (SIGTERM, a second later SIGKILL); an item that follows costs no worker. {@code cancel(false)} drops an item that
 * has not begun and lets one that runs come to its end, as {@link java.util.concurrent.Future#cancel} says; its result is
 * thrown away. An item that waits at a worker process can begin in the moment before that hears of its end; it is then one
 * that runs. {@code get(timeout)} only stops waiting. Whatever comes later does not change an answer.
 *
 * <p>How a failure is told:
 *
 * <ul>
 *   <li>{@code get}, as that of any {@code ExecutorService}: the cause of the {@code ExecutionException} is the exception
 *       that the task itself threw; the {@link TaskFailedException}, which tells item and worker, is suppressed in it. All
 *       who wait are given the same exception object.
 *   <li>{@code join}, {@code getNow}, {@code exceptionNow} and dependent stages: the {@link TaskFailedException}, whose
 *       cause is the task's own exception. {@code get} of a dependent stage has it as its cause as well.
 *   <li>Where the task threw nothing, all of them tell the same: {@link io.multijvm.failure.WorkerCrashedException},
 *       {@link io.multijvm.failure.TaskTimeoutException}, {@link io.multijvm.failure.PayloadException} or
 *       {@link io.multijvm.failure.PoolBrokenException}.
 *   <li>A future that was cancelled, or whose pool was terminated: {@code CancellationException} from all of them.
 * </ul>
 *
 * <p>Callbacks are the stages of {@link CompletableFuture}: {@code thenAccept} for a result, {@code exceptionally} for a
 * failure, {@code whenComplete} for both. They run in the thread that waits for this future, else in a callback thread of
 * the pool, where they may take their time, submit further tasks and wait. What a callback throws fails its own stage
 * alone: the answer, other stages and the pool are not concerned. See Python's {@code callback} and
 * {@code error_callback}.
 *
 * @param <R> the result
 */
public abstract class TaskFuture<R extends @Nullable Object> extends CompletableFuture<R> implements Waitable {
    /** An exception object that many items throw, as one in a constant can in a pool of threads, must not grow for ever. */
    private static final int MOST_SUPPRESSED = 16;

    /** For implementations of pools. */
    protected TaskFuture() {}

    /** Stops the item or items of this future if they have not finished; from any thread, and twice does nothing more. */
    protected abstract void stop();

    /** How far the call is: of a submit 0 or 1 of 1. From any thread; never waits. */
    public abstract CallProgress progress();

    /**
     * Where the task of a submit has run, and how each attempt ended, the oldest first; empty before the first has ended, and
     * for an item that never began. An asynchronous map keeps none: always empty. From any thread; waits for
     * nothing but the reading of what an attempt wrote, see {@link Attempt#output}, from a file of the pool's.
     */
    public abstract List<Attempt> attempts();

    /** As {@link #isDone}: answered, with whatever. */
    @Override
    public boolean isReady() {
        return isDone();
    }

    @Override
    public Registration whenReady(Runnable action) {
        return WhenDone.run(this, action);
    }

    /** Drops the item or items that have not begun, and lets run what runs; from any thread. */
    protected void letRun() {}

    /**
     * Waits for the result, without limit.
     *
     * @throws ExecutionException if the task failed; the cause is the task's own exception where it threw one
     * @throws InterruptedException if the caller is interrupted; the item goes on
     */
    @Override
    public R get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (ExecutionException e) {
            throw byTheTask(e);
        }
    }

    /**
     * As {@link #get()}, for so long at most.
     *
     * @throws TimeoutException if there is no answer by then; the item goes on
     */
    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (ExecutionException e) {
            throw byTheTask(e);
        }
    }

    /** As {@link #get()}, but the cause is the failure as {@code join} tells it. */
    protected final R getAsFailed() throws InterruptedException, ExecutionException {
        return super.get();
    }

    /** The same with the task's own exception as the cause, if it threw one. */
    private static ExecutionException byTheTask(ExecutionException e) {
        if (!(e.getCause() instanceof TaskFailedException failed) || failed.getCause() == null) {
            return e;
        }
        Throwable own = failed.getCause();
        // several threads may wait for one failure, and several futures tell of it: it is noted once
        synchronized (failed) {
            Throwable[] noted = own.getSuppressed();
            boolean known = noted.length >= MOST_SUPPRESSED;
            for (Throwable one : noted) {
                known |= one == failed;
            }
            if (!known) {
                own.addSuppressed(failed);
            }
        }
        return new ExecutionException(own);
    }

    /**
     * Ends this future, if it has no answer yet, and its item: see the class.
     *
     * @param mayInterruptIfRunning false to let an item that has begun run to its end
     * @return whether it is cancelled now, by this call or an earlier one, which this one does not change
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return isCancelled();
        }
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && mayInterruptIfRunning) {
            stop();
        } else if (cancelled) {
            letRun();
        }
        return cancelled;
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

    /** Answers with {@code value}, and stops the item, when there is no answer in time. */
    @Override
    public TaskFuture<R> completeOnTimeout(R value, long timeout, TimeUnit unit) {
        super.completeOnTimeout(value, timeout, unit);
        return this;
    }

    /**
     * Answers with what the supplier gives or throws, and stops the item, unless there is an answer before it is asked or
     * while it runs. It runs in {@code executor}, beside the item.
     */
    @Override
    public TaskFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            if (isDone()) {
                return;
            }
            try {
                complete(supplier.get());
            } catch (Throwable e) { // whatever it is, it is the answer
                completeExceptionally(e);
            }
        });
        return this;
    }

    /** As above, in the thread pool that {@link CompletableFuture#completeAsync(Supplier)} uses. */
    @Override
    public TaskFuture<R> completeAsync(Supplier<? extends R> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    /** Has this value from now on, whatever it had; an item that has not ended is stopped. */
    @Override
    public void obtrudeValue(R value) {
        boolean early = !isDone();
        super.obtrudeValue(value);
        if (early) {
            stop();
        }
    }

    /** Has failed with this from now on, whatever it had; an item that has not ended is stopped. */
    @Override
    public void obtrudeException(Throwable ex) {
        boolean early = !isDone();
        super.obtrudeException(ex);
        if (early) {
            stop();
        }
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

    /** Cancels without stopping anything: the item is gone. */
    protected final boolean answerCancelled() {
        return super.cancel(false);
    }
}
