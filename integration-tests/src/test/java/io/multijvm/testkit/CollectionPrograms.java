// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;

/**
 * Random programs of operations on a map, a set or a list of the JDK's types. What each operation gave, and what there was
 * after it now and then, is written down: the same program must give the same with any implementation.
 */
@SuppressWarnings("NullAway") // what nulls do is part of the programs
public final class CollectionPrograms {
    private static final int KEYS = 12;
    private static final int WHOLE_EVERY = 10;

    private final Random random;
    private final List<String> seen = new ArrayList<>();

    private CollectionPrograms(long seed) {
        this.random = new Random(seed);
    }

    /** A step of a program. */
    private interface Step {
        Object go();
    }

    private void see(String what, Step step) {
        Object gave;
        try {
            gave = step.go();
        } catch (NullPointerException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException e) {
            gave = e.getClass().getSimpleName();
        }
        seen.add(what + " -> " + (gave instanceof Object[] array ? Arrays.toString(array) : gave));
    }

    private int value() {
        return random.nextInt(KEYS);
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private List<Integer> some() {
        return random.ints(random.nextInt(4), 0, KEYS).boxed().toList();
    }

    /** Keys are texts, values numbers. */
    public static List<String> ofMap(ConcurrentMap<String, Integer> map, long seed, int steps) {
        CollectionPrograms program = new CollectionPrograms(seed);
        for (int i = 0; i < steps; i++) {
            program.stepOfMap(map);
            program.stepOfViews(map);
            if (i % WHOLE_EVERY == 0) {
                program.see("map", () -> new TreeMap<>(map));
                program.see("equals", () -> map.equals(new TreeMap<>(map)) && new TreeMap<>(map).equals(map));
                program.see("hash", map::hashCode);
            }
        }
        return program.seen;
    }

    private void stepOfMap(ConcurrentMap<String, Integer> map) {
        String k = key();
        int v = value();
        int w = value();
        switch (random.nextInt(26)) {
            case 0, 1, 2 -> see("put " + k, () -> map.put(k, v));
            case 3 -> see("get " + k, () -> map.get(k));
            case 4 -> see("getOrDefault " + k, () -> map.getOrDefault(k, -1));
            case 5 -> see("putIfAbsent " + k, () -> map.putIfAbsent(k, v));
            case 6 -> see("remove " + k, () -> map.remove(k));
            case 7 -> see("remove " + k + v, () -> map.remove(k, v));
            case 8 -> see("replace " + k, () -> map.replace(k, v));
            case 9 -> see("replace " + k + v, () -> map.replace(k, v, w));
            case 10 -> see("containsKey " + k, () -> map.containsKey(k));
            case 11 -> see("containsValue " + v, () -> map.containsValue(v));
            case 12 ->
                see(
                        "compute " + k,
                        () -> map.compute(k, (x, old) -> old == null ? (v > 6 ? null : v) : old > 6 ? null : old + v));
            case 13 -> see("computeIfAbsent " + k, () -> map.computeIfAbsent(k, x -> v > 8 ? null : v));
            case 14 -> see("computeIfPresent " + k, () -> map.computeIfPresent(k, (x, old) -> v > 8 ? null : old + v));
            case 15, 16 -> see("merge " + k, () -> map.merge(k, v, (old, more) -> old > 20 ? null : old + more));
            case 17 ->
                see("putAll", () -> {
                    map.putAll(Map.of(k, v, "other", w));
                    return map.size();
                });
            case 18 ->
                see("replaceAll", () -> {
                    map.replaceAll((x, old) -> old + v);
                    return map.get(k);
                });
            case 19 -> see("null key", () -> map.put(null, v));
            case 20 -> see("null value", () -> map.put(k, null));
            case 21 -> see("get null", () -> map.get(null));
            case 22 ->
                see(
                        "compute throws",
                        () -> map.compute(k, (x, old) -> {
                            throw new IllegalArgumentException("from the function");
                        }));
            case 23 ->
                see("replaceAll to null", () -> {
                    map.replaceAll((x, old) -> null);
                    return map.isEmpty();
                });
            case 24 ->
                see("clear " + v, () -> {
                    if (v == 0) {
                        map.clear();
                    }
                    return map.isEmpty();
                });
            default ->
                see("forEach", () -> {
                    int[] sum = {0};
                    map.forEach((x, y) -> sum[0] += x.hashCode() + y);
                    return sum[0];
                });
        }
    }

    private void stepOfViews(ConcurrentMap<String, Integer> map) {
        String k = key();
        int v = value();
        List<Integer> some = some();
        List<String> keys = some.stream().map(x -> "k" + x).toList();
        switch (random.nextInt(20)) {
            case 0 -> see("keySet.remove " + k, () -> map.keySet().remove(k));
            case 1 -> see("keySet.contains " + k, () -> map.keySet().contains(k));
            case 2 -> see("keySet.removeAll", () -> map.keySet().removeAll(keys));
            case 3 -> see("keySet.retainAll", () -> v > 9 && map.keySet().retainAll(keys));
            case 4 -> see("keySet.removeIf", () -> map.keySet().removeIf(x -> x.equals(k)));
            case 5 -> see("keySet.containsAll", () -> map.keySet().containsAll(keys));
            case 6 -> see("values.contains " + v, () -> map.values().contains(v));
            case 7 -> see("values.removeIf", () -> map.values().removeIf(x -> x > 15 + v));
            case 8 -> see("values.removeAll", () -> map.values().removeAll(some));
            case 9 ->
                see("values.sum", () -> map.values().stream().mapToInt(x -> x).sum());
            case 10 -> see("entrySet.contains", () -> map.entrySet().contains(Map.entry(k, v)));
            case 11 -> see("entrySet.remove", () -> map.entrySet().remove(Map.entry(k, v)));
            case 12 -> see("entrySet.setValue", () -> setEach(map, v));
            case 13 -> see("entrySet.removeIf", () -> map.entrySet().removeIf(e -> e.getValue() == v));
            case 14 -> see("iterator.remove", () -> removeEach(map.keySet().iterator(), v));
            case 15 ->
                see("iterator.remove first", () -> {
                    map.entrySet().iterator().remove();
                    return "none";
                });
            case 16 -> see("keys", () -> new TreeSet<>(map.keySet()));
            case 17 ->
                see("keySet.add", () -> {
                    try {
                        return map.keySet().add(k);
                    } catch (UnsupportedOperationException e) {
                        return "not supported";
                    }
                });
            case 18 ->
                see(
                        "sizes",
                        () -> map.keySet().size()
                                + map.values().size()
                                + map.entrySet().size());
            default ->
                see("toArray", () -> {
                    Object[] all = map.keySet().toArray(new String[0]);
                    Arrays.sort(all);
                    return all;
                });
        }
    }

    private static int setEach(Map<String, Integer> map, int v) {
        int sum = 0;
        for (Map.Entry<String, Integer> entry : map.entrySet()) {
            sum += entry.setValue(entry.getValue() / 2 + v) + entry.getValue();
        }
        return sum;
    }

    private static <T> int removeEach(Iterator<T> each, int v) {
        int removed = 0;
        while (each.hasNext()) {
            if (each.next().hashCode() % 12 == v) {
                each.remove();
                removed++;
            }
        }
        return removed;
    }

    /** Elements are numbers. */
    public static List<String> ofSet(Set<Integer> set, long seed, int steps) {
        CollectionPrograms program = new CollectionPrograms(seed);
        for (int i = 0; i < steps; i++) {
            program.stepOfSet(set);
            if (i % WHOLE_EVERY == 0) {
                program.see("set", () -> new TreeSet<>(set));
                program.see("equals", () -> set.equals(new TreeSet<>(set)) && new TreeSet<>(set).equals(set));
                program.see("hash", set::hashCode);
            }
        }
        return program.seen;
    }

    private void stepOfSet(Set<Integer> set) {
        int v = value();
        List<Integer> some = some();
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> see("add " + v, () -> set.add(v));
            case 3 -> see("addAll", () -> set.addAll(some));
            case 4 -> see("contains " + v, () -> set.contains(v));
            case 5 -> see("containsAll", () -> set.containsAll(some));
            case 6 -> see("remove " + v, () -> set.remove(v));
            case 7 -> see("removeAll", () -> set.removeAll(some));
            case 8 -> see("retainAll", () -> v > 9 && set.retainAll(some));
            case 9 -> see("removeIf", () -> set.removeIf(x -> x % 5 == v));
            case 10 -> see("iterator.remove", () -> removeEach(set.iterator(), v));
            case 11 -> see("sum", () -> set.stream().mapToInt(x -> x).sum() + set.size());
            case 12 ->
                see("toArray", () -> {
                    Integer[] all = set.toArray(new Integer[0]);
                    Arrays.sort(all);
                    return all;
                });
            default ->
                see("clear", () -> {
                    if (v == 0) {
                        set.clear();
                    }
                    return set.isEmpty();
                });
        }
    }

    /** Elements are numbers and nulls. */
    public static List<String> ofList(List<Integer> list, long seed, int steps) {
        CollectionPrograms program = new CollectionPrograms(seed);
        for (int i = 0; i < steps; i++) {
            program.stepOfList(list);
            program.stepOfParts(list);
            if (i % WHOLE_EVERY == 0) {
                program.see("list", () -> new ArrayList<>(list));
                program.see("equals", () -> list.equals(new ArrayList<>(list)) && new ArrayList<>(list).equals(list));
                program.see("hash", list::hashCode);
                program.see("text", list::toString);
            }
        }
        return program.seen;
    }

    private void stepOfList(List<Integer> list) {
        Integer v = random.nextInt(8) == 0 ? null : (Integer) value();
        int at = random.nextInt(KEYS) - 1;
        List<Integer> some = some();
        Comparator<Integer> order = Comparator.nullsFirst(Comparator.reverseOrder());
        switch (random.nextInt(27)) {
            case 0, 1, 2, 3 -> see("add " + v, () -> list.add(v));
            case 4, 5 ->
                see("add at " + at, () -> {
                    list.add(at, v);
                    return "added";
                });
            case 6 -> see("get " + at, () -> list.get(at));
            case 7 -> see("set " + at, () -> list.set(at, v));
            case 8 -> see("remove at " + at, () -> list.remove(at));
            case 9 -> see("remove " + v, () -> list.remove(v));
            case 10 -> see("indexOf " + v, () -> list.indexOf(v) + " " + list.lastIndexOf(v));
            case 11 -> see("contains " + v, () -> list.contains(v));
            case 12 -> see("containsAll", () -> list.containsAll(some));
            case 13 -> see("addAll", () -> list.addAll(some));
            case 14 -> see("addAll at " + at, () -> list.addAll(at, some));
            case 15 -> see("removeAll", () -> list.removeAll(some));
            case 16 -> see("retainAll", () -> at > 8 && list.retainAll(some));
            case 17 -> see("removeIf", () -> list.removeIf(x -> x != null && x == at));
            case 18 ->
                see("replaceAll", () -> {
                    list.replaceAll(x -> x == null ? null : x % 7 + 1);
                    return list.size();
                });
            case 19 ->
                see("sort", () -> {
                    list.sort(order);
                    return list.size();
                });
            case 20 ->
                see("sort by nature", () -> {
                    List<Integer> whole = list.contains(null) ? new ArrayList<>(some) : list;
                    whole.sort(null);
                    return whole.size();
                });
            case 21 -> see("iterate", () -> walk(list.listIterator(), at));
            case 22 -> see("back from " + at, () -> back(list.listIterator(at)));
            case 23 ->
                see(
                        "iterator.remove",
                        () -> removeEach(
                                list.stream().allMatch(x -> x != null)
                                        ? list.iterator()
                                        : new ArrayList<>(some).iterator(),
                                at < 0 ? 0 : 99));
            case 24 ->
                see(
                        "sum",
                        () -> list.stream().mapToInt(x -> x == null ? 100 : x).sum());
            case 25 -> see("toArray", list::toArray);
            default ->
                see("clear " + v, () -> {
                    if (v == null) {
                        list.clear();
                    }
                    return list.isEmpty();
                });
        }
    }

    private void stepOfParts(List<Integer> list) {
        int from = random.nextInt(6) - 1;
        int to = from + random.nextInt(5);
        int v = value();
        Collection<Integer> some = some();
        switch (random.nextInt(8)) {
            case 0 -> see("subList " + from, () -> new ArrayList<>(list.subList(from, to)));
            case 1 -> see("subList.set", () -> list.subList(from, to).set(0, v));
            case 2 -> see("subList.add", () -> list.subList(from, to).add(v) + " " + list.size());
            case 3 ->
                see("subList.clear", () -> {
                    list.subList(from, to).clear();
                    return list.size();
                });
            case 4 -> see("subList.addAll", () -> list.subList(from, to).addAll(some) + " " + list.size());
            case 5 ->
                see("subList.sort", () -> {
                    list.subList(from, to).sort(Comparator.nullsLast(Comparator.naturalOrder()));
                    return list.size();
                });
            case 6 -> see("subList.remove", () -> list.subList(from, to).remove(0));
            default -> see("subList.walk", () -> walk(list.subList(from, to).listIterator(), v));
        }
    }

    /** Reads, sets, adds and removes as it goes. */
    private static String walk(ListIterator<Integer> each, int v) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; each.hasNext() && i < 50; i++) {
            Integer x = each.next();
            seen.append(each.nextIndex()).append(x).append(' ');
            switch ((i + v) % 5) {
                case 0 -> each.set(v);
                case 1 -> each.remove();
                case 2 -> {
                    each.add(v);
                    seen.append(each.previous());
                    each.next();
                }
                default -> {}
            }
        }
        return seen.toString();
    }

    private static String back(ListIterator<Integer> each) {
        StringBuilder seen = new StringBuilder();
        while (each.hasPrevious()) {
            seen.append(each.previousIndex()).append(each.previous()).append(' ');
        }
        return seen.toString();
    }
}
