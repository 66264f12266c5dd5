// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task without arguments that can cross to a worker and returns a result.
 *
 * <p>A lambda crosses to a worker only where this type is expected: through a variable of type {@code Callable} it
 * does not. What it captures is copied to the worker, once per call and worker; using a field captures {@code this} with
 * everything in it. Implement {@link #callOrThrow}, which may throw; callers in the same JVM use {@link #call}.
 */
@SuppressWarnings("FunctionalInterfaceMethodChanged") // the wrapper only lets checked exceptions through
@FunctionalInterface
public interface SerializableCallable<R extends @Nullable Object> extends Callable<R>, Serializable {

    /** Does the work. Whatever it throws becomes the item's failure, with its class, message, frames and causes. */
    R callOrThrow() throws Exception;

    /** Calls {@link #callOrThrow}; a checked exception is rethrown as it is, undeclared. */
    @Override
    default R call() {
        try {
            return callOrThrow();
        } catch (Exception e) {
            throw Rethrow.asUnchecked(e);
        }
    }

    /** The function that takes a task as its item and calls it: what a pool runs for a submit. */
    static <R extends @Nullable Object> SerializableFunction<SerializableCallable<R>, R> caller() {
        return SerializableCallable::callOrThrow;
    }
}
