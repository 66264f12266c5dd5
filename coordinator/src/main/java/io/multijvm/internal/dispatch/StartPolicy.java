// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When to stop starting workers. Deaths that finish an item or cost one are bounded by the items, and ends that were wanted
 * are no deaths; so only fruitless starts count. A process that never said hello counts until some worker has done something:
 * work may be waiting for it, so it must not be forgotten by time alone. One that came up and died before it had begun an
 * item was idle, and counts for as long as the window says. Owned by the event loop.
 */
final class StartPolicy {
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);

    /** The back-off is doubled so many times at most: 100 ms to 6.4 s. */
    private static final int MOST_DOUBLINGS = 6;

    private final CrewPlan.RestartLimit limit;
    private final EventLoop loop;
    private final Deque<Long> diedIdle = new ArrayDeque<>();
    private int neverCameUp;

    StartPolicy(CrewPlan.RestartLimit limit, EventLoop loop) {
        this.limit = limit;
        this.loop = loop;
    }

    void worked() {
        neverCameUp = 0;
        diedIdle.clear();
    }

    /** @param cameUp whether it had said hello */
    void fruitless(boolean cameUp) {
        if (cameUp) {
            diedIdle.addLast(loop.now());
        } else {
            neverCameUp++;
        }
    }

    boolean exhausted() {
        return fruitless() >= limit.starts();
    }

    /** How long to wait before the next start. */
    Duration backOff() {
        int fruitless = fruitless();
        return fruitless == 0
                ? Duration.ZERO
                : FIRST_BACK_OFF.multipliedBy(1L << Math.min(fruitless - 1, MOST_DOUBLINGS));
    }

    private int fruitless() {
        while (!diedIdle.isEmpty()
                && loop.now() - diedIdle.getFirst() > limit.window().toNanos()) {
            diedIdle.removeFirst();
        }
        return neverCameUp + diedIdle.size();
    }
}
