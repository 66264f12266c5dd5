// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One task without an item, and the future of its result. */
final class SubmittedCall<R extends @Nullable Object> implements LiveCall {
    /** Where a future is answered, and with it its dependents run. */
    interface Answering {
        void execute(Runnable answer);
    }

    private final SerializableCallable<R> asked;
    private final ItemRun<ItemTask.NoItem, R> run;
    private final LiveCalls calls;
    private final Answering answering;
    private final CallFuture<R> future;

    /**
     * @param asked as the caller gave it
     * @param task as it has crossed
     */
    SubmittedCall(
            SerializableCallable<R> asked, ItemTask<ItemTask.NoItem, R> task, LiveCalls calls, Answering answering) {
        this.asked = asked;
        run = new ItemRun<>(task, ItemTask.NoItem.NO_ITEM, 0, calls);
        future = new CallFuture<>(run::stop, run::drop);
        this.calls = calls;
        this.answering = answering;
    }

    CallFuture<R> future() {
        return future;
    }

    void run() {
        try {
            Thread thread = Thread.currentThread();
            Outcome<ItemTask.NoItem, R> outcome = run.run(thread.getName(), PoolThreads.slotOf(thread));
            if (!future.isDone()) {
                answering.execute(() -> answer(outcome));
            }
        } finally {
            calls.remove(this);
        }
    }

    private void answer(Outcome<ItemTask.NoItem, R> outcome) {
        if (outcome instanceof Outcome.Success<ItemTask.NoItem, R> success) {
            future.succeed(success.value());
        } else if (outcome instanceof Outcome.Failure<ItemTask.NoItem, R> failure) {
            future.fail(failure.error());
        }
    }

    @Override
    public void cancel() {
        future.cancel(true);
    }

    @Override
    public Optional<SerializableCallable<?>> drop() {
        if (!run.drop()) {
            return Optional.empty();
        }
        // before a thread that becomes free finds it and has nothing better to tell
        future.cancel(true);
        return Optional.of(asked);
    }
}
