// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items of a broadcast: each is for the place of the pool that owns its block, whichever process fills that by then. A place
 * that the pool has no more is nobody's: see {@link #takeBeyond}.
 */
final class OnePerSlot implements Pending {
    private static final Deque<Slice> NOTHING = new ArrayDeque<>(0);

    private final Map<Integer, Deque<Slice>> waiting = new TreeMap<>();

    @Override
    public void addLast(Slice slice) {
        if (!(slice.block().owner() instanceof Integer place)) {
            throw new AssertionError("an item of a broadcast without its place: " + slice.firstIndex());
        }
        waiting.computeIfAbsent(place, none -> new ArrayDeque<>(1)).addLast(slice);
    }

    @Override
    public void addFirst(Slice slice) {
        addLast(slice);
    }

    @Override
    public Deque<Slice> queueFor(Slot slot, long now) {
        return waiting.getOrDefault(slot.number, NOTHING);
    }

    @Override
    public List<Slice> takeBeyond(int places) {
        List<Slice> lost = new ArrayList<>();
        waiting.forEach((place, queue) -> {
            if (place >= places) {
                lost.addAll(queue);
                queue.clear();
            }
        });
        return lost;
    }

    @Override
    public boolean waitsFor(int place) {
        return !waiting.getOrDefault(place, NOTHING).isEmpty();
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
    public List<Slice> take(Predicate<Slice> which) {
        List<Slice> taken = new ArrayList<>();
        waiting.values().forEach(queue -> queue.removeIf(slice -> which.test(slice) && taken.add(slice)));
        return taken;
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
