// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * An array of {@code double}s that processes share: made by {@code Manager.doubleArray}, of any length that shared memory has room
 * for, captured by a task or sent through another shared object. See Python's {@code multiprocessing.Array}.
 *
 * <p>An operation on one element is an indivisible step with the memory effects of a volatile variable, as those of
 * {@link java.util.concurrent.atomic.AtomicLongArray} are. A range is copied as a whole and quickly, each element by itself indivisible,
 * but the range is not: another process may change a part of it meanwhile. A function that is given to an operation runs in
 * the caller, again and again until no other has come between.
 *
 * <p>It lies in memory that the processes of one machine map, once for all of them. Where no memory is shared each operation
 * is a trip to the owner, and means the same.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}. An index or range that is not in the array is an
 * {@code IndexOutOfBoundsException}.
 */
public interface SharedDoubleArray extends SharedData {
    /** How many elements it has. */
    long length();

    /** One element. */
    double get(long index);

    /** Sets one element. */
    void set(long index, double value);

    /** Sets one element, and returns what it was. */
    double getAndSet(long index, double value);

    /**
     * Sets one element if it is what is expected. The bits are compared: 0.0 is not -0.0, and a NaN is itself.
     *
     * @return whether it was
     */
    boolean compareAndSet(long index, double expected, double value);

    /** Adds to one element, and returns what it was. */
    double getAndAdd(long index, double delta);

    /** Adds to one element, and returns what it is then. */
    default double addAndGet(long index, double delta) {
        return getAndAdd(index, delta) + delta;
    }

    /** Makes of one element what the function does, and returns what it is then. */
    default double updateAndGet(long index, DoubleUnaryOperator function) {
        while (true) {
            double before = get(index);
            double after = function.applyAsDouble(before);
            if (compareAndSet(index, before, after)) {
                return after;
            }
        }
    }

    /** Makes of one element and the operand what the function does, and returns what it is then. */
    default double accumulateAndGet(long index, double operand, DoubleBinaryOperator function) {
        return updateAndGet(index, before -> function.applyAsDouble(before, operand));
    }

    /** Copies out as many elements as the array has that they are copied into. */
    default void get(long from, double[] into) {
        get(from, into, 0, into.length);
    }

    /**
     * Copies out.
     *
     * @param from first element here
     * @param at its place in the other array
     */
    void get(long from, double[] into, int at, int count);

    /** Copies in all of the other array. */
    default void set(long from, double[] values) {
        set(from, values, 0, values.length);
    }

    /**
     * Copies in.
     *
     * @param from first element here
     * @param at its place in the other array
     */
    void set(long from, double[] values, int at, int count);

    /**
     * A copy of all.
     *
     * @throws IllegalStateException if it is longer than a Java array can be; copy ranges then
     */
    default double[] toArray() {
        long length = length();
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "a Java array cannot have the " + length + " elements of " + this + "; copy it in ranges");
        }
        double[] all = new double[(int) length];
        get(0, all);
        return all;
    }
}
