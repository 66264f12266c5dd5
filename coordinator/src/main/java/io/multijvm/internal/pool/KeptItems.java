// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The items of a call that wait for their outcomes: added in input order by its feeder, removed by its consumer. */
final class KeptItems<T extends @Nullable Object> {
    private final Map<Long, Kept<T>> waiting = new ConcurrentHashMap<>();
    /** The feeder's. */
    private long next;

    /** The map takes no nulls, but items may be null. */
    private record Kept<T extends @Nullable Object>(T item) {}

    void add(T item) {
        waiting.put(next++, new Kept<>(item));
    }

    /** The item of an outcome, once. */
    T remove(long index) {
        Kept<T> kept = waiting.remove(index);
        if (kept == null) {
            throw new AssertionError("item " + index + " has a second outcome");
        }
        return kept.item();
    }
}
