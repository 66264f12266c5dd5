// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.ToWorker;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Items for chunks, and what a worker makes of the messages that carry them. */
final class Items {
    private Items() {}

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Slice slice(long firstIndex, byte[]... items) {
        ItemBlock.Builder block = new ItemBlock.Builder(firstIndex, Protocol.MAX_INLINE_ITEM_BYTES);
        for (byte[] item : items) {
            block.add(item);
        }
        return Slice.of(block.build());
    }

    /** The items of a chunk, as a worker unpacks them. */
    static List<byte[]> unpack(Chunk chunk, Map<Long, byte[]> payloads) {
        List<byte[]> items = new ArrayList<>();
        byte[] together = chunk.getItems().toByteArray();
        int begin = 0;
        int carried = 0;
        for (int length : chunk.getLengthsList()) {
            if (length == ChunkWriter.CARRIED) {
                items.add(payloads.get(chunk.getCarried(carried++).getPayloadId()));
            } else {
                items.add(Arrays.copyOfRange(together, begin, begin + length));
                begin += length;
            }
        }
        return items;
    }

    /** The payloads that frames carry, each whole. */
    static Map<Long, byte[]> payloads(List<ToWorker> messages) {
        Map<Long, ByteArrayOutputStream> parts = new HashMap<>();
        for (ToWorker message : messages) {
            if (message.hasFrame()) {
                Frame frame = message.getFrame();
                parts.computeIfAbsent(frame.getPayloadId(), id -> new ByteArrayOutputStream())
                        .writeBytes(frame.getData().toByteArray());
            }
        }
        Map<Long, byte[]> payloads = new HashMap<>();
        parts.forEach((id, bytes) -> payloads.put(id, bytes.toByteArray()));
        return payloads;
    }
}
