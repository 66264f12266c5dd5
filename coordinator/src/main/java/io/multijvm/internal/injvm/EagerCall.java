// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map: all results in input order, or the first failure, which stops the rest. */
final class EagerCall<T extends @Nullable Object, R extends @Nullable Object> extends ThreadsCall<T, R> {
    private final int window;
    private final SubmittedCall.Answering answering;
    private final CallFuture<List<R>> future = new CallFuture<>(this::stopItems, this::dropItems);

    // Guarded by the lock.
    private final List<@Nullable R> results = new ArrayList<>();
    private long missing;
    private boolean whole;
    private boolean decided;

    EagerCall(
            ItemTask<T, R> task, LiveCalls calls, PoolThreads threads, int window, SubmittedCall.Answering answering) {
        super(task, calls, threads);
        this.window = window;
        this.answering = answering;
    }

    CallFuture<List<R>> future() {
        return future;
    }

    @Override
    boolean hasRoom() {
        return unfinished() < window;
    }

    @Override
    void begins(long index) {
        results.add(null);
        missing++;
    }

    @Override
    void ended(Outcome<T, R> outcome) {
        if (outcome instanceof Outcome.Success<T, R> success) {
            lock.lock();
            try {
                results.set(Math.toIntExact(success.index()), success.value());
                missing--;
            } finally {
                lock.unlock();
            }
            succeedIfComplete();
        } else if (outcome instanceof Outcome.Failure<T, R> failure) {
            fail(failure.error());
        }
    }

    @Override
    void inputEnded(@Nullable Throwable broken, boolean wholeInput) {
        if (broken != null) {
            fail(broken);
            return;
        }
        lock.lock();
        try {
            whole = wholeInput;
        } finally {
            lock.unlock();
        }
        succeedIfComplete();
    }

    private void succeedIfComplete() {
        lock.lock();
        try {
            if (!whole || missing > 0 || decided) {
                return;
            }
            decided = true;
        } finally {
            lock.unlock();
        }
        answering.execute(() -> future.succeed(allResults()));
    }

    @SuppressWarnings("NullAway") // a null among the results is one that the task returned
    private List<R> allResults() {
        return results;
    }

    private void fail(Throwable failure) {
        lock.lock();
        try {
            if (decided) {
                return;
            }
            // Decided here, not by the future: answers may overtake each other, and the rest fails by our interrupt.
            decided = true;
        } finally {
            lock.unlock();
        }
        answering.execute(() -> future.fail(failure));
        stopItems();
    }

    @Override
    public void cancel() {
        future.cancel(true);
    }
}
