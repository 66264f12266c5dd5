// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
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
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final @Nullable Deadline deadline;
    private final @Nullable ProgressReports reports;
    private volatile @Nullable Future<?> clock;

    /**
     * @param asked as the caller gave it
     * @param task as it has crossed
     */
    SubmittedCall(
            SerializableCallable<R> asked,
            ItemTask<ItemTask.NoItem, R> task,
            LiveCalls calls,
            Answering answering,
            Answering reporting,
            CallSettings settings) {
        this.asked = asked;
        run = new ItemRun<>(task, ItemTask.NoItem.NO_ITEM, 0, calls, null, attempts).atDepth(calls.depthHere());
        future = new CallFuture<>(run::stop, run::drop, this::progress, () -> attempts);
        deadline = Deadline.from(settings);
        reports = TimeLimit.reports(settings, this::progress, reporting::execute);
        this.calls = calls;
        this.answering = answering;
    }

    /** Its time begins. */
    void startClock() {
        run.startsWaiting(() -> answering.execute(this::giveUp));
        if (deadline != null) {
            clock = deadline.start(() -> answering.execute(this::expire));
        }
    }

    private void giveUp() {
        Outcome<ItemTask.NoItem, R> late = run.giveUp();
        if (late != null) {
            answer(late);
        }
    }

    private void expire() {
        if (deadline != null && !future.isDone()) {
            future.fail(deadline.exceeded(0, run.state()));
            run.stop();
        }
    }

    private CallProgress progress() {
        return new CallProgress(future.isDone() ? 1 : 0, future.isCompletedExceptionally() ? 1 : 0, OptionalLong.of(1));
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
            Future<?> timer = clock;
            if (timer != null) {
                timer.cancel(false);
            }
            if (reports != null) {
                reports.end();
            }
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
