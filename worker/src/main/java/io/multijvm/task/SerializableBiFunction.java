// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments that can cross to a worker.
 *
 * <p>A lambda crosses to a worker only where this type is expected: through a variable of type {@code BiFunction} it
 * does not. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #applyOrThrow}, which may throw; callers in the same JVM use {@link #apply}.
 */
@SuppressWarnings("FunctionalInterfaceMethodChanged") // the wrapper only lets checked exceptions through
@FunctionalInterface
public interface SerializableBiFunction<
                A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
        extends BiFunction<A, B, R>, Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    R applyOrThrow(A first, B second) throws Exception;

    /** Calls {@link #applyOrThrow}; a checked exception is rethrown as it is, undeclared. */
    @Override
    default R apply(A first, B second) {
        try {
            return applyOrThrow(first, second);
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }
}
