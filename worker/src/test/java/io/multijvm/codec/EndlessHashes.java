// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Values of some kilobytes that anybody can make and encode, and whose tables nobody can fill again in his life. */
final class EndlessHashes {
    private static final int LEVELS = 100;

    private EndlessHashes() {}

    /** A pair whose {@code hashCode} the compiler wrote. */
    record Pair(Object left, Object right) implements Serializable {}

    /** As a user might extend one. */
    static final class OwnSet extends HashSet<Object> {
        private static final long serialVersionUID = 1;
    }

    /** Each by a name that says which table is to hash what. */
    @SuppressWarnings("JdkObsolete") // the old table has its own way of being read
    static Map<String, Supplier<Object>> all() {
        Map<String, Supplier<Object>> values = new LinkedHashMap<>();
        values.put("sets in sets", () -> twice(HashSet::new));
        values.put("ordered sets in sets", () -> twice(LinkedHashSet::new));
        values.put("a user's sets in sets", () -> twice(OwnSet::new));
        values.put("lists in a set", () -> withKey(lists(), EndlessHashes::set));
        values.put("records in a set", () -> withKey(records(), EndlessHashes::set));
        values.put("entries in a set", () -> withKey(doubled(part -> Map.entry(part, part)), EndlessHashes::set));
        values.put("lists in a map", () -> withKey(lists(), key -> map(new HashMap<>(), key)));
        values.put("lists in an ordered map", () -> withKey(lists(), key -> map(new LinkedHashMap<>(), key)));
        values.put("lists in an old table", () -> withKey(lists(), key -> map(new Hashtable<>(), key)));
        values.put("lists in properties", () -> withKey(lists(), key -> map(new Properties(), key)));
        values.put("lists in a concurrent map", () -> withKey(lists(), key -> map(new ConcurrentHashMap<>(), key)));
        values.put("lists in a concurrent set", () -> withKey(lists(), EndlessHashes::concurrentSet));
        values.put("lists in a set that is a map", () -> withKey(lists(), EndlessHashes::setOfMap));
        values.put("lists in an immutable set", () -> withKey(lists(), key -> Set.of(key, "another", "third")));
        values.put("lists in an immutable map", () -> withKey(lists(), key -> Map.of(key, 1, "another", 2)));
        values.put("few lists, each of them often", () -> withKey(wide(), EndlessHashes::set));
        values.put("lists through a cycle", EndlessHashes::throughACycle);
        return values;
    }

    /** Each level holds the one below it twice; filled from the top, for then nothing is hashed on the way. */
    private static Object twice(Supplier<? extends Collection<Object>> level) {
        Collection<Object> root = level.get();
        Collection<Object> left = root;
        Collection<Object> right = level.get();
        for (int i = 0; i < LEVELS; i++) {
            Collection<Object> lowerLeft = level.get();
            Collection<Object> lowerRight = level.get();
            lowerLeft.add("only this tells them apart");
            for (Collection<Object> upper : List.of(left, right)) {
                upper.add(lowerLeft);
                upper.add(lowerRight);
            }
            left = lowerLeft;
            right = lowerRight;
        }
        return root;
    }

    private static Object doubled(UnaryOperator<Object> above) {
        Object value = "the lowest";
        for (int i = 0; i < LEVELS; i++) {
            value = above.apply(value);
        }
        return value;
    }

    private static Object lists() {
        return doubled(part -> new ArrayList<>(List.of(1, part, part)));
    }

    private static Object records() {
        return doubled(part -> new Pair(part, part));
    }

    /** The same list a thousand times in a list, and so on: no depth to speak of. */
    static Object wide() {
        Object list = "the lowest";
        for (int i = 0; i < 4; i++) {
            list = new ArrayList<>(Collections.nCopies(1000, list));
        }
        return list;
    }

    /** A table with a key that grows when it lies there already. */
    private static Object withKey(Object grown, UnaryOperator<Object> table) {
        List<Object> key = new ArrayList<>();
        Object made = table.apply(key);
        key.add(grown);
        return made;
    }

    private static Object set(Object key) {
        return new HashSet<>(List.of(key));
    }

    private static Object concurrentSet(Object key) {
        Set<Object> set = ConcurrentHashMap.newKeySet();
        set.add(key);
        return set;
    }

    private static Object setOfMap(Object key) {
        Set<Object> set = Collections.newSetFromMap(new HashMap<>());
        set.add(key);
        return set;
    }

    private static Object map(Map<Object, Object> map, Object key) {
        map.put(key, "value");
        return map;
    }

    /** No list is complete before all of them are: none can be weighed when it is read. */
    private static Object throughACycle() {
        List<Object> outermost = new ArrayList<>();
        List<Object> upper = outermost;
        for (int i = 0; i < LEVELS; i++) {
            List<Object> inner = new ArrayList<>(List.of(i, upper, upper));
            upper.add(new Object[] {inner}); // which is hashed without what it holds
            upper = inner;
        }
        return new ArrayList<>(List.of(outermost, withKey(upper, EndlessHashes::set)));
    }
}
