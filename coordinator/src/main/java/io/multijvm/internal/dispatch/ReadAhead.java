// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ChunkSize;
import io.multijvm.internal.chunk.ItemCost;

/**
 * How far a call's input may be read ahead: as far as workers have use for it, its consumer comes along, and memory allows.
 * Owned by the event loop, but for the gate.
 */
final class ReadAhead {
    /** Encoded items that may wait and be out, beyond what the window of items allows. */
    private static final long MOST_BYTES = 16L << 20;

    private static final int WINDOW_CHUNKS = 3;

    private final Gate gate;
    private final CallSettings settings;
    /** Whether a consumer takes results one by one, so that what it has not taken counts against the window. */
    private final boolean lazy;
    /** Items with their results that the consumer of a lazy call has taken. */
    private long taken;
    /** Of encoded items that have no outcome, and of results that a lazy call's consumer has not taken. */
    private long bytesHeld;

    ReadAhead(Gate gate, CallSettings settings, boolean lazy) {
        this.gate = gate;
        this.settings = settings;
        this.lazy = lazy;
    }

    void holds(long itemBytes) {
        bytesHeld += itemBytes;
    }

    /** Items are not needed any more; their results are held instead until they are taken, if anybody takes them. */
    void turned(long itemBytes, long resultBytes) {
        bytesHeld += (lazy ? resultBytes : 0) - itemBytes;
    }

    /** The consumer came along. */
    void taken(int items, long bytes) {
        taken += items;
        bytesHeld -= bytes;
    }

    /** Opens the gate as far as may be, now that so many items were given in, and so many are finished. */
    void open(int workers, ItemCost cost, long givenIn, long finished) {
        long through = lazy ? taken : finished;
        if (bytesHeld > MOST_BYTES && givenIn > through) {
            return;
        }
        // small chunks of a fixed size are given out many at a time
        int chunk = Math.max(settings.chunkSize(), ChunkSize.target(cost));
        long window = lazy && settings.buffer() > 0
                ? settings.buffer()
                : Math.max(2L * workers, (long) WINDOW_CHUNKS * workers * chunk);
        gate.open(through + window, chunk);
    }
}
