// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.codec.PackedType;
import io.multijvm.internal.chunk.Slice;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Items of one call that wait to be given to a worker, and how chunks are cut from them. Owned by the event loop. */
final class WaitingItems {
    /** Packed items beyond this do not join a chunk of a fixed size either, for they cross as one array. */
    private static final long MOST_PACKED_BYTES = 256L << 20;

    private final Pending pending;
    private final Predicate<Slice> dropped;
    private long count;

    /**
     * @param pending how they are kept apart for workers
     * @param dropped whether nobody waits for this block any more, so that the one item in it was dropped just now
     */
    WaitingItems(Pending pending, Predicate<Slice> dropped) {
        this.pending = pending;
        this.dropped = dropped;
    }

    long count() {
        return count;
    }

    /** How they are kept apart for workers. */
    Pending pending() {
        return pending;
    }

    /** Further items of the input. */
    void addLast(Slice slice) {
        pending.addLast(slice);
        count += slice.size();
    }

    /** Items that were given out and came back. */
    void addFirst(Slice slice) {
        pending.addFirst(slice);
        count += slice.size();
    }

    /**
     * The next items for this worker, without a gap and packed alike.
     *
     * @param most items
     * @param mostBytes beyond which no further block joins
     */
    List<Slice> next(Slot slot, long now, int most, long mostBytes) {
        Deque<Slice> waiting = pending.queueFor(slot, now);
        List<Slice> items = new ArrayList<>();
        int taken = 0;
        long end = -1;
        long bytes = 0;
        while (taken < most && bytes < mostBytes && !waiting.isEmpty()) {
            Slice head = waiting.peekFirst();
            if (dropped.test(head)) {
                waiting.removeFirst();
                count--;
                continue;
            }
            if (end >= 0 && (head.firstIndex() != end || !joins(items.get(0), head, bytes))) {
                break;
            }
            waiting.removeFirst();
            if (head.size() > most - taken) {
                waiting.addFirst(head.tail(most - taken));
                head = head.head(most - taken);
            }
            items.add(head);
            taken += head.size();
            end = head.endIndex();
            bytes += head.block().bytes() / head.block().count() * head.size();
        }
        count -= taken;
        return items;
    }

    /** Whether items can cross together with those before them: packed alike, and not more than an array takes. */
    private static boolean joins(Slice first, Slice next, long bytes) {
        PackedType packed = first.block().packed();
        return Objects.equals(packed, next.block().packed()) && (packed == null || bytes < MOST_PACKED_BYTES);
    }

    /** Takes out what waits for a place with that number or a higher one. */
    List<Slice> takeBeyond(int places) {
        List<Slice> lost = pending.takeBeyond(places);
        lost.forEach(slice -> count -= slice.size());
        return lost;
    }

    /** Takes out what is such. */
    List<Slice> take(Predicate<Slice> which) {
        List<Slice> taken = pending.take(which);
        taken.forEach(slice -> count -= slice.size());
        return taken;
    }

    void forEach(Consumer<Slice> action) {
        pending.forEach(action);
    }

    void clear() {
        pending.clear();
        count = 0;
    }
}
