// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.ListIterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An iteration by places, batch by batch: what others insert or remove before its place moves what comes behind. For one
 * thread.
 */
@SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
final class ListCursor implements ListIterator<@Nullable Object> {
    private static final byte[][] NOTHING = {};

    private final ListClient list;
    private final int offset;
    private final Positions positions;
    private byte[][] batch = NOTHING;
    /** Place of the batch's first. */
    private int from;

    private int next;
    /** Of the element that was returned last; -1 if it is gone, or none was. */
    private int last = -1;

    /** A list, or a part of one. */
    interface Positions {
        /** No element from there on is of it. */
        int limit();

        @Nullable
        Object get(int index);

        @Nullable
        Object set(int index, @Nullable Object element);

        void add(int index, @Nullable Object element);

        @Nullable
        Object remove(int index);
    }

    /** @param offset of the part in the list */
    ListCursor(ListClient list, int offset, Positions positions, int next) {
        this.list = list;
        this.offset = offset;
        this.positions = positions;
        this.next = next;
    }

    @Override
    public boolean hasNext() {
        if (next >= positions.limit()) {
            return false;
        }
        if (next < from || next >= from + batch.length) {
            batch = list.batch(offset + next);
            from = next;
        }
        return next < from + batch.length;
    }

    @Override
    public @Nullable Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object element = list.decode(batch[next - from]);
        last = next++;
        return element;
    }

    @Override
    public boolean hasPrevious() {
        return next > 0;
    }

    @Override
    public @Nullable Object previous() {
        if (next == 0) {
            throw new NoSuchElementException();
        }
        int place = next - 1;
        Object element;
        if (place >= from && place < from + batch.length) {
            element = list.decode(batch[place - from]);
        } else {
            try {
                element = positions.get(place);
            } catch (IndexOutOfBoundsException e) { // others have removed it
                throw new NoSuchElementException(e.getMessage());
            }
        }
        next = place;
        last = place;
        return element;
    }

    @Override
    public int nextIndex() {
        return next;
    }

    @Override
    public int previousIndex() {
        return next - 1;
    }

    @Override
    public void remove() {
        positions.remove(returned());
        next = next > last ? next - 1 : next;
        changed();
    }

    @Override
    public void set(@Nullable Object element) {
        int place = returned();
        positions.set(place, element);
        if (place >= from && place < from + batch.length) {
            batch[place - from] = list.encode(element); // as it would be read
        }
    }

    @Override
    public void add(@Nullable Object element) {
        positions.add(next, element);
        next++;
        changed();
    }

    private int returned() {
        if (last < 0) {
            throw new IllegalStateException("no element was returned since the list was changed by this iterator");
        }
        return last;
    }

    private void changed() {
        last = -1;
        batch = NOTHING;
    }
}
