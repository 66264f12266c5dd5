// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.TaskFuture;
import io.multijvm.failure.MultijvmException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The answer of one call; what stops its items is given by the call. */
final class CallFuture<R extends @Nullable Object> extends TaskFuture<R> {
    private final Runnable stop;
    private final Runnable letRun;
    private final Supplier<CallProgress> progress;
    private final Supplier<List<Attempt>> attempts;

    /**
     * @param stop drops or interrupts the call's items
     * @param letRun only drops those that have not begun
     */
    CallFuture(Runnable stop, Runnable letRun, Supplier<CallProgress> progress, Supplier<List<Attempt>> attempts) {
        this.stop = stop;
        this.letRun = letRun;
        this.progress = progress;
        this.attempts = attempts;
    }

    @Override
    public CallProgress progress() {
        return progress.get();
    }

    @Override
    public List<Attempt> attempts() {
        return List.copyOf(attempts.get());
    }

    @Override
    protected void stop() {
        stop.run();
    }

    @Override
    protected void letRun() {
        letRun.run();
    }

    void succeed(R value) {
        answer(value);
    }

    void fail(Throwable failure) {
        answerExceptionally(failure);
    }

    /** Waits as a blocking call does: throws the failure itself, and an interrupt cancels the call's items. */
    R await() {
        try {
            return getAsFailed();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            Throwable failure = e.getCause() == null ? e : e.getCause();
            // The caller wants to know which of its calls failed; where the task threw is in the cause.
            throw Unchecked.rethrow(failure instanceof MultijvmException ? failure.fillInStackTrace() : failure);
        }
    }

    /** Cancels the items of a caller that was interrupted, and keeps its flag. */
    CancellationException interrupted() {
        cancel(true);
        Thread.currentThread().interrupt();
        return new CancellationException("the caller was interrupted while it waited; the call's items were cancelled");
    }
}
