// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.worker.execute.ChunkItems;
import java.util.function.Function;

/** Finds the items in the message that they came in. */
final class ChunkReader {
    private final Chunk chunk;
    private final Function<Carried, byte[]> frames;
    private final ChunkItems.Builder items;
    private int nextEntry;
    private int nextCarried;

    private ChunkReader(Chunk chunk, Function<Carried, byte[]> frames) {
        this.chunk = chunk;
        this.frames = frames;
        this.items = new ChunkItems.Builder(chunk.getItems().toByteArray());
    }

    /** @param frames has what was carried */
    static ChunkItems items(Chunk chunk, Function<Carried, byte[]> frames) {
        ChunkReader reader = new ChunkReader(chunk, frames);
        while (reader.nextEntry < chunk.getLengthsCount()) {
            reader.read();
        }
        return reader.items.build();
    }

    private void read() {
        int length = chunk.getLengths(nextEntry++);
        if (length == Protocol.CHUNK_CARRIED) {
            items.single(carried());
        } else if (length == Protocol.CHUNK_PACKED) {
            int type = chunk.getLengths(nextEntry++);
            int count = chunk.getLengths(nextEntry++);
            int bytes = chunk.getLengths(nextEntry++);
            if (bytes == Protocol.CHUNK_CARRIED) {
                items.packed(type, count, carried());
            } else {
                items.packed(type, count, bytes);
            }
        } else {
            items.single(length);
        }
    }

    private byte[] carried() {
        return frames.apply(chunk.getCarried(nextCarried++));
    }
}
