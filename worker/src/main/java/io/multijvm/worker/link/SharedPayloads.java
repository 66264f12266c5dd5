// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.wire.arena.ArgumentRegion;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.v1.Placed;
import io.multijvm.wire.v1.Segment;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The segments that the coordinator writes into, and the payloads there that no message has named yet. The loop's. */
final class SharedPayloads {
    private final Map<Integer, SharedSegment> segments = new HashMap<>();
    private final Map<Long, SharedPayload> named = new HashMap<>();
    private final LongConsumer read;

    /** @param read tells the coordinator that a payload's region is free; from any thread */
    SharedPayloads(LongConsumer read) {
        this.read = read;
    }

    /**
     * Maps a segment.
     *
     * @throws IOException if that cannot be; the coordinator has to hear of it
     */
    void map(Segment segment) throws IOException {
        segments.put(segment.getSegmentId(), SharedSegment.open(segment.getPath(), segment.getBytes(), false));
    }

    void drop(int segmentId) {
        SharedSegment segment = segments.remove(segmentId);
        if (segment != null) {
            segment.release();
        }
    }

    /** A later message will name this payload. */
    void placed(Placed placed) {
        SharedSegment segment = segments.get(placed.getSegmentId());
        long end = placed.getOffset() + ArgumentRegion.HEADER + placed.getLength();
        if (segment == null || placed.getLength() < 1 || end > segment.bytes() || !segment.lease()) {
            throw new IllegalStateException("payload " + placed.getPayloadId() + " lies at " + placed.getOffset()
                    + " of segment " + placed.getSegmentId() + ", where nothing is");
        }
        long id = placed.getPayloadId();
        named.put(
                id,
                new SharedPayload(segment, (int) placed.getOffset(), (int) placed.getLength(), () -> read.accept(id)));
    }

    /** The payload, if it lies in a segment; null if it came in frames. */
    @Nullable
    SharedPayload take(long payloadId) {
        return named.remove(payloadId);
    }
}
