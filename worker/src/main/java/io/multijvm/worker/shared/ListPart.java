// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list from one place to another. What is added or removed through it changes its length and the list; if others do that to
 * the list it is no use any more, as {@code List.subList} says. For one thread.
 */
@SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
final class ListPart extends AbstractList<@Nullable Object> implements RandomAccess, ListCursor.Positions {
    private final ListClient list;
    private final int offset;
    private int length;

    ListPart(ListClient list, int offset, int length) {
        this.list = list;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public int size() {
        return length;
    }

    @Override
    public int limit() {
        return length;
    }

    @Override
    public @Nullable Object get(int index) {
        return list.get(offset + Objects.checkIndex(index, length));
    }

    @Override
    public @Nullable Object set(int index, @Nullable Object element) {
        return list.set(offset + Objects.checkIndex(index, length), element);
    }

    @Override
    public void add(int index, @Nullable Object element) {
        list.add(offset + Objects.checkIndex(index, length + 1), element);
        length++;
        modCount++;
    }

    @Override
    public boolean addAll(Collection<? extends @Nullable Object> elements) {
        return addAll(length, elements);
    }

    /** In one trip, of what they are before it: they may be this part. */
    @Override
    public boolean addAll(int index, Collection<? extends @Nullable Object> elements) {
        List<@Nullable Object> added = Arrays.asList(elements.toArray());
        boolean changed = list.addAll(offset + Objects.checkIndex(index, length + 1), added);
        length += added.size();
        modCount++;
        return changed;
    }

    @Override
    public @Nullable Object remove(int index) {
        Object removed = list.remove(offset + Objects.checkIndex(index, length));
        length--;
        modCount++;
        return removed;
    }

    @Override
    protected void removeRange(int from, int to) {
        if (from < to) {
            list.removeRange(offset + from, to - from);
            length -= to - from;
            modCount++;
        }
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return listIterator(0);
    }

    @Override
    public ListIterator<@Nullable Object> listIterator(int index) {
        return new ListCursor(list, offset, this, Objects.checkIndex(index, length + 1));
    }
}
