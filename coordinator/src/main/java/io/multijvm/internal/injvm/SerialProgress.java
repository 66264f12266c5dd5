// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How far a call is whose items the caller runs itself, and its listener, which the caller calls between them. */
final class SerialProgress {
    private final @Nullable ProgressReports reports;
    /** Since {@link System#nanoTime}; the caller's. */
    private long due = System.nanoTime() + ProgressReports.PAUSE.toNanos();

    private @Nullable Runnable report;
    private volatile CallProgress now;

    /** @param items of the call; null for a single task */
    SerialProgress(CallSettings settings, @Nullable Iterable<?> items) {
        OptionalLong total = OptionalLong.empty();
        if (items == null) {
            total = OptionalLong.of(1);
        } else if (items instanceof Collection<?> collection) {
            total = OptionalLong.of(collection.size());
        }
        now = new CallProgress(0, 0, total);
        reports = settings.progress() == null ? null : new ProgressReports(settings.progress(), this::now, this::later);
    }

    private void later(Duration after, Runnable next) {
        report = next;
    }

    CallProgress now() {
        return now;
    }

    /** One item more; by the caller. */
    void count(Outcome<?, ?> outcome) {
        CallProgress before = now;
        long done = before.done() + 1;
        long failed = before.failed() + (outcome instanceof Outcome.Failure ? 1 : 0);
        OptionalLong total = before.total();
        now = new CallProgress(
                done, failed, total.isPresent() ? OptionalLong.of(Math.max(done, total.getAsLong())) : total);
        if (reports == null) {
            return;
        }
        reports.changed();
        Runnable next = report;
        if (next != null && due - System.nanoTime() <= 0) {
            report = null;
            due = System.nanoTime() + ProgressReports.PAUSE.toNanos();
            next.run();
        }
    }

    /** All items that there were have been run. */
    void complete() {
        CallProgress last = now;
        now = new CallProgress(last.done(), last.failed(), OptionalLong.of(last.done()));
    }

    /** The call is over; by the caller. */
    void end() {
        if (reports != null) {
            reports.end();
        }
    }
}
