// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An action on one item that can cross to a worker and returns nothing.
 *
 * <p>A lambda crosses to a worker only where this type is expected: through a variable of type {@code Consumer} it
 * does not. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #acceptOrThrow}, which may throw; callers in the same JVM use {@link #accept}.
 */
@SuppressWarnings("FunctionalInterfaceMethodChanged") // the wrapper only lets checked exceptions through
@FunctionalInterface
public interface SerializableConsumer<T extends @Nullable Object> extends Consumer<T>, Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    void acceptOrThrow(T item) throws Exception;

    /** Calls {@link #acceptOrThrow}; a checked exception is rethrown as it is, undeclared. */
    @Override
    default void accept(T item) {
        try {
            acceptOrThrow(item);
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }

    /** This action as a task whose result is null. */
    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
    default SerializableFunction<T, @Nullable Void> asFunction() {
        return item -> {
            acceptOrThrow(item);
            return null;
        };
    }
}
