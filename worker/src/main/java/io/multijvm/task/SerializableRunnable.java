// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An action without arguments that can cross to a worker and returns nothing.
 *
 * <p>A lambda crosses to a worker only where this type is expected: through a variable of type {@code Runnable} it
 * does not. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #runOrThrow}, which may throw; callers in the same JVM use {@link #run}.
 */
@SuppressWarnings("FunctionalInterfaceMethodChanged") // the wrapper only lets checked exceptions through
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    void runOrThrow() throws Exception;

    /** Calls {@link #runOrThrow}; a checked exception is rethrown as it is, undeclared. */
    @Override
    default void run() {
        try {
            runOrThrow();
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }

    /** This action as a task whose result is null. */
    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
    default SerializableCallable<@Nullable Void> asCallable() {
        return () -> {
            runOrThrow();
            return null;
        };
    }
}
