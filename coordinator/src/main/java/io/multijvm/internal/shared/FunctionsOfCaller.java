// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.task.SerializableBiFunction;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that one process has named for one map. Used in the map's turns. */
final class FunctionsOfCaller {
    private static final long NAMELESS = 0;

    private final Map<Long, SerializableBiFunction<?, ?, ?>> named = new HashMap<>();

    /** @param bytes null if it was named before */
    @SuppressWarnings("unchecked") // of what types it is nobody can know before it runs
    SerializableBiFunction<Object, Object, @Nullable Object> find(
            long number, byte @Nullable [] bytes, OwnersCodec codec) {
        SerializableBiFunction<?, ?, ?> found = number == NAMELESS ? null : named.get(number);
        if (found == null) {
            if (bytes == null) {
                throw new IllegalArgumentException("function " + number + " was not named before");
            }
            found = codec.function(bytes);
            if (number != NAMELESS) {
                named.put(number, found);
            }
        }
        return (SerializableBiFunction<Object, Object, @Nullable Object>) found;
    }
}
