// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import java.util.Collection;
import java.util.TreeMap;

/** Items of a call that have no outcome when its time is over, in input order. Confined to the event loop. */
final class Overdue {
    private final TreeMap<Long, Item> items = new TreeMap<>();

    /**
     * One of them.
     *
     * @param runs whether it is at hand in a worker
     * @param state for its message: {@code it had not begun}
     */
    record Item(ItemBlock block, long index, boolean runs, String state) {}

    void add(Slice slice, boolean runs, String state) {
        for (int at = slice.from(); at < slice.to(); at++) {
            long index = slice.block().firstIndex() + at;
            items.put(index, new Item(slice.block(), index, runs, state));
        }
    }

    Collection<Item> inOrder() {
        return items.values();
    }
}
