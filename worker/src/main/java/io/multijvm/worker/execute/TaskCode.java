// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** The function of one call: decoded once, by the task thread, when its first item comes. */
public final class TaskCode {
    private final byte[] encoded;
    private @Nullable SerializableFunction<@Nullable Object, @Nullable Object> function;

    public TaskCode(byte[] encoded) {
        this.encoded = encoded;
    }

    @SuppressWarnings("unchecked") // the coordinator sends a function together with items that it takes
    SerializableFunction<@Nullable Object, @Nullable Object> function(ValueCodec codec) {
        if (function == null) {
            function =
                    (SerializableFunction<@Nullable Object, @Nullable Object>) codec.decode(encoded, 0, encoded.length);
            if (function == null) {
                throw new IllegalStateException("the task is null");
            }
        }
        return function;
    }
}
