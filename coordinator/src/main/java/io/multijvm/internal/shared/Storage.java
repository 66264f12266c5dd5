// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static io.multijvm.wire.arena.WideFile.PART_BYTES;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where the owner keeps the elements of an array, or the bytes of memory: behind the first line of its cell, in a file of
 * their own, or, where no memory is shared and they are many, in this process.
 *
 * @param file of its own; null if it has none
 * @param parts to get at the elements here, each of {@code PART_BYTES} but the last; null where all others map them, and
 *     the owner need not
 * @param base where they begin, in the file or in the first part
 * @param bytes of the elements; their memory goes on to the end of its last word
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Storage(@Nullable WideFile file, ByteBuffer @Nullable [] parts, long base, long bytes) {
    /** What fits into a cell. */
    static final int MOST_BYTES_IN_CELL = CellStore.MOST_CELL_BYTES - CellStore.CELL_BYTES;

    static Storage inCell(Cell cell, long bytes) {
        return new Storage(null, new ByteBuffer[] {cell.memory()}, cell.offset() + CellStore.CELL_BYTES, bytes);
    }

    /** @param base how much of the file comes before */
    static Storage inFile(WideFile file, long base, long bytes) {
        return new Storage(file, null, base, bytes);
    }

    /** @throws OutOfMemoryError if this JVM may not have so much */
    static Storage inThisProcess(long bytes) {
        long words = Words.whole(bytes);
        ByteBuffer[] parts = new ByteBuffer[Math.toIntExact((words + PART_BYTES - 1) / PART_BYTES)];
        for (int part = 0; part < parts.length; part++) {
            int length = (int) Math.min(PART_BYTES, words - (long) part * PART_BYTES);
            // aligned, so that elements can be compared and set
            parts[part] = ByteBuffer.allocateDirect(length + Long.BYTES)
                    .alignedSlice(Long.BYTES)
                    .slice(0, length)
                    .order(ByteOrder.nativeOrder());
        }
        return new Storage(null, parts, 0, bytes);
    }
}
