// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where the threads of one process queue for a shared lock, before one of them competes with other processes. */
final class LocalQueue extends ReentrantLock {
    private static final long serialVersionUID = 1;

    /** For messages. */
    @Nullable
    Thread holder() {
        return getOwner();
    }

    /** Waits so long at most; false if that or patience was over. An interrupt is kept. */
    boolean lockWithin(long nanos, Patience patience) {
        boolean interrupted = false;
        long began = System.nanoTime();
        try {
            while (true) {
                try {
                    long left = nanos - (System.nanoTime() - began);
                    return tryLock(Math.min(left, patience.left()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (patience.interruptible()) {
                        return false;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
