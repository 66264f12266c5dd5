// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.Outcome;
import org.jspecify.annotations.Nullable;

/** One task without an item, and the future of its result. */
final class SubmittedCall<R extends @Nullable Object> implements LiveCall {
    /** Where a future is answered, and with it its dependents run. */
    interface Answering {
        void execute(Runnable answer);
    }

    private final ItemRun<ItemTask.NoItem, R> run;
    private final LiveCalls calls;
    private final Answering answering;
    private final CallFuture<R> future;

    SubmittedCall(ItemTask<ItemTask.NoItem, R> task, LiveCalls calls, Answering answering) {
        run = new ItemRun<>(task, ItemTask.NoItem.NO_ITEM, 0, calls).atDepth(calls.depthHere());
        future = new CallFuture<>(run::stop);
        this.calls = calls;
        this.answering = answering;
    }

    CallFuture<R> future() {
        return future;
    }

    int depth() {
        return run.depth();
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
}
