// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Frame;
import java.util.HashMap;
import java.util.Map;

/**
 * Payloads that one worker sends in frames. Every number is checked before it is used; memory is taken as bytes arrive, not
 * as they are announced. Confined to the event loop.
 */
final class PayloadFrames {
    private static final int FIRST_BYTES = 1 << 20;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
    /** A worker sends one large result at a time. */
    private static final int MOST_PAYLOADS = 4;

    private final Map<Long, Partial> partials = new HashMap<>();

    /** The worker does not keep to the protocol. */
    static final class Misuse extends RuntimeException {
        Misuse(String message) {
            super(message);
        }
    }

    private static final class Partial {
        final int total;
        byte[] bytes;
        int filled;

        Partial(int total) {
            this.total = total;
            this.bytes = new byte[Math.min(total, FIRST_BYTES)];
        }
    }

    void add(Frame frame) {
        Partial partial = partials.get(frame.getPayloadId());
        if (partial == null) {
            require(
                    frame.getTotalLength() >= 0 && frame.getTotalLength() <= MOST_BYTES,
                    "a payload of " + frame.getTotalLength() + " bytes");
            require(partials.size() < MOST_PAYLOADS, "more than " + MOST_PAYLOADS + " payloads at once");
            partial = new Partial((int) frame.getTotalLength());
            partials.put(frame.getPayloadId(), partial);
        }
        ByteString data = frame.getData();
        require(frame.getTotalLength() == partial.total, "a payload that changes its length");
        require(data.size() <= partial.total - partial.filled, "more bytes than the payload has");
        if (partial.bytes.length < partial.filled + data.size()) {
            // an announced length is believed once the worker has sent a MiB of it
            partial.bytes = java.util.Arrays.copyOf(partial.bytes, partial.total);
        }
        data.copyTo(partial.bytes, partial.filled);
        partial.filled += data.size();
    }

    byte[] take(Carried carried) {
        Partial partial = partials.remove(carried.getPayloadId());
        if (partial == null || partial.filled != partial.total || partial.total != carried.getLength()) {
            throw new Misuse("payload " + carried.getPayloadId() + " is named but has not arrived whole");
        }
        return partial.bytes;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Misuse("a worker sent " + otherwise);
        }
    }
}
