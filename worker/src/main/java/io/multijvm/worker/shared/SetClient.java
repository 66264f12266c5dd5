// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedSet;
import io.multijvm.wire.objects.CollectionCall;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A set: at its owner the keys of a map. */
final class SetClient extends KeyedClient implements SharedSet<Object> {
    private static final long serialVersionUID = 1;

    private final transient KeyView view = new KeyView(this);

    SetClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public boolean add(Object element) {
        return call(CollectionCall.ADD_KEYS, 0, encodeKey(element)).number() != 0;
    }

    @Override
    public boolean addAll(Collection<? extends Object> elements) {
        byte[][] encoded = encodeKeys(elements);
        return encoded.length > 0 && call(CollectionCall.ADD_KEYS, 0, encoded).number() != 0;
    }

    @Override
    public CompletableFuture<Boolean> addAsync(Object element) {
        return callAsync(answer -> answer.number() != 0, CollectionCall.ADD_KEYS, 0, encodeKey(element));
    }

    @Override
    public CompletableFuture<Boolean> removeAsync(Object element) {
        return callAsync(answer -> answer.number() != 0, CollectionCall.REMOVE_KEYS, 0, encodeKey(element));
    }

    @Override
    public CompletableFuture<Boolean> containsAsync(Object element) {
        return callAsync(answer -> answer.number() != 0, CollectionCall.CONTAINS_KEYS, 0, encodeKey(element));
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return view.contains(element);
    }

    @Override
    public boolean containsAll(Collection<?> elements) {
        return view.containsAll(elements);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return view.remove(element);
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        return view.removeAll(elements);
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        return view.retainAll(elements);
    }

    @Override
    public boolean removeIf(Predicate<? super Object> test) {
        return view.removeIf(test);
    }

    @Override
    public Iterator<Object> iterator() {
        return view.iterator();
    }

    @Override
    public Spliterator<Object> spliterator() {
        return view.spliterator();
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return copy().toArray(array);
    }

    /** What it was in one moment. */
    private Set<Object> copy() {
        Set<Object> copy = new LinkedHashSet<>();
        all(false).forEach(row -> copy.add(decodedKey(row)));
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof Set<?> set && copy().equals(set));
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    /** Its elements, or what it is if it is no more. */
    @Override
    public String toString() {
        try {
            return closedBecause() == null ? copy().toString() : super.toString();
        } catch (IllegalStateException e) {
            return super.toString();
        }
    }
}
