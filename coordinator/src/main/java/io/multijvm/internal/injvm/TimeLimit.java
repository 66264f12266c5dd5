// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.Progress;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.worker.context.StackText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How long each item of a call may run, and what happens then: as in a pool of processes, but for killing. */
record TimeLimit(CallSettings settings) {
    private static final String OURS = "io.multijvm.internal.injvm.";

    /** One for all pools of this JVM; its thread goes when there is nothing to time. */
    private static final ScheduledThreadPoolExecutor TIMER = newTimer();

    private static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "multijvm-time-limits");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(500, TimeUnit.MILLISECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    /** Has {@code timeOut} run when the time is over, unless the answer is cancelled before; null if there is no limit. */
    @Nullable
    Future<?> start(Runnable timeOut) {
        Duration limit = settings.itemTimeout();
        return limit == null ? null : after(limit, timeOut);
    }

    /** Has {@code tooLong} run when an item has waited as long as it may; null if it may wait for ever. */
    @Nullable
    Future<?> startWaiting(Runnable tooLong) {
        Duration limit = settings.queueTimeout();
        return limit == null ? null : after(limit, tooLong);
    }

    /** Has something short run after a while, unless the answer is cancelled before. */
    static Future<?> after(Duration wait, Runnable action) {
        return TIMER.schedule(action, nanos(wait), TimeUnit.NANOSECONDS);
    }

    /** Saturated, and so that a point in time that far away can still be compared. */
    static long nanos(Duration duration) {
        return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
    }

    /**
     * What tells the call's listener how far it is; null if there is none.
     *
     * @param where runs the reports
     */
    static @Nullable ProgressReports reports(CallSettings settings, Supplier<CallProgress> meter, Executor where) {
        Progress listener = settings.progress();
        return listener == null
                ? null
                : new ProgressReports(listener, meter, (after, report) -> {
                    var unused = after(after, () -> where.execute(report));
                });
    }

    /** How long the item waits before it is begun again. */
    Duration restAfter(int attempt, long index) {
        return settings.backoff().after(attempt, index);
    }

    /** Whether an item whose attempt failed so has another. */
    boolean runsAgain(FailureKind kind, int attempt) {
        return settings.retries(kind, attempt);
    }

    TaskTimeoutException exceeded(long index, String where, List<String> stack) {
        Duration limit = settings.itemTimeout();
        if (limit == null) {
            throw new AssertionError("item " + index + " timed out without a limit");
        }
        return new TaskTimeoutException(index, limit, where, stack);
    }

    TaskTimeoutException waitedTooLong(long index) {
        Duration limit = settings.queueTimeout();
        if (limit == null) {
            throw new AssertionError("item " + index + " waited too long without a limit");
        }
        return TaskTimeoutException.ofQueue(index, limit);
    }

    /** Where the thread stands, as far as the user's code is concerned. */
    static List<String> stackOf(Thread thread) {
        return StackText.above(thread, OURS);
    }
}
