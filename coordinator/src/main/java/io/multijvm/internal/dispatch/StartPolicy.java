// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When to stop starting workers. Deaths that finish an item or cost one are bounded by the items, and ends that were wanted
 * are no deaths; so only fruitless starts count. Each cause counts by itself, so that none hides behind another. Owned by the
 * event loop.
 */
final class StartPolicy {
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);

    /** The back-off is doubled so many times at most: 100 ms to 6.4 s. */
    private static final int MOST_DOUBLINGS = 6;

    /** Why a start came to nothing. */
    enum Cause {
        /** It never said hello. Work may be waiting for it, so it counts until a worker has done something. */
        NEVER_UP,
        /** It said hello, and its init function failed, did not end or ended the process. Counts as long as the first. */
        NOT_INITIALISED,
        /** It was ready, and died before it had begun an item: it was idle, and counts as long as the window says. */
        DIED_IDLE
    }

    private final CrewPlan.RestartLimit limit;
    private final EventLoop loop;
    private final Deque<Long> diedIdle = new ArrayDeque<>();
    private int neverUp;
    private int notInitialised;

    StartPolicy(CrewPlan.RestartLimit limit, EventLoop loop) {
        this.limit = limit;
        this.loop = loop;
    }

    void worked() {
        neverUp = 0;
        notInitialised = 0;
        diedIdle.clear();
    }

    void fruitless(Cause cause) {
        switch (cause) {
            case NEVER_UP -> neverUp++;
            case NOT_INITIALISED -> notInitialised++;
            case DIED_IDLE -> diedIdle.addLast(loop.now());
        }
    }

    boolean exhausted() {
        forgetOld();
        return Math.max(neverUp, Math.max(notInitialised, diedIdle.size())) >= limit.starts();
    }

    /** How long to wait before the next start. */
    Duration backOff() {
        forgetOld();
        int fruitless = neverUp + notInitialised + diedIdle.size();
        return fruitless == 0
                ? Duration.ZERO
                : FIRST_BACK_OFF.multipliedBy(1L << Math.min(fruitless - 1, MOST_DOUBLINGS));
    }

    private void forgetOld() {
        while (!diedIdle.isEmpty()
                && loop.now() - diedIdle.getFirst() > limit.window().toNanos()) {
            diedIdle.removeFirst();
        }
    }
}
