// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import java.io.IOException;

/**
 * A payload on its way to a worker: one word that says how far it has been written, then, in a cache line of their own, its
 * bytes. The worker may be told of it at once, and copies out behind the writer.
 *
 * <pre>
 * 0 -- write --> bytes so far -- write --> the whole length
 * 0, bytes so far -- the mapping is gone --> LOST
 * </pre>
 */
public final class ArgumentRegion {
    /** Bytes before the payload's first. */
    public static final int HEADER = Extents.ALIGNMENT;

    /** In the word: no more will come. */
    public static final long LOST = -1;

    /** Small enough that the reader is not far behind and finds the bytes in the cache, large enough to cost no time. */
    private static final int PIECE = 256 << 10;

    private ArgumentRegion() {}

    /** Before the worker is told: nothing is written yet. The space must be reserved. */
    public static void begin(SharedSegment segment, int region) throws IOException {
        segment.set(region, 0);
    }

    /**
     * Writes the payload bit by bit, for a reader that follows. The space must be reserved.
     *
     * @throws IOException if the mapping is gone; the reader has been told
     */
    public static void write(SharedSegment segment, int region, byte[] bytes, int offset, int length)
            throws IOException {
        try {
            for (int done = 0; done < length; ) {
                int piece = Math.min(PIECE, length - done);
                segment.write(region + HEADER + done, bytes, offset + done, piece);
                done += piece;
                segment.set(region, done);
            }
        } catch (IOException e) {
            segment.set(region, LOST);
            throw e;
        }
    }

    /**
     * Writes the payload where nothing was before, and reserves the space by that; to be told to the worker afterwards.
     *
     * @throws IOException if there is no room
     */
    public static void writeNew(SharedSegment segment, int region, byte[] bytes, int offset, int length)
            throws IOException {
        segment.writeNew(region, new byte[HEADER], 0, HEADER);
        segment.writeNew(region + HEADER, bytes, offset, length);
        segment.set(region, length);
    }

    /** How many bytes were written, or {@link #LOST}. */
    public static long written(SharedSegment segment, int region) throws IOException {
        return segment.get(region);
    }
}
