// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import java.util.function.BooleanSupplier;

/**
 * Looking again and again for a moment before one waits: it saves two hand-overs if the other side runs at that moment, and
 * takes the core from it if not. So it is done as long as it pays: after each time in vain it is left out twice as often as
 * before. Thread-safe; what threads forget of each other here costs time alone.
 */
final class QuickLooks {
    /** About what it costs to wake somebody. */
    private static final long MOST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

    private static final int MOST_MISSES = 8;

    private volatile int misses;
    private volatile int leaveOut;

    /** For so many nanoseconds at most, or not at all. */
    void until(BooleanSupplier there, long nanos) {
        int left = leaveOut;
        if (left > 0) {
            leaveOut = left - 1;
            return;
        }
        long most = Math.min(nanos, MOST_NANOS);
        long begin = System.nanoTime();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - begin >= most) {
                int missed = Math.min(misses + 1, MOST_MISSES);
                misses = missed;
                leaveOut = (1 << missed) - 1;
                return;
            }
            Thread.onSpinWait();
        }
        misses = 0;
    }
}
