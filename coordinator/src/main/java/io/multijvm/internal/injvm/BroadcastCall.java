// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.FailureTally;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One task, once in each thread of a pool. A thread that fails leaves the others alone. */
final class BroadcastCall<R extends @Nullable Object> implements LiveCall {
    private final LiveCalls calls;
    private final List<ItemRun<ItemTask.NoItem, R>> runs;
    private final CallFuture<List<R>> future =
            new CallFuture<>(this::stopRuns, this::dropRuns, this::progress, List::of);
    private final @Nullable Deadline deadline;
    private final @Nullable ProgressReports reports;
    private @Nullable Future<?> clock;

    // guarded by this
    private final List<@Nullable R> results = new ArrayList<>();
    private final FailureTally failures = new FailureTally();
    private final boolean[] ended;
    private int done;
    private int failed;

    BroadcastCall(ItemTask<ItemTask.NoItem, R> task, LiveCalls calls, PoolThreads threads, CallSettings settings) {
        this.calls = calls;
        this.runs = IntStream.range(0, threads.count())
                .mapToObj(slot -> new ItemRun<>(task, ItemTask.NoItem.NO_ITEM, slot, calls, null, null))
                .toList();
        this.deadline = Deadline.from(settings);
        this.reports = TimeLimit.reports(settings, this::progress, threads::runOther);
        this.ended = new boolean[threads.count()];
        runs.forEach(run -> results.add(null));
    }

    CallFuture<List<R>> future() {
        return future;
    }

    /** Begins; to be called once, after it was added to the live calls. */
    void start(PoolThreads threads) {
        if (deadline != null) {
            clock = deadline.start(this::expire);
        }
        for (int slot = 0; slot < runs.size(); slot++) {
            int at = slot;
            runs.get(at).startsWaiting(() -> threads.runOther(() -> giveUp(at)));
            threads.runItemAt(at, () -> run(at));
        }
    }

    private void giveUp(int slot) {
        Outcome<ItemTask.NoItem, R> late = runs.get(slot).giveUp();
        if (late != null) {
            ended(slot, late);
        }
    }

    private void run(int slot) {
        ItemRun<ItemTask.NoItem, R> run = runs.get(slot);
        Outcome<ItemTask.NoItem, R> outcome = run.run(Thread.currentThread().getName(), slot);
        // of one that waited too long its end was told then
        if (run.givenUp() == null) {
            ended(slot, outcome);
        }
    }

    private void ended(int slot, Outcome<ItemTask.NoItem, R> outcome) {
        boolean last;
        synchronized (this) {
            if (outcome instanceof Outcome.Success<ItemTask.NoItem, R> success) {
                results.set(slot, success.value());
            } else if (outcome instanceof Outcome.Failure<ItemTask.NoItem, R> failure) {
                failures.add(slot, failure.error());
                failed++;
            }
            ended[slot] = true;
            last = ++done == runs.size();
        }
        if (reports != null) {
            reports.changed();
        }
        if (last) {
            answer();
            calls.remove(this);
        }
    }

    private synchronized void answer() {
        if (clock != null) {
            clock.cancel(false);
        }
        if (failures.isEmpty()) {
            future.succeed(allResults());
        } else if (!future.isDone()) {
            future.fail(failures.thrown());
        }
    }

    @SuppressWarnings("NullAway") // a null among the results is one that the task returned
    private List<R> allResults() {
        return results;
    }

    private void expire() {
        FailureTally late = new FailureTally();
        synchronized (this) {
            for (int slot = 0; slot < ended.length && deadline != null; slot++) {
                if (!ended[slot]) {
                    late.add(slot, deadline.exceeded(slot, runs.get(slot).state()));
                }
            }
        }
        if (!late.isEmpty()) {
            future.fail(late.thrown());
            stopRuns();
        }
    }

    private synchronized CallProgress progress() {
        return new CallProgress(done, failed, OptionalLong.of(runs.size()));
    }

    /** Whoever listens hears the end of it. */
    void lastReport() {
        if (reports != null) {
            reports.end();
        }
    }

    private void stopRuns() {
        runs.forEach(ItemRun::stop);
    }

    private void dropRuns() {
        runs.forEach(ItemRun::drop);
    }

    @Override
    public void cancel() {
        future.cancel(true);
    }
}
