// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.Attempt;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The items of one call, run by the caller itself. Only {@link #cancel} comes from another thread. */
final class SerialCall<T extends @Nullable Object, R extends @Nullable Object> implements LiveCall {
    private static final String WHERE = "the calling thread";

    private final ItemTask<T, R> task;
    private final LiveCalls calls;
    private final int depth;
    private final @Nullable Deadline deadline;

    // Guarded by this.
    private boolean cancelled;
    private boolean expired;
    private @Nullable ItemRun<T, R> current;

    /** @param deadline when the call that these items are of is over; null if never */
    SerialCall(ItemTask<T, R> task, LiveCalls calls, @Nullable Deadline deadline) {
        this.task = task;
        this.calls = calls;
        this.depth = calls.depthHere();
        this.deadline = deadline;
    }

    /**
     * Runs one item. An {@code InterruptedException} of the task is taken for an interrupt of the caller, for they are
     * the same thread.
     *
     * @throws CancellationException if the caller is interrupted, or the pool is terminated
     */
    Outcome<T, R> run(T item, long index) {
        return run(item, index, null);
    }

    /** As above; {@code attempts} is told of each attempt. */
    Outcome<T, R> run(T item, long index, @Nullable List<Attempt> attempts) {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        String name = task.nameOf(item);
        ItemRun<T, R> run = new ItemRun<>(task, item, index, calls, name, attempts).atDepth(depth);
        if (deadline != null && deadline.isOver()) {
            return late(run, deadline, "it had not begun");
        }
        toRun(run);
        Future<?> clock = deadline == null ? null : deadline.start(() -> expire(run));
        Outcome<T, R> outcome = run.run(WHERE, 0);
        if (clock != null) {
            clock.cancel(false);
        }
        toRun(null);
        if (deadline != null && isExpired()) {
            return late(run, deadline, "it was running in " + WHERE);
        }
        if (outcome instanceof Outcome.Failure<T, R> failure
                && failure.error().getCause() instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        return outcome;
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Outcome<T, R> late(
            ItemRun<T, R> run, Deadline deadline, String state) {
        TaskTimeoutException late = deadline.exceeded(run.index(), state);
        var unused = run.name() == null ? late : late.named(run.name());
        return new Outcome.Failure<>(run.item(), run.index(), run.begun(), late);
    }

    private synchronized void expire(ItemRun<T, R> run) {
        if (current == run) {
            expired = true;
            run.stop();
        }
    }

    private synchronized boolean isExpired() {
        return expired;
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
