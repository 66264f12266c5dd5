// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.task.SerializableFunction;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The names of a call's items, where it names them: added in input order by its feeder, asked for by whoever opens outcomes. */
final class ItemNames {
    private final @Nullable SerializableFunction<@Nullable Object, String> key;
    private final Map<Long, String> names = new ConcurrentHashMap<>();
    /** The feeder's. */
    private long next;

    /** @param key names an item; null where items have no names */
    ItemNames(@Nullable SerializableFunction<@Nullable Object, String> key) {
        this.key = key;
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
    void add(@Nullable Object item) {
        if (key != null) {
            names.put(next++, String.valueOf(key.apply(item)));
        }
    }

    /** The item's name, or null. */
    @Nullable
    String of(long index) {
        return key == null ? null : names.get(index);
    }

    /** The item has its outcome. */
    void remove(long index) {
        if (key != null) {
            names.remove(index);
        }
    }
}
