// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item: a {@link Success} or a {@link Failure}, as a value that never throws by itself.
 *
 * @param <T> the item
 * @param <R> the result
 */
public sealed interface Outcome<T extends @Nullable Object, R extends @Nullable Object> {

    /** The item, as the caller gave it. */
    T item();

    /** The item's place in the input, from 0. */
    long index();

    /** How often the item was begun: 1, or more where {@code retries} allowed it; 0 if it never began. */
    int attempts();

    /** The result of exactly one of the two functions. */
    <V extends @Nullable Object> V fold(
            Function<? super R, ? extends V> ok, Function<? super MultijvmException, ? extends V> failed);

    /** The value, or the failure thrown. */
    R orElseThrow();

    /** The task returned. */
    record Success<T extends @Nullable Object, R extends @Nullable Object>(T item, long index, int attempts, R value)
            implements Outcome<T, R> {
        @Override
        public <V extends @Nullable Object> V fold(
                Function<? super R, ? extends V> ok, Function<? super MultijvmException, ? extends V> failed) {
            return ok.apply(value);
        }

        @Override
        public R orElseThrow() {
            return value;
        }
    }

    /** The task threw, or its worker died, or its result could not cross. */
    record Failure<T extends @Nullable Object, R extends @Nullable Object>(
            T item, long index, int attempts, MultijvmException error) implements Outcome<T, R> {

        /** Why, to {@code switch} on. */
        public FailureKind kind() {
            return error.kind();
        }

        @Override
        public <V extends @Nullable Object> V fold(
                Function<? super R, ? extends V> ok, Function<? super MultijvmException, ? extends V> failed) {
            return failed.apply(error);
        }

        @Override
        public R orElseThrow() {
            throw error;
        }
    }
}
