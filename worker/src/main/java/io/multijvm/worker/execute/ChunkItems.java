// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.codec.ValueCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a chunk as they arrived: encoded one by one, or packed, by turns. They are decoded in order, each at most once,
 * by the task thread.
 */
public final class ChunkItems {
    private final List<Part> parts;
    private final int count;
    // the task thread's
    private int current;

    private ChunkItems(List<Part> parts, int count) {
        this.parts = parts;
        this.count = count;
    }

    int count() {
        return count;
    }

    /** Decodes an item behind those that were decoded or passed over before. */
    @Nullable
    Object decode(int position, ValueCodec codec) {
        Part part = parts.get(current);
        while (position >= part.end) {
            part = parts.get(++current);
        }
        return part.decode(position - part.begin, codec);
    }

    /** Neighbours that arrived in the same way. */
    private abstract static class Part {
        final int begin;
        final int end;

        Part(int begin, int end) {
            this.begin = begin;
            this.end = end;
        }

        abstract @Nullable Object decode(int at, ValueCodec codec);
    }

    private static final class Single extends Part {
        private final byte[] bytes;
        private final int[] ends;
        private final byte @Nullable [][] own;

        Single(int begin, byte[] bytes, int[] ends, byte @Nullable [][] own) {
            super(begin, begin + ends.length - 1);
            this.bytes = bytes;
            this.ends = ends;
            this.own = own;
        }

        @Override
        @Nullable
        Object decode(int at, ValueCodec codec) {
            byte[] large = own == null ? null : own[at];
            return large == null
                    ? codec.decode(bytes, ends[at], ends[at + 1] - ends[at])
                    : codec.decode(large, 0, large.length);
        }
    }

    private static final class Packed extends Part {
        private final PackedValues values;
        private int next;

        Packed(int begin, int count, PackedValues values) {
            super(begin, begin + count);
            this.values = values;
        }

        @Override
        Object decode(int at, ValueCodec codec) {
            if (at > next) {
                values.skip(at - next);
            }
            next = at + 1;
            return values.next();
        }
    }

    /** Puts them together in their order. */
    public static final class Builder {
        private final byte[] bytes;
        private final List<Part> parts = new ArrayList<>();
        private int used;
        private int count;

        // of the singles that no part has yet: where each begins, and where the last one ends
        private int[] ends = new int[8];
        private int singles;
        private byte @Nullable [][] own;

        /** @param bytes small items, one behind the other */
        public Builder(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The next item has the next so many bytes. */
        public void single(int length) {
            startSingle();
            used += length;
            ends[singles] = used;
        }

        /** The next item has an array of its own. */
        public void single(byte[] large) {
            startSingle();
            byte[][] all = own == null ? new byte[ends.length][] : Arrays.copyOf(own, ends.length);
            all[singles - 1] = large;
            own = all;
            ends[singles] = used;
        }

        private void startSingle() {
            if (singles == 0) {
                ends[0] = used;
            }
            if (++singles == ends.length) {
                ends = Arrays.copyOf(ends, 2 * singles);
            }
            count++;
        }

        /** The next items are packed in the next so many bytes. */
        public void packed(int type, int items, int length) {
            packed(type, items, bytes, used, length);
            used += length;
        }

        /** The next items are packed in an array of their own. */
        public void packed(int type, int items, byte[] large) {
            packed(type, items, large, 0, large.length);
        }

        private void packed(int code, int items, byte[] from, int offset, int length) {
            PackedType type = PackedType.ofCode(code);
            if (type == null || items <= 0) {
                throw new IllegalStateException(items + " packed items of type " + code);
            }
            endSingles();
            parts.add(new Packed(count, items, new PackedValues(type, from, offset, offset + length)));
            count += items;
        }

        private void endSingles() {
            if (singles > 0) {
                byte[][] large = own == null ? null : Arrays.copyOf(own, singles);
                parts.add(new Single(count - singles, bytes, Arrays.copyOf(ends, singles + 1), large));
                singles = 0;
                own = null;
            }
        }

        public ChunkItems build() {
            endSingles();
            return new ChunkItems(parts, count);
        }
    }
}
