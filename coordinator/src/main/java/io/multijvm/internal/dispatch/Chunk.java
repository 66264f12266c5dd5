// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.wire.mapped.OutputRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive items of one call at one worker. Its items are finished in order, so one counter tells all. Owned by the
 * event loop.
 */
final class Chunk {
    final long id;
    final CallState call;
    private final List<Slice> slices;
    /** Items that are still this worker's; shrinks when some are given back. */
    private int size;
    /** Items before this position are finished. */
    private int finished;
    /** Where in {@link #slices} the first item lies that is not finished. */
    private int cursor;

    private int inCursor;
    /** When the worker was given it, by the loop's clock; of calls whose items prefer workers only. */
    long givenAt;
    /** Recalls that were sent and not answered; while there are any, none is sent for an idle worker. */
    int recalls;
    /** Somebody wants this item stopped; -1 for none. */
    int stopping = -1;
    /** This item's time is over, so whatever comes of it is a time-out; -1 for none. */
    int timedOut = -1;
    /** What the next item in order has written, by its worker's word; null if nothing was said. */
    @Nullable
    OutputRange printed;

    Chunk(long id, CallState call, List<Slice> slices) {
        this.id = id;
        this.call = call;
        this.slices = slices;
        slices.forEach(slice -> size += slice.size());
    }

    List<Slice> slices() {
        return slices;
    }

    int size() {
        return size;
    }

    int finished() {
        return finished;
    }

    int left() {
        return size - finished;
    }

    /** The next item in order is finished. */
    void finishNext() {
        finished++;
        printed = null;
        if (++inCursor == slices.get(cursor).size()) {
            cursor++;
            inCursor = 0;
        }
    }

    /** The next items in order are finished; they are these. */
    List<Slice> finishNext(int items) {
        List<Slice> done = between(finished, finished + items);
        printed = null;
        finished += items;
        inCursor += items;
        while (cursor < slices.size() && inCursor >= slices.get(cursor).size()) {
            inCursor -= slices.get(cursor).size();
            cursor++;
        }
        return done;
    }

    /** Index of the first item that is not finished. */
    long nextIndex() {
        return indexAt(finished);
    }

    long indexAt(int position) {
        return slices.get(0).firstIndex() + position;
    }

    /** The block of the first item that is not finished. */
    ItemBlock nextBlock() {
        return slices.get(cursor).block();
    }

    /** Position of the item whose block is owned by {@code owner}, if it is not finished; else -1. */
    int positionOf(Object owner) {
        int begin = 0;
        for (Slice slice : slices) {
            if (owner.equals(slice.block().owner()) && begin >= finished && begin < size) {
                return begin;
            }
            begin += slice.size();
        }
        return -1;
    }

    /** Takes the items from {@code position} on away from this chunk. */
    List<Slice> cutFrom(int position) {
        List<Slice> cut = between(position, size);
        size = position;
        return cut;
    }

    /** The items from one position to another, as slices. */
    List<Slice> between(int from, int to) {
        List<Slice> found = new ArrayList<>();
        int begin = 0;
        for (Slice slice : slices) {
            int low = Math.max(from - begin, 0);
            int high = Math.min(to - begin, slice.size());
            if (low < high) {
                found.add(new Slice(slice.block(), slice.from() + low, slice.from() + high));
            }
            begin += slice.size();
        }
        return found;
    }
}
