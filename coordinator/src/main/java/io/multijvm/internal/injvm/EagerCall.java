// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.FailureTally;
import io.multijvm.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map: all results in input order, or the first failure, which stops the rest. */
final class EagerCall<T extends @Nullable Object, R extends @Nullable Object> extends ThreadsCall<T, R> {
    private final int window;
    private final SubmittedCall.Answering answering;
    private final boolean finishOthers;
    private final CallFuture<List<R>> future =
            new CallFuture<>(this::stopItems, this::dropItems, this::progress, List::of);

    // Guarded by the lock.
    private final List<@Nullable R> results = new ArrayList<>();
    private long missing;
    private boolean whole;
    private boolean decided;
    private final FailureTally failures = new FailureTally();
    private @Nullable Throwable inputFailure;

    EagerCall(
            ItemTask<T, R> task, LiveCalls calls, PoolThreads threads, int window, SubmittedCall.Answering answering) {
        super(task, calls, threads);
        this.window = window;
        this.answering = answering;
        this.finishOthers = task.limit().settings().finishOthers();
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
            answerIfComplete();
        } else if (outcome instanceof Outcome.Failure<T, R> failure) {
            if (finishOthers) {
                keep(failure);
            } else {
                fail(failure.error());
            }
        }
    }

    private void keep(Outcome.Failure<T, R> failure) {
        lock.lock();
        try {
            failures.add(failure.index(), failure.error());
            missing--;
        } finally {
            lock.unlock();
        }
        answerIfComplete();
    }

    @Override
    void inputEnded(@Nullable Throwable broken, boolean wholeInput) {
        if (broken != null && !finishOthers) {
            fail(broken);
            return;
        }
        lock.lock();
        try {
            inputFailure = broken;
            whole = wholeInput || broken != null;
        } finally {
            lock.unlock();
        }
        answerIfComplete();
    }

    private void answerIfComplete() {
        Throwable failure;
        lock.lock();
        try {
            if (!whole || missing > 0 || decided) {
                return;
            }
            decided = true;
            failure = failures.isEmpty() ? inputFailure : failures.thrown();
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            answering.execute(() -> future.succeed(allResults()));
        } else {
            answering.execute(() -> future.fail(failure));
        }
    }

    @Override
    void expire(Deadline deadline) {
        Throwable failure;
        lock.lock();
        try {
            if (decided) {
                return;
            }
            for (ItemRun<T, R> run : late()) {
                TaskTimeoutException late = deadline.exceeded(run.index(), run.state());
                failures.add(run.index(), run.name() == null ? late : late.named(run.name()));
            }
            failure = failures.isEmpty() ? deadline.unread(begun()) : failures.thrown();
        } finally {
            lock.unlock();
        }
        fail(failure);
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
