// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.data.NameList;
import examples.names.Soundex;
import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A histogram that all workers count into, twice: in a shared array, whose elements are memory of all processes, and in a
 * shared map, which takes any keys and adds at its owner. Both are exact, and there is no lock.
 */
public final class SharedHistogram {
    private static final int LETTERS = 26;
    private static final int PARTS = 20;
    private static final int NAMES_OF_PART = 500;

    private SharedHistogram() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<List<String>> parts = IntStream.range(0, PARTS)
                .mapToObj(part -> NameList.of(part, NAMES_OF_PART))
                .toList();
        // The pool is closed first, for its tasks use what the manager has.
        try (Manager manager = Manager.start();
                Pool pool = PoolKind.open(args, 2)) {
            SharedLongArray array = manager.longArray(LETTERS);
            SharedMap<Character, Long> map = manager.map();
            pool.forEach(
                    names -> {
                        // Adding to an element is some nanoseconds, wherever the process: one at a time will do.
                        names.forEach(name -> array.addAndGet(first(name) - 'A', 1));
                        // Adding to a map is a trip to its owner: count here, and go there once for each key.
                        counted(names).forEach((letter, count) -> map.mergeAtOwner(letter, count, Long::sum));
                    },
                    parts);

            Map<Character, Long> ofArray = new TreeMap<>();
            for (int i = 0; i < LETTERS; i++) {
                if (array.get(i) > 0) {
                    ofArray.put((char) ('A' + i), array.get(i));
                }
            }
            System.out.println(ofArray);
            System.out.println("the map has the same: " + map.equals(ofArray));
            System.out.println("one loop has the same: "
                    + counted(parts.stream().flatMap(List::stream).toList()).equals(ofArray));
        }
    }

    private static Map<Character, Long> counted(List<String> names) {
        return names.stream().collect(Collectors.groupingBy(SharedHistogram::first, Collectors.counting()));
    }

    private static char first(String name) {
        return Soundex.code(name).charAt(0);
    }
}
