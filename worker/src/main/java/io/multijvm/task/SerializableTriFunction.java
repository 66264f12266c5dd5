// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of three arguments that can cross to a worker.
 *
 * <p>A lambda crosses to a worker only where this type is expected. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #applyOrThrow}, which may throw; callers in the same JVM use {@link #apply}.
 */
@FunctionalInterface
public interface SerializableTriFunction<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                R extends @Nullable Object>
        extends Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    R applyOrThrow(A first, B second, C third) throws Exception;

    /** Calls {@link #applyOrThrow}; a checked exception is rethrown as it is, undeclared. */
    default R apply(A first, B second, C third) {
        try {
            return applyOrThrow(first, second, third);
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }
}
