// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ItemBlock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Since when the items of one call wait that may wait only so long, and when it is time to look for those that are overdue.
 * To look at everything that waits takes its time, so it is done a hundred times in a limit at most. Owned by the event loop.
 */
final class QueueTimes {
    private static final int LOOKS_A_LIMIT = 100;
    private static final long SHORTEST_GRAIN = Duration.ofMillis(1).toNanos();

    private final Duration limit;
    private final long nanos;
    /** Handed in since the last turn. */
    private final List<ItemBlock> newcomers = new ArrayList<>();
    /** Something came back that had been given to a worker, and may be overdue by now. */
    private boolean cameBack;
    /** Whether something may wait. */
    private boolean any;
    /** By the loop's clock, if something may wait. */
    private long lookAt;

    QueueTimes(Duration limit) {
        this.limit = limit;
        // so that a point in time that far away can still be compared
        this.nanos =
                limit.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : limit.toNanos();
    }

    Duration limit() {
        return limit;
    }

    void came(ItemBlock block) {
        newcomers.add(block);
    }

    void cameBack() {
        cameBack = true;
    }

    /** Whether it is time to look. Once a turn. */
    boolean due(long now) {
        newcomers.forEach(block -> block.cameIn(now));
        if (!newcomers.isEmpty() && !any) {
            any = true;
            lookAt = now + nanos;
        }
        newcomers.clear();
        return cameBack || (any && lookAt - now <= 0);
    }

    /** Whether what came in then has waited too long. */
    boolean overdue(long cameIn, long now) {
        return now - cameIn >= nanos;
    }

    /**
     * It was looked.
     *
     * @param waits whether something does that is not overdue
     * @param oldest when the first of that came in
     */
    void looked(long now, boolean waits, long oldest) {
        cameBack = false;
        any = waits;
        long grain = Math.max(SHORTEST_GRAIN, nanos / LOOKS_A_LIMIT);
        lookAt = Math.max(oldest + nanos - now, grain) + now;
    }

    /** How long until the next look; {@code Long.MAX_VALUE} if nothing waits. */
    long untilLook(long now) {
        return any ? Math.max(0, lookAt - now) : Long.MAX_VALUE;
    }
}
