// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function that can cross to a worker: one item in, one result out.
 *
 * <p>A lambda crosses to a worker only where this type is expected: through a variable of type {@code Function} it
 * does not. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #applyOrThrow}, which may throw; callers in the same JVM use {@link #apply}.
 */
@SuppressWarnings("FunctionalInterfaceMethodChanged") // the wrapper only lets checked exceptions through
@FunctionalInterface
public interface SerializableFunction<T extends @Nullable Object, R extends @Nullable Object>
        extends Function<T, R>, Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    R applyOrThrow(T item) throws Exception;

    /** Calls {@link #applyOrThrow}; a checked exception is rethrown as it is, undeclared. */
    @Override
    default R apply(T item) {
        try {
            return applyOrThrow(item);
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }

    /** This function, then {@code after}, as one function that can cross as well. */
    default <V extends @Nullable Object> SerializableFunction<T, V> andThen(
            SerializableFunction<? super R, ? extends V> after) {
        return item -> after.applyOrThrow(applyOrThrow(item));
    }
}
