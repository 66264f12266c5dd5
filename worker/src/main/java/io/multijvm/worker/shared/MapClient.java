// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedMap;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map. Functions that are given to a method of the JDK's run here: what they make is put if the entry still has the version
 * that they were given, and else they run again.
 */
final class MapClient extends KeyedClient implements SharedMap<Object, Object> {
    private static final long serialVersionUID = 1;

    private final transient OwnersFunctions functions = new OwnersFunctions();
    private final transient MapViews views = new MapViews(this);

    MapClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    private byte[] encodeValue(@Nullable Object value) {
        return encode(requireNonNull(value, "value"));
    }

    /** Version and value, if it is there. */
    private @Nullable Object value(Frame answer) {
        return answer.parts().length == 0 ? null : decode(answer.parts()[0]);
    }

    private static boolean isSo(Frame answer) {
        return answer.number() != 0;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return value(call(CollectionCall.GET, 0, encodeKey(key)));
    }

    @Override
    public @Nullable Object getOrDefault(@Nullable Object key, @Nullable Object otherwise) {
        Object found = get(key);
        return found == null ? otherwise : found;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return hasKey(key);
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return isSo(call(CollectionCall.CONTAINS_VALUE, 0, encodeValue(value)));
    }

    @Override
    public @Nullable Object put(Object key, Object value) {
        return value(call(CollectionCall.PUT, 0, encodeKey(key), encodeValue(value)));
    }

    @Override
    public @Nullable Object putIfAbsent(Object key, Object value) {
        return value(call(CollectionCall.PUT_IF_ABSENT, 0, encodeKey(key), encodeValue(value)));
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        return value(call(CollectionCall.REMOVE, 0, encodeKey(key)));
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        byte[] encoded = encodeKey(key);
        return value != null && isSo(call(CollectionCall.REMOVE_EQUAL, 0, encoded, encode(value)));
    }

    @Override
    public @Nullable Object replace(Object key, Object value) {
        return value(call(CollectionCall.REPLACE, 0, encodeKey(key), encodeValue(value)));
    }

    @Override
    public boolean replace(Object key, Object expected, Object value) {
        return isSo(call(CollectionCall.REPLACE_EQUAL, 0, encodeKey(key), encodeValue(expected), encodeValue(value)));
    }

    @Override
    public void putAll(Map<? extends Object, ? extends Object> entries) {
        List<byte[]> parts = new ArrayList<>(2 * entries.size());
        entries.forEach((key, value) -> {
            parts.add(encodeKey(key));
            parts.add(encodeValue(value));
        });
        if (!parts.isEmpty()) {
            call(CollectionCall.PUT_ALL, 0, parts.toArray(byte[][]::new));
        }
    }

    @Override
    public @Nullable Object compute(
            Object key, BiFunction<? super Object, ? super @Nullable Object, ? extends @Nullable Object> function) {
        requireNonNull(function, "function");
        byte[] encoded = encodeKey(key);
        while (true) {
            Frame before = call(CollectionCall.GET, 0, encoded);
            Object after = function.apply(key, value(before));
            if (isSet(encoded, before.number(), after)) {
                return after;
            }
        }
    }

    /** Makes it that if its version is still this one. */
    private boolean isSet(byte[] key, long version, @Nullable Object value) {
        if (value != null) {
            return isSo(call(CollectionCall.PUT_IF_VERSION, version, key, encode(value)));
        }
        return version == 0 || isSo(call(CollectionCall.REMOVE_IF_VERSION, version, key));
    }

    @Override
    public @Nullable Object computeIfAbsent(Object key, Function<? super Object, ? extends @Nullable Object> function) {
        requireNonNull(function, "function");
        Object found = get(key);
        if (found != null) {
            return found;
        }
        Object made = function.apply(key);
        if (made == null) {
            return null;
        }
        Object before = putIfAbsent(key, made);
        return before == null ? made : before;
    }

    @Override
    public @Nullable Object computeIfPresent(
            Object key, BiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
        requireNonNull(function, "function");
        return compute(key, (same, before) -> before == null ? null : function.apply(same, before));
    }

    @Override
    public @Nullable Object merge(
            Object key, Object value, BiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
        requireNonNull(value, "value");
        requireNonNull(function, "function");
        return compute(key, (same, before) -> before == null ? value : function.apply(before, value));
    }

    @Override
    public void replaceAll(BiFunction<? super Object, ? super Object, ? extends Object> function) {
        requireNonNull(function, "function");
        Batch batch;
        long place = 0;
        do {
            batch = batchAfter(place, true);
            List<Supplier<Frame>> replaced = new ArrayList<>();
            for (Row row : batch.rows()) {
                byte[] value = encodeValue(function.apply(decodedKey(row), decodedValue(row)));
                replaced.add(begin(CollectionCall.PUT_IF_VERSION, "replaceAll", row.version(), row.key(), value));
                place = row.place();
            }
            for (int i = 0; i < replaced.size(); i++) {
                if (!isSo(replaced.get(i).get())) { // another has changed it meanwhile
                    computeIfPresent(
                            decodedKey(batch.rows().get(i)),
                            (key, value) -> requireNonNull(function.apply(key, value)));
                }
            }
        } while (batch.more());
    }

    @Override
    public void forEach(BiConsumer<? super Object, ? super Object> action) {
        requireNonNull(action, "action");
        new KeyedCursor<>(this, true, row -> row)
                .forEachRemaining(row -> action.accept(decodedKey(row), decodedValue(row)));
    }

    @Override
    public Set<Object> keySet() {
        return views.keys();
    }

    @Override
    public Collection<Object> values() {
        return views.values();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        return views.entries();
    }

    @Override
    public long addAndGet(Object key, long delta) {
        return call(CollectionCall.ADD, delta, encodeKey(key)).number();
    }

    @Override
    public @Nullable Object mergeAtOwner(
            Object key,
            Object value,
            SerializableBiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
        long number = functions.number(requireNonNull(function, "function"));
        Frame answer = call(CollectionCall.MERGE, number, merging(key, value, number, function));
        functions.nowKnown(number);
        return value(answer);
    }

    @Override
    public @Nullable Object computeAtOwner(
            Object key,
            SerializableBiFunction<? super Object, ? super @Nullable Object, ? extends @Nullable Object> function) {
        long number = functions.number(requireNonNull(function, "function"));
        Frame answer = call(CollectionCall.COMPUTE, number, computing(key, number, function));
        functions.nowKnown(number);
        return value(answer);
    }

    private byte[][] merging(Object key, Object value, long number, Object function) {
        byte[] encodedKey = encodeKey(key);
        byte[] encodedValue = encodeValue(value);
        return functions.isKnown(number)
                ? new byte[][] {encodedKey, encodedValue}
                : new byte[][] {encodedKey, encodedValue, encodeFunction(function)};
    }

    private byte[][] computing(Object key, long number, Object function) {
        byte[] encodedKey = encodeKey(key);
        return functions.isKnown(number)
                ? new byte[][] {encodedKey}
                : new byte[][] {encodedKey, encodeFunction(function)};
    }

    @Override
    public CompletableFuture<@Nullable Object> getAsync(Object key) {
        return callAsync(this::value, CollectionCall.GET, 0, encodeKey(key));
    }

    @Override
    public CompletableFuture<@Nullable Object> putAsync(Object key, Object value) {
        return callAsync(this::value, CollectionCall.PUT, 0, encodeKey(key), encodeValue(value));
    }

    @Override
    public CompletableFuture<@Nullable Object> removeAsync(Object key) {
        return callAsync(this::value, CollectionCall.REMOVE, 0, encodeKey(key));
    }

    @Override
    public CompletableFuture<Long> addAndGetAsync(Object key, long delta) {
        return callAsync(Frame::number, CollectionCall.ADD, delta, encodeKey(key));
    }

    @Override
    public CompletableFuture<@Nullable Object> mergeAtOwnerAsync(
            Object key,
            Object value,
            SerializableBiFunction<? super Object, ? super Object, ? extends @Nullable Object> function) {
        long number = functions.number(requireNonNull(function, "function"));
        return callAsync(known(number), CollectionCall.MERGE, number, merging(key, value, number, function));
    }

    @Override
    public CompletableFuture<@Nullable Object> computeAtOwnerAsync(
            Object key,
            SerializableBiFunction<? super Object, ? super @Nullable Object, ? extends @Nullable Object> function) {
        long number = functions.number(requireNonNull(function, "function"));
        return callAsync(known(number), CollectionCall.COMPUTE, number, computing(key, number, function));
    }

    private Function<Frame, @Nullable Object> known(long number) {
        return answer -> {
            functions.nowKnown(number);
            return value(answer);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof Map<?, ?> map && views.copy().equals(map));
    }

    @Override
    public int hashCode() {
        return views.copy().hashCode();
    }

    /** Its entries, or what it is if it is no more. */
    @Override
    public String toString() {
        try {
            return closedBecause() == null ? views.copy().toString() : super.toString();
        } catch (IllegalStateException e) {
            return super.toString();
        }
    }
}
