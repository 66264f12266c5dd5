// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A map, or a set, which is a map whose values say nothing. Keys are decoded, for their {@code equals} decides; values stay as
 * they crossed until something has to be done with them. All of it is the turns'.
 */
final class KeyedAtOwner extends CollectionAtOwner {
    private static final byte[] NOTHING = {};
    private static final Long ZERO = 0L;

    private Map<Object, Entry> byKey = new HashMap<>();
    /** In the order in which they were first put; a place is never used again, so that an iteration finds on. */
    private NavigableMap<Long, Entry> byPlace = new TreeMap<>();

    private long lastPlace;
    private long lastVersion;

    KeyedAtOwner(long id, EventLoop loop, Executor threads, OwnersCodec codec) {
        super(id, loop, threads, codec);
    }

    private static final class Entry {
        final Object key;
        final byte[] encodedKey;
        final long place;
        byte[] value;
        long version;

        Entry(Object key, byte[] encodedKey, byte[] value, long place, long version) {
            this.key = key;
            this.encodedKey = encodedKey;
            this.place = place;
            this.value = value;
            this.version = version;
        }
    }

    @Override
    void forget() {
        byKey = new HashMap<>();
        byPlace = new TreeMap<>();
    }

    @Override
    Frame done(CollectionCall what, Frame call, FunctionsOfCaller functions) {
        byte[][] parts = call.parts();
        return switch (what) {
            case SIZE -> answer(byKey.size());
            case CLEAR -> cleared();
            case PUT_ALL -> allPut(parts);
            case ADD_KEYS -> added(parts);
            case REMOVE_KEYS -> removed(parts);
            case CONTAINS_KEYS -> answer(Arrays.stream(parts).map(this::key).allMatch(byKey::containsKey));
            case CONTAINS_VALUE -> answer(hasValue(parts[0]));
            case REMOVE_VERSIONS -> removedIf(Frame.numbers(parts[0]));
            case SCAN -> scanned(call.number(), Frame.numbers(parts[0])[0], true);
            case SCAN_KEYS -> scanned(call.number(), Frame.numbers(parts[0])[0], false);
            default -> ofKey(what, call, key(parts[0]), functions);
        };
    }

    private Frame ofKey(CollectionCall what, Frame call, Object key, FunctionsOfCaller functions) {
        byte[][] parts = call.parts();
        Entry entry = byKey.get(key);
        return switch (what) {
            case GET -> state(entry);
            case PUT -> before(entry, () -> put(key, parts[0], entry, parts[1]));
            case PUT_IF_ABSENT -> entry != null ? state(entry) : before(null, () -> put(key, parts[0], null, parts[1]));
            case REMOVE -> before(entry, () -> remove(entry));
            case REMOVE_EQUAL -> {
                boolean removes = entry != null && isEqual(parts[1], entry.value);
                yield does(removes, () -> remove(entry));
            }
            case REPLACE -> entry == null ? state(null) : before(entry, () -> put(key, parts[0], entry, parts[1]));
            case REPLACE_EQUAL -> {
                boolean replaces = entry != null && isEqual(parts[1], entry.value);
                yield does(replaces, () -> put(key, parts[0], entry, parts[2]));
            }
            case PUT_IF_VERSION -> does(call.number() == version(entry), () -> put(key, parts[0], entry, parts[1]));
            case REMOVE_IF_VERSION -> does(call.number() == version(entry), () -> remove(entry));
            case ADD -> sum(key, parts[0], entry, call.number());
            case MERGE -> merged(key, entry, call, functions);
            case COMPUTE -> computed(key, entry, call, functions);
            default -> throw new IllegalArgumentException("a map is not asked for " + what);
        };
    }

    private Object key(byte[] encoded) {
        return Objects.requireNonNull(codec().values().decodeKey(encoded), "a key is never null");
    }

    private static long version(@Nullable Entry entry) {
        return entry == null ? 0 : entry.version;
    }

    private static Frame state(@Nullable Entry entry) {
        return entry == null ? answer(0) : answer(entry.version, entry.value);
    }

    /** Says what it was, and then does something. */
    private static Frame before(@Nullable Entry entry, Runnable step) {
        Frame before = state(entry);
        step.run();
        return before;
    }

    private static Frame does(boolean so, Runnable step) {
        if (so) {
            step.run();
        }
        return answer(so);
    }

    private void put(Object key, byte[] encodedKey, @Nullable Entry entry, byte[] value) {
        lastVersion++;
        if (entry != null) {
            entry.value = value;
            entry.version = lastVersion;
            return;
        }
        Entry made = new Entry(key, encodedKey, value, lastPlace + 1, lastVersion);
        byKey.put(key, made);
        lastPlace++;
        byPlace.put(lastPlace, made);
    }

    private void remove(@Nullable Entry entry) {
        if (entry != null) {
            byKey.remove(entry.key);
            byPlace.remove(entry.place);
        }
    }

    /** As {@code equals} says, or because they crossed as the same bytes, as two copies of one value do. */
    private boolean isEqual(byte[] wanted, byte[] stored) {
        return Arrays.equals(wanted, stored) || Objects.equals(codec().value(wanted), codec().value(stored));
    }

    /** Looks for the same bytes first: of what only workers can decode nothing else can be found. */
    private boolean hasValue(byte[] wanted) {
        if (byKey.values().stream().anyMatch(entry -> Arrays.equals(wanted, entry.value))) {
            return true;
        }
        Object value = byKey.isEmpty() ? null : codec().value(wanted);
        return byKey.values().stream().anyMatch(entry -> Objects.equals(value, codec().value(entry.value)));
    }

    private Frame cleared() {
        byKey.clear();
        byPlace.clear();
        return answer(0);
    }

    /**
     * The keys, decoded and compared to those that are there and to each other: what their {@code equals} or {@code hashCode}
     * throws is thrown here, before anything has changed.
     *
     * @param step from each to the next
     */
    private List<Object> compared(byte[][] parts, int step) {
        List<Object> keys = new ArrayList<>(parts.length / step);
        Set<Object> others = new HashSet<>();
        for (int i = 0; i < parts.length; i += step) {
            Object key = key(parts[i]);
            boolean unused = byKey.containsKey(key) || others.add(key);
            keys.add(key);
        }
        return keys;
    }

    private Frame allPut(byte[][] parts) {
        List<Object> keys = compared(parts, 2);
        for (int i = 0; i < keys.size(); i++) {
            Object key = keys.get(i);
            put(key, parts[2 * i], byKey.get(key), parts[2 * i + 1]);
        }
        return answer(keys.size());
    }

    private Frame added(byte[][] parts) {
        List<Object> keys = compared(parts, 1);
        int before = byKey.size();
        for (int i = 0; i < parts.length; i++) {
            if (!byKey.containsKey(keys.get(i))) {
                put(keys.get(i), parts[i], null, NOTHING);
            }
        }
        return answer(byKey.size() - (long) before);
    }

    private Frame removed(byte[][] parts) {
        List<@Nullable Entry> found = new ArrayList<>(parts.length);
        for (byte[] part : parts) { // all before any is removed, for a key's equals may throw
            found.add(byKey.get(key(part)));
        }
        int before = byKey.size();
        found.forEach(this::remove);
        return answer(before - (long) byKey.size());
    }

    /** @param wanted places and versions in turn; version 0 is any */
    private Frame removedIf(long[] wanted) {
        int before = byKey.size();
        for (int i = 0; i + 1 < wanted.length; i += 2) {
            Entry entry = byPlace.get(wanted[i]);
            if (entry != null && (wanted[i + 1] == 0 || entry.version == wanted[i + 1])) {
                remove(entry);
            }
        }
        return answer(before - (long) byKey.size());
    }

    /** @param enough bytes; 0 for all */
    private Frame scanned(long after, long enough, boolean values) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(NOTHING);
        List<Entry> found = new ArrayList<>();
        long bytes = 0;
        boolean more = false;
        for (Entry entry : byPlace.tailMap(after, false).values()) {
            if (enough > 0 && bytes >= enough) {
                more = true;
                break;
            }
            found.add(entry);
            parts.add(entry.encodedKey);
            bytes += 2 * Long.BYTES + entry.encodedKey.length;
            if (values) {
                parts.add(entry.value);
                bytes += entry.value.length;
            }
        }
        long[] numbers = new long[2 * found.size()];
        for (int i = 0; i < found.size(); i++) {
            numbers[2 * i] = found.get(i).place;
            numbers[2 * i + 1] = found.get(i).version;
        }
        parts.set(0, Frame.part(numbers));
        return answer(more ? 1 : 0, parts.toArray(byte[][]::new));
    }

    private Frame sum(Object key, byte[] encodedKey, @Nullable Entry entry, long delta) {
        Object before = entry == null ? ZERO : codec().value(entry.value);
        if (!(before instanceof Long number)) {
            throw new ClassCastException("addAndGet adds to values of type Long; the value of key " + key + " is a "
                    + (before == null ? "null" : before.getClass().getName()));
        }
        long sum = number + delta;
        put(key, encodedKey, entry, codec().values().encode(sum));
        return answer(sum);
    }

    private Frame merged(Object key, @Nullable Entry entry, Frame call, FunctionsOfCaller functions) {
        byte[][] parts = call.parts();
        // looked for in any case: it may be named for what follows
        SerializableBiFunction<Object, Object, @Nullable Object> function =
                functions.find(call.number(), parts.length > 2 ? parts[2] : null, codec());
        if (entry == null) {
            put(key, parts[0], null, parts[1]);
            return answer(lastVersion, parts[1]);
        }
        return become(key, parts[0], entry, function.apply(decoded(entry.value), decoded(parts[1])));
    }

    @SuppressWarnings("NullAway") // a function may be given null for a value that is not there
    private Frame computed(Object key, @Nullable Entry entry, Frame call, FunctionsOfCaller functions) {
        byte[][] parts = call.parts();
        SerializableBiFunction<Object, Object, @Nullable Object> function =
                functions.find(call.number(), parts.length > 1 ? parts[1] : null, codec());
        // a copy of the key too: whatever the function does to it, the map's own stays
        Object made = function.apply(decoded(parts[0]), entry == null ? null : decoded(entry.value));
        return become(key, parts[0], entry, made);
    }

    private Object decoded(byte[] value) {
        return Objects.requireNonNull(codec().value(value), "no value is null");
    }

    private Frame become(Object key, byte[] encodedKey, @Nullable Entry entry, @Nullable Object value) {
        if (value == null) {
            remove(entry);
            return answer(0);
        }
        byte[] encoded = codec().values().encode(value);
        put(key, encodedKey, entry, encoded);
        return answer(lastVersion, encoded);
    }
}
