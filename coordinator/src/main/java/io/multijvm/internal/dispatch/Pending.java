// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Items of one call that wait for a worker, and which worker may take which. Owned by the event loop. */
interface Pending {
    /** Further items of the input. */
    void addLast(Slice slice);

    /** Items that were given out and came back. */
    void addFirst(Slice slice);

    /**
     * From where this worker takes its next items, those at the front first; empty if there is nothing for it. What was cut
     * from the front may be put back there, until the next call of any other method here.
     */
    Deque<Slice> queueFor(Slot slot, long now);

    void forEach(Consumer<Slice> action);

    void clear();

    /** Takes out what is such. */
    List<Slice> take(Predicate<Slice> which);

    /** Takes out what waits for a place with that number or a higher one. */
    default List<Slice> takeBeyond(int places) {
        return List.of();
    }

    /** Whether something waits that only the worker in this place may take. */
    default boolean waitsFor(int place) {
        return false;
    }

    /** Whether a worker that finds nothing knows that no other will find anything either. */
    default boolean sameForAll() {
        return true;
    }

    /** Whether an idle worker that finds nothing now may find something a moment later. */
    default boolean mayOpenSoon() {
        return false;
    }

    /** How long items that a worker was given stay with it though another is idle; null for ever. */
    default @Nullable Duration patience() {
        return Duration.ZERO;
    }

    /** Every worker may take every item. */
    final class ForAnyone implements Pending {
        private final Deque<Slice> waiting = new ArrayDeque<>();

        @Override
        public void addLast(Slice slice) {
            waiting.addLast(slice);
        }

        @Override
        public void addFirst(Slice slice) {
            waiting.addFirst(slice);
        }

        @Override
        public Deque<Slice> queueFor(Slot slot, long now) {
            return waiting;
        }

        @Override
        public void forEach(Consumer<Slice> action) {
            waiting.forEach(action);
        }

        @Override
        public void clear() {
            waiting.clear();
        }

        @Override
        public List<Slice> take(Predicate<Slice> which) {
            List<Slice> taken = new ArrayList<>();
            waiting.removeIf(slice -> which.test(slice) && taken.add(slice));
            return taken;
        }
    }
}
