// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A wait for what another process does within moments most of the time, before its owner is asked for a wake.
 *
 * <p>It spins for as long as that takes while the other process runs. If nothing has come by then, the other does not run just
 * now: so it naps, which leaves a core to the other, and looks again after each nap. A wait through the owner takes three threads
 * of two processes, and some hundred microseconds of CPU where such waits are rare; all naps together take less than that.
 */
final class BriefWait {
    private static final long SPIN_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 20_000 : 0;

    /** The system adds about as much, so that nobody sleeps longer than a wake by the owner takes. */
    private static final long NAP_NANOS = 50_000;

    /** What takes longer than these is not brief, and nobody who waits long is to wake up for nothing. */
    private static final int NAPS = 10;

    private BriefWait() {}

    /**
     * Looks again and again, for about a millisecond.
     *
     * @param patience ends it early; an interrupt stays set
     * @param look null as long as there is nothing
     * @return null if nothing came
     */
    static <T> @Nullable T until(Patience patience, Supplier<? extends @Nullable T> look) {
        T seen = spin(patience, look);
        for (int nap = 0; seen == null && nap < NAPS && !patience.isOver(); nap++) {
            LockSupport.parkNanos(Math.min(NAP_NANOS, patience.left()));
            seen = look.get();
        }
        return seen;
    }

    private static <T> @Nullable T spin(Patience patience, Supplier<? extends @Nullable T> look) {
        long until = System.nanoTime() + Math.min(SPIN_NANOS, patience.left());
        do {
            T seen = look.get();
            if (seen != null) {
                return seen;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - until < 0);
        return null;
    }
}
