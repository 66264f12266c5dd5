// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

import io.multijvm.codec.PackedType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive encoded items of one call, as the caller's side made them. Immutable, but for when it came in. Small items lie one behind the other
 * in one array, so that a run of them can cross without being copied; large ones have an array each. Or all of a block are
 * packed: then they are small ones without a word between them.
 */
public final class ItemBlock {
    /** In place of a block where there is none. */
    public static final ItemBlock NONE = new ItemBlock(0, 0, new byte[0], new int[0], null, null, null);

    private final long firstIndex;
    private final int count;
    private final byte[] small;
    /**
     * Where each small item ends in {@link #small}; a large item ends where the one before it ended. Empty where all take as much.
     */
    private final int[] ends;

    private final @Nullable PackedType packed;

    private final byte @Nullable [] @Nullable [] large;
    private final @Nullable Object owner;
    /** Where items may wait only so long; the event loop's, by its clock. */
    private long cameIn;

    private ItemBlock(
            long firstIndex,
            int count,
            byte[] small,
            int[] ends,
            @Nullable PackedType packed,
            byte @Nullable [] @Nullable [] large,
            @Nullable Object owner) {
        this.firstIndex = firstIndex;
        this.count = count;
        this.small = small;
        this.ends = ends;
        this.packed = packed;
        this.large = large;
        this.owner = owner;
    }

    /** A block of one item, with what waits for it. */
    public static ItemBlock single(long index, byte[] item, int largeFrom, Object owner) {
        return item.length > largeFrom
                ? new ItemBlock(index, 1, new byte[0], new int[] {0}, null, new byte[][] {item}, owner)
                : new ItemBlock(index, 1, item, new int[] {item.length}, null, null, owner);
    }

    /** Index of the first item in its call. */
    public long firstIndex() {
        return firstIndex;
    }

    public int count() {
        return count;
    }

    /** Who waits for the one item of a {@link #single} block, or what all items of a block have in common; else null. */
    public @Nullable Object owner() {
        return owner;
    }

    /** The same block with what waits for its one item. */
    public ItemBlock ownedBy(Object newOwner) {
        return new ItemBlock(firstIndex, count, small, ends, packed, large, newOwner);
    }

    /** When the dispatcher got it, of a call whose items may wait only so long. The event loop's. */
    public long cameIn() {
        return cameIn;
    }

    /** The dispatcher got it just now. The event loop's. */
    public void cameIn(long now) {
        cameIn = now;
    }

    /** The array that holds the small items; to be read only. */
    public byte[] smallBytes() {
        return small;
    }

    /** Where item {@code i} begins in {@link #smallBytes()}. */
    public int begin(int i) {
        return i == 0 ? 0 : end(i - 1);
    }

    /** Where item {@code i} ends in {@link #smallBytes()}. */
    public int end(int i) {
        return ends.length == 0 && packed != null ? (i + 1) * packed.fixed() : ends[i];
    }

    /** What all items are packed as; null if each is encoded for itself. */
    public @Nullable PackedType packed() {
        return packed;
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
        return count == 0 ? 0 : bytes(0, count);
    }

    /** Encoded length of the items {@code from} (inclusive) to {@code to} (exclusive); there is one at least. */
    public long bytes(int from, int to) {
        long sum = (long) end(to - 1) - begin(from);
        for (int i = from; large != null && i < to; i++) {
            byte[] item = large[i];
            sum += item == null ? 0 : item.length;
        }
        return sum;
    }

    /** Collects items until there are enough of them; then it can collect the next block's. Not thread-safe. */
    public static final class Builder {
        private final int largeFrom;
        private final @Nullable Object owner;
        private long firstIndex;
        private byte[] small = new byte[1024];
        private int used;
        private int[] ends = new int[16];
        private int count;
        private byte @Nullable [] @Nullable [] large;
        private long bytes;
        private @Nullable PackedType packed;

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

        /** Whether what has been added is packed. */
        public boolean isPacked() {
            return packed != null;
        }

        /**
         * Adds the next item packed, if it is the first and packs, or packs as those before it.
         *
         * @return false, with nothing changed, if not
         */
        public boolean pack(@Nullable Object item) {
            PackedType type = count == 0 ? PackedType.of(item) : packed;
            if (type == null) {
                return false;
            }
            if (small.length - used < PackedType.MOST_BYTES) {
                small = Arrays.copyOf(small, Math.max(small.length * 2, used + PackedType.MOST_BYTES));
            }
            int end = type.write(item, small, used);
            if (end < 0) {
                return false;
            }
            packed = type;
            bytes += end - used;
            used = end;
            if (type.fixed() == 0) {
                growTo(count + 1);
                ends[count] = used;
            }
            count++;
            return true;
        }

        private void growTo(int needed) {
            if (needed > ends.length) {
                ends = Arrays.copyOf(ends, needed * 2);
                if (large != null) {
                    large = Arrays.copyOf(large, needed * 2);
                }
            }
        }

        /** Adds the next item encoded; keeps the array if it is a large one. There must be no packed ones. */
        public void add(byte[] item) {
            if (packed != null) {
                throw new IllegalStateException("a block holds packed items or others, not both");
            }
            growTo(count + 1);
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

        /** The items so far; the next one begins another block. */
        public ItemBlock build() {
            ItemBlock block = new ItemBlock(
                    firstIndex,
                    count,
                    Arrays.copyOf(small, used),
                    Arrays.copyOf(ends, packed != null && packed.fixed() > 0 ? 0 : count),
                    packed,
                    large == null ? null : Arrays.copyOf(large, count),
                    owner);
            startAt(firstIndex + count);
            return block;
        }

        /** Forgets what was added; the next item has this index. */
        public void startAt(long index) {
            firstIndex = index;
            count = 0;
            used = 0;
            bytes = 0;
            large = null;
            packed = null;
        }
    }
}
