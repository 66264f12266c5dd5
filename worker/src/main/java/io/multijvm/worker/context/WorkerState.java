// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What the tasks of one worker keep there from item to item. Thread-safe; a supplier runs under the lock, once a key. */
public final class WorkerState {
    // guarded by this
    private final Map<Object, Object> values = new HashMap<>();

    /** The value of that key; made now if there is none. If making it fails, nothing is kept. */
    @SuppressWarnings("unchecked") // what a key stands for is the tasks' own agreement
    public synchronized <T> T get(Object key, Supplier<? extends T> first) {
        Objects.requireNonNull(key, "key");
        Object known = values.get(key);
        if (known == null) {
            // not by computeIfAbsent: making one value may ask for another
            known = Objects.requireNonNull(first.get(), () -> "the supplier of the state " + key + " gave null");
            values.put(key, known);
        }
        return (T) known;
    }
}
