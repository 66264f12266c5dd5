// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static io.multijvm.wire.arena.WideFile.PART_BYTES;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the elements of an array, or the bytes of memory, are for this process. */
final class Block {
    private static final int PART_SHIFT = Integer.numberOfTrailingZeros(PART_BYTES);

    private final ByteBuffer @Nullable [] parts;
    private final long base;
    private final long bytes;

    /**
     * @param parts each of {@code PART_BYTES} but the last; null where no memory is shared
     * @param base where it begins in the first part
     */
    Block(ByteBuffer @Nullable [] parts, long base, long bytes) {
        this.parts = parts;
        this.base = base;
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }

    boolean isMapped() {
        return parts != null;
    }

    /**
     * Where an element is, for {@link #part} and {@link #inPart}.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    long at(long index, int shift) {
        return base + (Objects.checkIndex(index, bytes >>> shift) << shift);
    }

    /** The part that holds it; null where no memory is shared. */
    @Nullable
    ByteBuffer part(long at) {
        return parts == null ? null : parts[(int) (at >>> PART_SHIFT)];
    }

    int inPart(long at) {
        return (int) at & (PART_BYTES - 1);
    }

    /** As much of a range as its part holds. */
    ByteBuffer slice(long at, long most) {
        ByteBuffer part = Objects.requireNonNull(part(at));
        int from = inPart(at);
        return part.slice(from, (int) Math.min(most, part.capacity() - from)).order(part.order());
    }
}
