// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

/**
 * How many items the next chunk gets.
 *
 * <p>A fixed size is kept. Otherwise a chunk aims at {@link #TARGET_NANOS} of work and {@link #TARGET_BYTES} of results,
 * grows by no more than a factor of four, since the first items may be unlike the others, and takes no more than half of
 * one worker's fair share of what is left, so that the last chunks end together.
 */
public final class ChunkSize {
    static final double TARGET_NANOS = 10e6;
    static final double TARGET_BYTES = 512 << 10;
    private static final int GROWTH = 4;
    private static final int MOST = 1 << 20;

    private ChunkSize() {}

    /**
     * The size of the next chunk.
     *
     * @param fixed items by the user's word, or 0
     * @param cost of the call's items so far
     * @param left items that are in sight and not yet given out, this chunk's included
     * @param workers that share them
     */
    public static int next(int fixed, ItemCost cost, long left, int workers) {
        if (fixed > 0) {
            return fixed;
        }
        long share = Math.max(1, (left + 2L * workers - 1) / (2L * workers));
        return (int) Math.min(share, target(cost));
    }

    /** The size that the cost alone asks for. */
    public static int target(ItemCost cost) {
        if (!cost.known()) {
            return 1;
        }
        double byTime = TARGET_NANOS / Math.max(1, cost.nanos());
        double byBytes = TARGET_BYTES / Math.max(1, cost.resultBytes());
        double byTrust = (double) GROWTH * cost.seen();
        return (int) Math.max(1, Math.min(Math.min(byTime, byBytes), Math.min(byTrust, MOST)));
    }
}
