// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.concurrent.TimeUnit;

/**
 * Until when a call may wait.
 *
 * @param limited whether there is an end at all
 * @param atNanos when it is, by {@code System.nanoTime}
 */
record Deadline(boolean limited, long atNanos) {
    static final Deadline NONE = new Deadline(false, 0);

    static Deadline in(long timeout, TimeUnit unit) {
        return new Deadline(true, System.nanoTime() + unit.toNanos(timeout));
    }

    /** How long there is left; zero or less when it is over. */
    long leftNanos() {
        return limited ? atNanos - System.nanoTime() : Long.MAX_VALUE;
    }

    boolean isOver() {
        return leftNanos() <= 0;
    }
}
