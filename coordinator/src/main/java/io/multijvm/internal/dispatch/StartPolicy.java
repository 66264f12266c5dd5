// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;

/**
 * When to stop starting workers. Deaths that finish an item or cost one are bounded by the items, so only fruitless ones
 * count: processes that never said hello, or died without having finished or begun an item. Owned by the event loop.
 */
final class StartPolicy {
    /** Fruitless in a row, over all slots, after which the pool is broken. */
    static final int MOST_FRUITLESS = 3;

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);

    private int fruitless;

    void worked() {
        fruitless = 0;
    }

    void fruitless() {
        fruitless++;
    }

    boolean exhausted() {
        return fruitless >= MOST_FRUITLESS;
    }

    /** How long to wait before the next start. */
    Duration backOff() {
        return fruitless == 0 ? Duration.ZERO : FIRST_BACK_OFF.multipliedBy(1L << (fruitless - 1));
    }
}
