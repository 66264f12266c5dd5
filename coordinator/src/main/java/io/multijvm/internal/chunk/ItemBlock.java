// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive encoded items of one call, as the caller's side made them. Immutable. Small items lie one behind the other
 * in one array, so that a run of them can cross without being copied; large ones have an array each.
 */
public final class ItemBlock {
    private final long firstIndex;
    private final byte[] small;
    /** Where each small item ends in {@link #small}; a large item ends where the one before it ended. */
    private final int[] ends;

    private final byte @Nullable [] @Nullable [] large;
    private final @Nullable Object owner;

    private ItemBlock(
            long firstIndex, byte[] small, int[] ends, byte @Nullable [] @Nullable [] large, @Nullable Object owner) {
        this.firstIndex = firstIndex;
        this.small = small;
        this.ends = ends;
        this.large = large;
        this.owner = owner;
    }

    /** A block of one item, with what waits for it. */
    public static ItemBlock single(long index, byte[] item, int largeFrom, Object owner) {
        return item.length > largeFrom
                ? new ItemBlock(index, new byte[0], new int[] {0}, new byte[][] {item}, owner)
                : new ItemBlock(index, item, new int[] {item.length}, null, owner);
    }

    /** Index of the first item in its call. */
    public long firstIndex() {
        return firstIndex;
    }

    public int count() {
        return ends.length;
    }

    /** Who waits for the one item of a {@link #single} block, or what all items of a block have in common; else null. */
    public @Nullable Object owner() {
        return owner;
    }

    /** The array that holds the small items; to be read only. */
    public byte[] smallBytes() {
        return small;
    }

    /** Where item {@code i} begins in {@link #smallBytes()}. */
    public int begin(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Where item {@code i} ends in {@link #smallBytes()}. */
    public int end(int i) {
        return ends[i];
    }

    /** Item {@code i} if it is a large one, to be read only; null if it is small. */
    public byte @Nullable [] large(int i) {
        return large == null ? null : large[i];
    }

    /** Encoded length of item {@code i}. */
    public long length(int i) {
        byte[] own = large(i);
        return own == null ? end(i) - begin(i) : own.length;
    }

    /** Encoded length of all items. */
    public long bytes() {
        long sum = small.length;
        if (large != null) {
            for (byte[] item : large) {
                sum += item == null ? 0 : item.length;
            }
        }
        return sum;
    }

    /** Collects items until there are enough of them. Not thread-safe. */
    public static final class Builder {
        private final long firstIndex;
        private final int largeFrom;
        private final @Nullable Object owner;
        private byte[] small = new byte[1024];
        private int used;
        private int[] ends = new int[16];
        private int count;
        private byte @Nullable [] @Nullable [] large;
        private long bytes;

        /**
         * @param firstIndex of the first item in its call
         * @param largeFrom an item of more bytes than this is a large one
         */
        public Builder(long firstIndex, int largeFrom) {
            this(firstIndex, largeFrom, null);
        }

        /** As above; {@code owner} is what all these items have in common. */
        public Builder(long firstIndex, int largeFrom, @Nullable Object owner) {
            this.firstIndex = firstIndex;
            this.largeFrom = largeFrom;
            this.owner = owner;
        }

        public @Nullable Object owner() {
            return owner;
        }

        public int count() {
            return count;
        }

        public long bytes() {
            return bytes;
        }

        /** Adds the next item; keeps the array if it is a large one. */
        public void add(byte[] item) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
                if (large != null) {
                    large = Arrays.copyOf(large, count * 2);
                }
            }
            if (item.length > largeFrom) {
                if (large == null) {
                    large = new byte[ends.length][];
                }
                large[count] = item;
            } else {
                if (small.length - used < item.length) {
                    small = Arrays.copyOf(small, Math.max(small.length * 2, used + item.length));
                }
                System.arraycopy(item, 0, small, used, item.length);
                used += item.length;
            }
            ends[count++] = used;
            bytes += item.length;
        }

        public ItemBlock build() {
            return new ItemBlock(
                    firstIndex,
                    Arrays.copyOf(small, used),
                    Arrays.copyOf(ends, count),
                    large == null ? null : Arrays.copyOf(large, count),
                    owner);
        }
    }
}
