// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.codec.PackedType;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.wire.v1.Chunk;
import java.util.List;

/**
 * Makes one message of a chunk's slices: the small items one behind the other, the large ones carried. Items of a single
 * slice cross without being copied, for they lie one behind the other in their block already. Packed items are small ones, and
 * all of a chunk are packed alike or none.
 */
final class ChunkWriter {
    /** In the lengths of a chunk: this item is the next of the carried ones. */
    static final int CARRIED = -1;

    /** A chunk's small items beyond this are carried one by one: together they could outgrow an array. */
    private static final int MAX_TOGETHER_BYTES = 256 << 20;

    private final PayloadCarrier carrier;
    private final Chunk.Builder chunk = Chunk.newBuilder();
    private final List<Slice> slices;
    private final int maxTogetherBytes;
    /** Small items before this many bytes go into the message itself. */
    private int together;

    private boolean full;

    private ChunkWriter(List<Slice> slices, PayloadCarrier carrier, int maxTogetherBytes) {
        this.slices = slices;
        this.carrier = carrier;
        this.maxTogetherBytes = maxTogetherBytes;
    }

    /** Places what must be carried, and returns what is to cross after it. */
    static Chunk write(long chunkId, long callId, List<Slice> slices, PayloadCarrier carrier) {
        return write(chunkId, callId, slices, carrier, MAX_TOGETHER_BYTES);
    }

    static Chunk write(long chunkId, long callId, List<Slice> slices, PayloadCarrier carrier, int maxTogetherBytes) {
        if (slices.isEmpty()) {
            throw new IllegalArgumentException("chunk " + chunkId + " has no items");
        }
        ChunkWriter writer = new ChunkWriter(slices, carrier, maxTogetherBytes);
        PackedType packed = slices.get(0).block().packed();
        if (packed != null) {
            writer.packed(packed);
        } else {
            slices.forEach(writer::lengths);
        }
        return writer.chunk
                .setChunkId(chunkId)
                .setCallId(callId)
                .setFirstIndex(slices.get(0).firstIndex())
                .setItems(writer.items())
                .build();
    }

    private void packed(PackedType type) {
        int count = 0;
        for (Slice slice : slices) {
            count += slice.size();
            together += smallBytes(slice);
        }
        chunk.setPackedType(type.code()).setPackedCount(count);
    }

    private void lengths(Slice slice) {
        ItemBlock block = slice.block();
        for (int i = slice.from(); i < slice.to(); i++) {
            byte[] large = block.large(i);
            if (large != null) {
                carry(large, 0, large.length);
                continue;
            }
            int begin = block.begin(i);
            int length = block.end(i) - begin;
            // once full, always full: what crosses in the message is a prefix of the small items
            full |= length > maxTogetherBytes - together;
            if (full && length > 0) {
                carry(block.smallBytes(), begin, length);
            } else {
                chunk.addLengths(length);
                together += length;
            }
        }
    }

    private void carry(byte[] bytes, int offset, int length) {
        chunk.addLengths(CARRIED);
        chunk.addCarried(carrier.place(bytes, offset, length));
    }

    private ByteString items() {
        Slice first = slices.get(0);
        int firstBytes = smallBytes(first);
        if (firstBytes >= together) {
            return UnsafeByteOperations.unsafeWrap(
                    first.block().smallBytes(), first.block().begin(first.from()), together);
        }
        byte[] copy = new byte[together];
        int filled = 0;
        for (int i = 0; filled < together; i++) {
            Slice slice = slices.get(i);
            int length = Math.min(smallBytes(slice), together - filled);
            System.arraycopy(slice.block().smallBytes(), slice.block().begin(slice.from()), copy, filled, length);
            filled += length;
        }
        return UnsafeByteOperations.unsafeWrap(copy);
    }

    private static int smallBytes(Slice slice) {
        return slice.block().end(slice.to() - 1) - slice.block().begin(slice.from());
    }
}
