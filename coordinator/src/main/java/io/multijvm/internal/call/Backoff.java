// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long an item waits before it is begun again: {@code first}, then twice as long each time, up to {@code most}; and up
 * to a quarter longer, so that items that failed together do not come back together.
 *
 * @param first before the second attempt; zero for no waiting at all
 * @param most of any wait, but for the quarter
 */
public record Backoff(Duration first, Duration most) {
    /** Longer than any run; what is above cannot be counted in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(365);

    public static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO);

    public Backoff {
        if (first.isNegative()) {
            throw new IllegalArgumentException("backoff: first must not be negative, but is " + first);
        }
        if (most.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff: most must be at least first, " + first + ", not " + most);
        }
        first = first.compareTo(LONGEST) > 0 ? LONGEST : first;
        most = most.compareTo(LONGEST) > 0 ? LONGEST : most;
    }

    /**
     * The wait after an attempt in vain. The same for the same arguments, so that a run can be repeated.
     *
     * @param attempt that failed, from 1
     * @param seed of the quarter by chance
     */
    public Duration after(int attempt, long seed) {
        long nanos = first.toNanos();
        long limit = most.toNanos();
        for (int i = 1; i < attempt && nanos < limit && nanos > 0; i++) {
            nanos = nanos > limit / 2 ? limit : nanos * 2;
        }
        long chance = nanos < 4 ? 0 : new SplittableRandom(seed * 31 + attempt).nextLong(nanos / 4);
        return Duration.ofNanos(nanos + chance);
    }
}
