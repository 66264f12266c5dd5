// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import io.multijvm.worker.shared.KeyedClient.Row;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map's keys, values and entries, as they are at any time. Thread-safe; cross only with what holds them. */
final class MapViews {
    private static final int FEATURES = Spliterator.CONCURRENT | Spliterator.NONNULL;

    private final MapClient map;
    private final Set<Object> keys;
    private final Collection<Object> values = new Values();
    private final Set<Map.Entry<Object, Object>> entries = new Entries();

    MapViews(MapClient map) {
        this.map = map;
        this.keys = new KeyView(map);
    }

    Set<Object> keys() {
        return keys;
    }

    Collection<Object> values() {
        return values;
    }

    Set<Map.Entry<Object, Object>> entries() {
        return entries;
    }

    /** What it was in one moment. */
    Map<Object, Object> copy() {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.all(true).forEach(row -> copy.put(map.decodedKey(row), map.decodedValue(row)));
        return copy;
    }

    private Map.Entry<Object, Object> entry(Row row) {
        return new WrittenThrough(map, map.decodedKey(row), map.decodedValue(row));
    }

    /** An iteration's entry: setting its value puts it. */
    private static final class WrittenThrough extends AbstractMap.SimpleEntry<Object, Object> {
        private static final long serialVersionUID = 1;

        private final transient MapClient map;

        WrittenThrough(MapClient map, Object key, Object value) {
            super(key, value);
            this.map = map;
        }

        @Override
        public Object setValue(Object value) {
            map.put(getKey(), requireNonNull(value, "value"));
            return super.setValue(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }

        /** Elsewhere it is an entry and no more. */
        private Object writeReplace() {
            return new AbstractMap.SimpleEntry<>(this);
        }
    }

    private final class Values extends AbstractCollection<Object> {
        @Override
        public Iterator<Object> iterator() {
            return new KeyedCursor<>(map, true, map::decodedValue);
        }

        @Override
        public Spliterator<Object> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), FEATURES);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(@Nullable Object value) {
            return map.containsValue(value);
        }

        @Override
        public void clear() {
            map.clear();
        }

        @Override
        public boolean removeIf(Predicate<? super Object> test) {
            requireNonNull(test, "test");
            return map.removeRowsIf(true, row -> test.test(map.decodedValue(row)));
        }

        @Override
        public boolean removeAll(Collection<?> others) {
            return removeIf(requireNonNull(others, "others")::contains);
        }

        @Override
        public boolean retainAll(Collection<?> others) {
            requireNonNull(others, "others");
            return removeIf(value -> !others.contains(value));
        }
    }

    private final class Entries extends AbstractSet<Map.Entry<Object, Object>> {
        @Override
        public Iterator<Map.Entry<Object, Object>> iterator() {
            return new KeyedCursor<>(map, true, MapViews.this::entry);
        }

        @Override
        public Spliterator<Map.Entry<Object, Object>> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), FEATURES | Spliterator.DISTINCT);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean add(Map.Entry<Object, Object> entry) {
            Object before = map.put(entry.getKey(), entry.getValue());
            return before == null || !before.equals(entry.getValue());
        }

        @Override
        public boolean contains(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && entry.getKey() != null
                    && entry.getValue() != null
                    && entry.getValue().equals(map.get(entry.getKey()));
        }

        @Override
        public boolean remove(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && entry.getKey() != null
                    && map.remove(entry.getKey(), entry.getValue());
        }

        @Override
        public void clear() {
            map.clear();
        }

        @Override
        public boolean removeIf(Predicate<? super Map.Entry<Object, Object>> test) {
            requireNonNull(test, "test");
            Function<Row, Map.Entry<Object, Object>> read =
                    row -> new AbstractMap.SimpleImmutableEntry<>(map.decodedKey(row), map.decodedValue(row));
            return map.removeRowsIf(true, row -> test.test(read.apply(row)));
        }

        @Override
        public boolean removeAll(Collection<?> others) {
            return removeIf(requireNonNull(others, "others")::contains);
        }

        @Override
        public boolean retainAll(Collection<?> others) {
            requireNonNull(others, "others");
            return removeIf(entry -> !others.contains(entry));
        }
    }
}
