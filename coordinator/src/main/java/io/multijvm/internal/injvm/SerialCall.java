// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.Outcome;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The items of one call, run by the caller itself. Only {@link #cancel} comes from another thread. */
final class SerialCall<T extends @Nullable Object, R extends @Nullable Object> implements LiveCall {
    private static final String WHERE = "the calling thread";

    private final ItemTask<T, R> task;
    private final LiveCalls calls;
    private final int depth;

    // Guarded by this.
    private boolean cancelled;
    private @Nullable ItemRun<T, R> current;

    SerialCall(ItemTask<T, R> task, LiveCalls calls) {
        this.task = task;
        this.calls = calls;
        this.depth = calls.depthHere();
    }

    /**
     * Runs one item. An {@code InterruptedException} of the task is taken for an interrupt of the caller, for they are
     * the same thread.
     *
     * @throws CancellationException if the caller is interrupted, or the pool is terminated
     */
    Outcome<T, R> run(T item, long index) {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        ItemRun<T, R> run = new ItemRun<>(task, item, index, calls).atDepth(depth);
        toRun(run);
        Outcome<T, R> outcome = run.run(WHERE, 0);
        toRun(null);
        if (outcome instanceof Outcome.Failure<T, R> failure
                && failure.error().getCause() instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        return outcome;
    }

    private synchronized void toRun(@Nullable ItemRun<T, R> next) {
        if (cancelled) {
            throw new CancellationException("the pool was terminated; the call's items were cancelled");
        }
        current = next;
    }

    private static CancellationException interrupted() {
        return new CancellationException("the caller was interrupted; the call's items were cancelled");
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (current != null) {
            current.stop();
        }
    }
}
