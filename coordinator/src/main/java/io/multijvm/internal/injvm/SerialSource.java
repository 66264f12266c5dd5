// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.task.Outcome;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A lazy call in the calling thread: an item is read and run when its outcome is asked for, whatever the time limit. */
final class SerialSource<T extends @Nullable Object, R extends @Nullable Object> implements OutcomeSource<T, R> {
    private final ItemTask<T, R> task;
    private final LiveCalls calls;
    private final Iterable<? extends T> items;
    private final @Nullable Deadline deadline;
    private final SerialProgress progress;
    private @Nullable Iterator<? extends T> input;
    private @Nullable Throwable broken;
    private long read;

    /** The item that is running, for {@link #close} from another thread. */
    private volatile @Nullable SerialCall<T, R> current;

    SerialSource(ItemTask<T, R> task, LiveCalls calls, Iterable<? extends T> items, CallSettings settings) {
        this.task = task;
        this.calls = calls;
        this.items = items;
        this.deadline = Deadline.from(settings);
        this.progress = new SerialProgress(settings, items);
    }

    @Override
    public CallProgress progress() {
        return progress.now();
    }

    @Override
    public Step<T, R> take(long nanos) {
        if (isExhausted()) {
            return Step.end();
        }
        SerialCall<T, R> call = new SerialCall<>(task, calls, deadline);
        try {
            calls.add(call);
        } catch (RejectedExecutionException closed) {
            return Step.broken(
                    calls.isTerminated()
                            ? new CancellationException("the pool was terminated; item " + read + " has no result")
                            : closed);
        }
        current = call;
        try {
            return broken == null ? run(call) : Step.broken(broken);
        } catch (CancellationException e) {
            return Step.broken(e);
        } finally {
            current = null;
            calls.remove(call);
        }
    }

    private Step<T, R> run(SerialCall<T, R> call) {
        if (deadline != null && deadline.isOver()) {
            broken = deadline.unread(read);
            return Step.broken(broken);
        }
        T item;
        try {
            item = input().next();
        } catch (Throwable thrown) {
            broken = thrown;
            return Step.broken(thrown);
        }
        try {
            Outcome<T, R> outcome = call.run(item, read++);
            progress.count(outcome);
            return Step.of(outcome);
        } catch (CancellationException e) {
            throw e;
        } catch (Throwable thrown) { // of the function that names items
            broken = thrown;
            return Step.broken(thrown);
        }
    }

    @Override
    public boolean isExhausted() {
        if (broken != null) {
            return false;
        }
        try {
            boolean more = input().hasNext();
            if (!more) {
                progress.complete();
                progress.end();
            }
            return !more;
        } catch (Throwable thrown) {
            broken = thrown;
            return false;
        }
    }

    private Iterator<? extends T> input() {
        if (input == null) {
            input = items.iterator();
        }
        return input;
    }

    @Override
    public void close() {
        SerialCall<T, R> running = current;
        if (running != null) {
            running.cancel();
        }
        progress.end();
    }
}
