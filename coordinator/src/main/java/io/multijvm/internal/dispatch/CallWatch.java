// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.Progress;
import io.multijvm.internal.call.CallMeter;
import io.multijvm.internal.call.ProgressReports;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How far one call is, for those who look from outside. Counted by the event loop; the meter may be read by any thread, and
 * the reports are made by others.
 */
final class CallWatch {
    private final CallMeter meter = new CallMeter();
    /** Set by the thread that submits the call, before the loop knows of it. */
    private @Nullable ProgressReports reports;

    private long failed;
    /** Finished items that nobody waited for any more. */
    private long dropped;

    private boolean ended;

    /** Somebody listens; before the call is submitted. */
    void listen(CallState call, Progress listener, EventLoop loop, Executor support) {
        listen(
                listener,
                // a call that is over makes its last report by itself, perhaps when the pool is gone
                (after, report) -> loop.schedule(
                        () -> {
                            if (!call.over()) {
                                support.execute(report);
                            }
                        },
                        after));
    }

    /** As above, where calls are passed on. */
    void listen(Progress listener, ProgressReports.Later later) {
        reports = new ProgressReports(listener, meter::now, later);
    }

    /** As {@link #publish}, where calls are passed on. */
    void set(long finished, long ofThemFailed, long total) {
        meter.set(finished, ofThemFailed, total);
        if (reports != null) {
            reports.changed();
        }
    }

    CallMeter meter() {
        return meter;
    }

    @Nullable
    ProgressReports reports() {
        return reports;
    }

    void failed(long items) {
        failed += items;
    }

    void dropped() {
        dropped++;
    }

    /**
     * At the end of a turn, or of the call.
     *
     * @param finished items, dropped ones included
     * @param total items there are; -1 if that is not known
     */
    void publish(long finished, long total) {
        meter.set(finished - dropped, failed, total);
        if (reports != null) {
            reports.changed();
        }
    }

    /** The call is over. Again: nothing. */
    void end(Executor support) {
        if (reports != null && !ended) {
            ended = true;
            support.execute(reports::end);
        }
    }
}
