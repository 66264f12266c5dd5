// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedList;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A list. What changes many elements by a function runs here on what the list was, and the owner takes the outcome if nobody
 * has changed it meanwhile.
 */
@SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
final class ListClient extends CollectionClient implements SharedList<@Nullable Object>, ListCursor.Positions {
    private static final long serialVersionUID = 1;

    /** Of one batch of an iteration. */
    private static final long BATCH_BYTES = 64 << 10;

    private static final long ALL = 0;
    private static final long END = -1;

    ListClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    /** A list as it was in one moment. */
    private record Copy(long version, List<@Nullable Object> elements) {}

    private Copy copy() {
        Frame answer = call(CollectionCall.LIST_SCAN, 0, Frame.part(ALL));
        List<@Nullable Object> elements = new ArrayList<>(answer.parts().length);
        for (byte[] part : answer.parts()) {
            elements.add(decode(part));
        }
        return new Copy(answer.number(), elements);
    }

    /** Some elements from there on, not decoded; none if that is behind the end. */
    byte[][] batch(int index) {
        return call(CollectionCall.LIST_SCAN, index, Frame.part(BATCH_BYTES)).parts();
    }

    private static Frame inside(Frame answer, int index) {
        if (CollectionAnswer.OUTSIDE.isOf(answer)) {
            throw new IndexOutOfBoundsException("index " + index + " of a list of " + answer.number() + " elements");
        }
        return answer;
    }

    /** Of a call that names a place. */
    private Frame at(CollectionCall what, int index, byte[]... parts) {
        if (index < 0) { // the end has a negative number on its way
            throw new IndexOutOfBoundsException("index " + index + " of a list");
        }
        return inside(call(what, index, parts), index);
    }

    private static boolean isSo(Frame answer) {
        return answer.number() != 0;
    }

    private byte[][] encodeAll(Collection<?> elements) {
        return elements.stream().map(this::encode).toArray(byte[][]::new);
    }

    @Override
    public @Nullable Object get(int index) {
        return decode(at(CollectionCall.LIST_GET, index).parts()[0]);
    }

    @Override
    public @Nullable Object set(int index, @Nullable Object element) {
        return decode(at(CollectionCall.LIST_SET, index, encode(element)).parts()[0]);
    }

    @Override
    public boolean add(@Nullable Object element) {
        call(CollectionCall.LIST_ADD, END, encode(element));
        return true;
    }

    @Override
    public void add(int index, @Nullable Object element) {
        at(CollectionCall.LIST_ADD, index, encode(element));
    }

    @Override
    public boolean addAll(Collection<? extends @Nullable Object> elements) {
        byte[][] encoded = encodeAll(elements);
        if (encoded.length > 0) {
            call(CollectionCall.LIST_ADD, END, encoded);
        }
        return encoded.length > 0;
    }

    @Override
    public boolean addAll(int index, Collection<? extends @Nullable Object> elements) {
        byte[][] encoded = encodeAll(elements);
        at(CollectionCall.LIST_ADD, index, encoded);
        return encoded.length > 0;
    }

    @Override
    public @Nullable Object remove(int index) {
        return decode(at(CollectionCall.LIST_REMOVE, index).parts()[0]);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return isSo(call(CollectionCall.LIST_REMOVE_EQUAL, 0, encode(element)));
    }

    /** For parts of it. */
    void removeRange(int from, int count) {
        at(CollectionCall.LIST_REMOVE_RANGE, from, Frame.part(count));
    }

    @Override
    public CompletableFuture<@Nullable Object> getAsync(int index) {
        return callAsync(
                answer -> decode(inside(answer, index).parts()[0]),
                CollectionCall.LIST_GET,
                Objects.checkIndex(index, Integer.MAX_VALUE));
    }

    @Override
    public CompletableFuture<@Nullable Object> setAsync(int index, @Nullable Object element) {
        return callAsync(
                answer -> decode(inside(answer, index).parts()[0]),
                CollectionCall.LIST_SET,
                Objects.checkIndex(index, Integer.MAX_VALUE),
                encode(element));
    }

    @Override
    public CompletableFuture<@Nullable Void> addAsync(@Nullable Object element) {
        return callAsync(answer -> null, CollectionCall.LIST_ADD, END, encode(element));
    }

    @Override
    public int size() {
        return (int) call(CollectionCall.SIZE).number();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public void clear() {
        call(CollectionCall.CLEAR);
    }

    @Override
    public int indexOf(@Nullable Object element) {
        return (int) call(CollectionCall.LIST_INDEX, 0, encode(element)).number();
    }

    @Override
    public int lastIndexOf(@Nullable Object element) {
        return (int) call(CollectionCall.LIST_LAST_INDEX, 0, encode(element)).number();
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return isSo(call(CollectionCall.LIST_CONTAINS_ALL, 0, encode(element)));
    }

    @Override
    public boolean containsAll(Collection<?> elements) {
        return elements.isEmpty() || isSo(call(CollectionCall.LIST_CONTAINS_ALL, 0, encodeAll(elements)));
    }

    @Override
    public boolean removeIf(Predicate<? super @Nullable Object> test) {
        requireNonNull(test, "test");
        while (true) {
            Copy copy = copy();
            List<@Nullable Object> elements = copy.elements();
            long[] left = IntStream.range(0, elements.size())
                    .filter(i -> !test.test(elements.get(i)))
                    .mapToLong(i -> i)
                    .toArray();
            if (left.length == elements.size()) {
                return false;
            }
            if (isSo(call(CollectionCall.LIST_ARRANGE, copy.version(), Frame.part(left)))) {
                return true;
            }
        }
    }

    @Override
    public boolean removeAll(Collection<?> others) {
        return removeIf(requireNonNull(others, "others")::contains);
    }

    @Override
    public boolean retainAll(Collection<?> others) {
        requireNonNull(others, "others");
        return removeIf(element -> !others.contains(element));
    }

    @Override
    public void sort(@Nullable Comparator<? super @Nullable Object> comparator) {
        while (true) {
            Copy copy = copy();
            List<@Nullable Object> elements = copy.elements();
            Integer[] places = IntStream.range(0, elements.size()).boxed().toArray(Integer[]::new);
            Arrays.sort(places, (a, b) -> compare(comparator, elements.get(a), elements.get(b)));
            long[] sorted = Arrays.stream(places).mapToLong(place -> place).toArray();
            if (isSo(call(CollectionCall.LIST_ARRANGE, copy.version(), Frame.part(sorted)))) {
                return;
            }
        }
    }

    @SuppressWarnings("unchecked") // of what has no order by itself: a ClassCastException, as List.sort says
    private static int compare(
            @Nullable Comparator<? super @Nullable Object> comparator, @Nullable Object a, @Nullable Object b) {
        return comparator == null
                ? ((Comparable<Object>) requireNonNull(a)).compareTo(requireNonNull(b))
                : comparator.compare(a, b);
    }

    @Override
    public void replaceAll(UnaryOperator<@Nullable Object> function) {
        requireNonNull(function, "function");
        while (true) {
            Copy copy = copy();
            copy.elements().replaceAll(function);
            if (isSo(call(CollectionCall.LIST_REPLACE, copy.version(), encodeAll(copy.elements())))) {
                return;
            }
        }
    }

    @Override
    public void forEach(Consumer<? super @Nullable Object> action) {
        requireNonNull(action, "action");
        iterator().forEachRemaining(action);
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return new ListCursor(this, 0, this, 0);
    }

    @Override
    public ListIterator<@Nullable Object> listIterator() {
        return new ListCursor(this, 0, this, 0);
    }

    @Override
    public ListIterator<@Nullable Object> listIterator(int index) {
        Objects.checkIndex(index, size() + 1);
        return new ListCursor(this, 0, this, index);
    }

    @Override
    public int limit() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Spliterator<@Nullable Object> spliterator() {
        return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.CONCURRENT);
    }

    @Override
    public List<@Nullable Object> subList(int from, int to) {
        Objects.checkFromToIndex(from, to, size());
        return new ListPart(this, from, to - from);
    }

    @Override
    public @Nullable Object[] toArray() {
        return copy().elements().toArray();
    }

    @Override
    public <T extends @Nullable Object> T[] toArray(T[] array) {
        return copy().elements().toArray(array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof List<?> list && copy().elements().equals(list));
    }

    @Override
    public int hashCode() {
        return copy().elements().hashCode();
    }

    /** Its elements, or what it is if it is no more. */
    @Override
    public String toString() {
        try {
            return closedBecause() == null ? copy().elements().toString() : super.toString();
        } catch (IllegalStateException e) {
            return super.toString();
        }
    }
}
