// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableFunction;
import io.multijvm.worker.shared.Owners;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The function of one call: decoded once, by the task thread, when its first item comes. If that fails, it fails for each of
 * the call's items in the same way.
 */
public final class TaskCode {
    private final byte[] encoded;
    private final int depth;
    private final long seed;
    private final @Nullable PlacedPayload placed;
    // the task thread's
    private @Nullable PayloadException failure;
    private @Nullable SerializableFunction<@Nullable Object, @Nullable Object> function;

    /** @param seed of the call, for what its tasks draw */
    public TaskCode(byte[] encoded, long seed) {
        this(encoded, seed, 0);
    }

    /**
     * @param seed of the call, for what its tasks draw
     * @param depth how many calls of tasks to their own pool stand above the items
     */
    public TaskCode(byte[] encoded, long seed, int depth) {
        this.encoded = encoded;
        this.depth = depth;
        this.seed = seed;
        this.placed = null;
    }

    /** A function that lies in shared memory. */
    public TaskCode(PlacedPayload placed, long seed, int depth) {
        this.encoded = new byte[0];
        this.depth = depth;
        this.seed = seed;
        this.placed = placed;
    }

    int depth() {
        return depth;
    }

    long seed() {
        return seed;
    }

    /** No item will come that has not come. The link's. */
    public void release() {
        if (placed != null) {
            placed.release();
        }
    }

    /** Whether the next call of {@link #function} has nothing left to do. */
    boolean isDecoded() {
        return function != null || failure != null;
    }

    /** @param around put around the function when it has been decoded */
    SerializableFunction<@Nullable Object, @Nullable Object> function(
            ValueCodec codec, UnaryOperator<SerializableFunction<@Nullable Object, @Nullable Object>> around) {
        if (failure != null) {
            throw failure;
        }
        if (function == null) {
            try {
                function = around.apply(decode(codec));
            } catch (PayloadException e) {
                failure = e;
                throw e;
            }
        }
        return function;
    }

    @SuppressWarnings("unchecked") // the coordinator sends a function together with items that it takes
    private SerializableFunction<@Nullable Object, @Nullable Object> decode(ValueCodec codec) {
        Object decoded = placed == null ? codec.decode(encoded, 0, encoded.length) : placed.decode(codec);
        if (decoded instanceof SerializableFunction<?, ?> task) {
            Owners.trust(task);
            return (SerializableFunction<@Nullable Object, @Nullable Object>) task;
        }
        String what = decoded == null ? "null" : "a " + decoded.getClass().getName();
        throw new PayloadException("the task arrived as " + what + ", not as a SerializableFunction", "task", null);
    }
}
