// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableFunction;
import java.util.ArrayList;
import java.util.List;

/** A standby loads what its first item will need while nobody waits for it: the codec, and one value of each common kind. */
final class Rehearsal {
    private Rehearsal() {}

    static void of(ValueCodec codec) {
        SerializableFunction<Integer, Integer> task = x -> x + 1;
        List<Object> values = List.of(
                task,
                1,
                1L,
                1.0,
                "text",
                new byte[1],
                new int[1],
                new long[1],
                new double[1],
                new ArrayList<>(List.of(1)));
        for (Object value : values) {
            try {
                byte[] bytes = codec.encode(value, "rehearsal");
                codec.decode(bytes, 0, bytes.length);
            } catch (PayloadException e) {
                // a codec that does not carry this kind; the task that uses it will be told
            }
        }
    }
}
