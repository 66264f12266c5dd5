// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The keys of a map, or a set's elements, as they are at any time. Thread-safe. */
final class KeyView extends AbstractSet<Object> {
    private final KeyedClient client;

    KeyView(KeyedClient client) {
        this.client = client;
    }

    @Override
    public Iterator<Object> iterator() {
        return new KeyedCursor<>(client, false, client::decodedKey);
    }

    @Override
    public Spliterator<Object> spliterator() {
        return Spliterators.spliteratorUnknownSize(
                iterator(), Spliterator.CONCURRENT | Spliterator.NONNULL | Spliterator.DISTINCT);
    }

    @Override
    public int size() {
        return client.size();
    }

    @Override
    public boolean contains(@Nullable Object key) {
        return client.hasKey(key);
    }

    @Override
    public boolean containsAll(Collection<?> keys) {
        return client.hasKeys(keys);
    }

    @Override
    public boolean remove(@Nullable Object key) {
        return client.removeKey(client.encodeKey(key));
    }

    @Override
    public boolean removeAll(Collection<?> keys) {
        return client.removeKeys(keys.stream().filter(Objects::nonNull).toList());
    }

    @Override
    public boolean retainAll(Collection<?> keys) {
        requireNonNull(keys, "keys");
        return removeIf(key -> !keys.contains(key));
    }

    @Override
    public boolean removeIf(Predicate<? super Object> test) {
        requireNonNull(test, "test");
        return client.removeRowsIf(false, row -> test.test(client.decodedKey(row)));
    }

    @Override
    public void clear() {
        client.clear();
    }
}
