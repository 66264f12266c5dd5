// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.internal.chunk.ItemBlock;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Items of one call of a task that have no outcome: they may come back to be run here. Owned by the line's thread. */
final class HeldItems {
    /** By the index of the first of their block. */
    private final TreeMap<Long, Held> held = new TreeMap<>();

    private static final class Held {
        final ItemBlock block;
        final BitSet answered = new BitSet();

        Held(ItemBlock block) {
            this.block = block;
        }

        /** An item has its outcome; true if it was the last one. */
        boolean answer(long index) {
            int at = (int) (index - block.firstIndex());
            if (answered.get(at)) {
                throw new IllegalStateException("item " + index + " of a call of a task has a second outcome");
            }
            answered.set(at);
            return answered.cardinality() == block.count();
        }
    }

    /** Told of items. */
    interface Visitor {
        void visit(ItemBlock block, long index);
    }

    void add(ItemBlock block) {
        held.put(block.firstIndex(), new Held(block));
    }

    /** The block that has this item, while any item of it has no outcome. */
    @Nullable
    ItemBlock find(long index) {
        Held item = holding(index);
        return item == null ? null : item.block;
    }

    /** As {@link #find}; the item has its outcome from now on. */
    @Nullable
    ItemBlock answer(long index) {
        Held item = holding(index);
        if (item == null) {
            return null;
        }
        if (item.answer(index)) {
            held.remove(item.block.firstIndex());
        }
        return item.block;
    }

    private @Nullable Held holding(long index) {
        Map.Entry<Long, Held> at = held.floorEntry(index);
        return at == null || index >= at.getKey() + at.getValue().block.count() ? null : at.getValue();
    }

    /** The single task whose outcome this future waits for; null if it has it. */
    @Nullable
    ItemBlock ownedBy(Object future) {
        for (Held each : held.values()) {
            if (each.block.owner() == future) {
                return each.block;
            }
        }
        return null;
    }

    /** In the order of the input. */
    void forEach(Visitor visitor) {
        for (Held each : List.copyOf(held.values())) {
            for (int at = each.answered.nextClearBit(0);
                    at < each.block.count();
                    at = each.answered.nextClearBit(at + 1)) {
                visitor.visit(each.block, each.block.firstIndex() + at);
            }
        }
    }

    void clear() {
        held.clear();
    }
}
