// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value of any kind that processes share: made by {@code Manager.reference}. Its owner keeps it encoded, as it would cross
 * to a worker; what is read is a copy, and changing that changes nothing until it is set.
 *
 * <p>Copies have no identity to compare, so each value that is set gets a version of its own, and
 * {@link #compareAndSet(long, Object)} compares that. Otherwise it is as
 * {@link java.util.concurrent.atomic.AtomicStampedReference} is. A function that is given to an operation runs in the caller,
 * again and again until no other has come between, so it must change nothing else.
 *
 * <p>Reading a small value that has not changed since this process read it last takes no trip to the owner, where memory is
 * shared. A value that is set is set as a whole, or, if the process dies before that, not at all. What the owner's own
 * program reads is decoded under an allow list: values of the JDK, and classes from the jar or directory of the class that
 * started the manager, or of a value that a reference was made with.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}. A value that cannot cross is a
 * {@link io.multijvm.failure.PayloadException}, and changes nothing.
 *
 * @param <T> the value
 */
public interface SharedReference<T extends @Nullable Object> extends AutoCloseable {
    /**
     * A value and its version.
     *
     * @param version rises with each value that is set; from 1
     */
    record Versioned<T extends @Nullable Object>(T value, long version) {}

    /** A copy of its value. */
    T get();

    /** A copy of its value, and which version that is. */
    Versioned<T> getVersioned();

    /** From now on it is this, whatever it was. Returns when the owner has it. */
    void set(T value);

    /**
     * Sets it if nobody has set it since the version was read.
     *
     * @param version of {@link #getVersioned}
     * @return whether it was set
     */
    boolean compareAndSet(long version, T value);

    /** Sets it, and returns what it was. */
    default T getAndSet(T value) {
        return getAndUpdate(before -> value);
    }

    /**
     * Makes of it what the function does, and returns the copy of what it was that the function was given; a function that
     * changes its argument changes that.
     */
    default T getAndUpdate(UnaryOperator<T> function) {
        while (true) {
            Versioned<T> before = getVersioned();
            if (compareAndSet(before.version(), function.apply(before.value()))) {
                return before.value();
            }
        }
    }

    /** Makes of it what the function does, and returns what it is then. */
    default T updateAndGet(UnaryOperator<T> function) {
        while (true) {
            Versioned<T> before = getVersioned();
            T after = function.apply(before.value());
            if (compareAndSet(before.version(), after)) {
                return after;
            }
        }
    }

    /** Makes of it and the operand what the function does, and returns what it is then. */
    default T accumulateAndGet(T operand, BinaryOperator<T> function) {
        return updateAndGet(before -> function.apply(before, operand));
    }

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation, or more than one value. Nobody is forced to take it. Waits for the owner the first time. See Python's {@code get_lock}.
     */
    SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
