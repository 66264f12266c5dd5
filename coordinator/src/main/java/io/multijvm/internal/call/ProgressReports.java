// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.CallProgress;
import io.multijvm.Progress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Tells one listener how far its call is: soon after a change, but not more often than it wants to hear, and once at the
 * end. Thread-safe.
 */
public final class ProgressReports {
    /** Between two reports. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    private final Progress listener;
    private final Supplier<CallProgress> meter;
    private final Later later;
    private final AtomicBoolean due = new AtomicBoolean();

    // guarded by this
    private boolean over;
    private boolean broken;

    /** Has something run after a while, in a thread that may take its time. */
    @FunctionalInterface
    public interface Later {
        void run(Duration after, Runnable report);
    }

    /** @param meter says how far the call is; must not wait */
    public ProgressReports(Progress listener, Supplier<CallProgress> meter, Later later) {
        this.listener = listener;
        this.meter = meter;
        this.later = later;
    }

    /** The meter moved. Cheap. */
    public void changed() {
        if (!due.get() && due.compareAndSet(false, true)) {
            later.run(PAUSE, () -> {
                due.set(false);
                report(false);
            });
        }
    }

    /** The call is over; the last report is made before this returns. Again: nothing. */
    public void end() {
        report(true);
    }

    /** Under the lock, so that reports come one by one and none after the last. */
    private synchronized void report(boolean last) {
        if (over || broken) {
            return;
        }
        over = last;
        try {
            listener.progressed(meter.get());
        } catch (Throwable e) { // user code: its failure must not become the call's
            broken = true;
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
