// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Frame;
import java.util.HashMap;
import java.util.Map;

/** Puts carried payloads together again. Confined to the event loop. */
final class FrameAssembler {
    private final Map<Long, Partial> partials = new HashMap<>();

    private static final class Partial {
        final byte[] bytes;
        int filled;

        Partial(int length) {
            bytes = new byte[length];
        }
    }

    void add(Frame frame) {
        Partial partial = partials.computeIfAbsent(
                frame.getPayloadId(), id -> new Partial(Math.toIntExact(frame.getTotalLength())));
        ByteString data = frame.getData();
        data.copyTo(partial.bytes, partial.filled);
        partial.filled += data.size();
    }

    /** The payload that a later message names. */
    byte[] take(Carried carried) {
        Partial partial = partials.remove(carried.getPayloadId());
        if (partial == null || partial.filled != carried.getLength() || partial.filled != partial.bytes.length) {
            throw new IllegalStateException(
                    "payload " + carried.getPayloadId() + " is named but has not arrived whole");
        }
        return partial.bytes;
    }
}
