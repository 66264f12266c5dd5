// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import io.multijvm.wire.arena.SharedSegment;

/**
 * How large the next segment of one worker and one direction is: the first has a mebibyte, each further one twice the last up
 * to {@link #MOST_USUAL}, so that workers with small payloads stay small; one that does not fit gets a segment of its own size.
 */
public final class SegmentSize {
    static final int FIRST = 1 << 20;
    static final int MOST_USUAL = 16 << 20;

    /** A worker that has more than this gets no further segment; what has no room crosses in frames. */
    public static final long MOST_BYTES = 256L << 20;

    /** Empty segments beyond this go; below it they stay, for memory that was touched is three times as fast. */
    public static final long KEEP_BYTES = 96 << 20;

    private static final int PAGES = 64 << 10;

    private SegmentSize() {}

    /**
     * The next size.
     *
     * @param needed what has to fit
     * @param last size of the one made before it, or 0
     * @param total size of all there are
     * @return 0 if there is to be no further one
     */
    public static int next(long needed, int last, long total) {
        if (needed < 1 || needed > SharedSegment.MAX_BYTES || total > MOST_BYTES) {
            return 0;
        }
        int usual = last == 0 ? FIRST : Math.min(MOST_USUAL, Math.max(FIRST, 2 * Math.min(last, MOST_USUAL)));
        return (int) Math.min(SharedSegment.MAX_BYTES, Math.max(usual, needed + PAGES - 1 & -PAGES));
    }
}
