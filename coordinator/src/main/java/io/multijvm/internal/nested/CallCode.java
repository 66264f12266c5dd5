// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** The function of one call, as another worker would see it: decoded from the bytes that cross, once. Thread-safe. */
final class CallCode {
    private final byte[] encoded;
    private final ValueCodec codec;
    private @Nullable SerializableFunction<@Nullable Object, @Nullable Object> function;

    CallCode(byte[] encoded, ValueCodec codec) {
        this.encoded = encoded;
        this.codec = codec;
    }

    ValueCodec codec() {
        return codec;
    }

    @SuppressWarnings("unchecked") // what was encoded is a function that takes the call's items
    synchronized SerializableFunction<@Nullable Object, @Nullable Object> function() {
        if (function == null) {
            if (codec.decode(encoded, 0, encoded.length) instanceof SerializableFunction<?, ?> task) {
                function = (SerializableFunction<@Nullable Object, @Nullable Object>) task;
            } else {
                throw new PayloadException("the task did not arrive as a SerializableFunction", "task", null);
            }
        }
        return function;
    }
}
