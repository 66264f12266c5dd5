// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Items of a broadcast: each is for the worker in the slot that owns its block, whichever process that is by then. */
final class OnePerSlot implements Pending {
    private static final Deque<Slice> NOTHING = new ArrayDeque<>(0);

    private final Map<Object, Deque<Slice>> waiting = new HashMap<>();

    @Override
    public void addLast(Slice slice) {
        Object slot = slice.block().owner();
        if (!(slot instanceof Slot)) {
            throw new AssertionError("an item of a broadcast without its slot: " + slice.firstIndex());
        }
        waiting.computeIfAbsent(slot, none -> new ArrayDeque<>(1)).addLast(slice);
    }

    @Override
    public void addFirst(Slice slice) {
        addLast(slice);
    }

    @Override
    public Deque<Slice> queueFor(Slot slot, long now) {
        return waiting.getOrDefault(slot, NOTHING);
    }

    @Override
    public void forEach(Consumer<Slice> action) {
        waiting.values().forEach(queue -> queue.forEach(action));
    }

    @Override
    public void clear() {
        waiting.clear();
    }

    @Override
    public boolean sameForAll() {
        return false;
    }

    @Override
    public @Nullable Duration patience() {
        return null;
    }
}
