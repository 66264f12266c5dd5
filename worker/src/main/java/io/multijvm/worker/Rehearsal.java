// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.RunProcess;
import io.multijvm.wire.v1.ToWorker;
import java.util.ArrayList;
import java.util.List;

/** A standby loads what its first item will need while nobody waits for it: the codec, and one value of each common kind. */
final class Rehearsal {
    private Rehearsal() {}

    /** The message that would make this process one with a task of its own. */
    private static void readOrder() {
        ToWorker order = ToWorker.newBuilder()
                .setRunProcess(RunProcess.newBuilder()
                        .setName("rehearsal")
                        .setTask(Payload.newBuilder().setInline(ByteString.copyFrom(new byte[1]))))
                .build();
        try {
            var unused = ToWorker.parseFrom(order.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("written a moment ago", e);
        }
    }

    static void of(ValueCodec codec) {
        readOrder();
        SerializableFunction<Integer, Integer> task = x -> x + 1;
        SerializableRunnable ownTask = () -> {};
        List<Object> values = List.of(
                task,
                ownTask,
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
