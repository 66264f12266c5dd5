// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

/**
 * Items {@code from} (inclusive) to {@code to} (exclusive) of a block.
 *
 * @param block holds the encoded items
 * @param from position in the block, not index in the call
 * @param to position in the block
 */
public record Slice(ItemBlock block, int from, int to) {
    public Slice {
        if (from < 0 || from >= to || to > block.count()) {
            throw new IllegalArgumentException(from + ".." + to + " of " + block.count());
        }
    }

    /** All items of a block. */
    public static Slice of(ItemBlock block) {
        return new Slice(block, 0, block.count());
    }

    public int size() {
        return to - from;
    }

    /** Index of the first item in its call. */
    public long firstIndex() {
        return block.firstIndex() + from;
    }

    /** Index behind the last item in its call. */
    public long endIndex() {
        return block.firstIndex() + to;
    }

    /** The first {@code n} items. */
    public Slice head(int n) {
        return new Slice(block, from, from + n);
    }

    /** All but the first {@code n} items; there must be more than {@code n}. */
    public Slice tail(int n) {
        return new Slice(block, from + n, to);
    }
}
