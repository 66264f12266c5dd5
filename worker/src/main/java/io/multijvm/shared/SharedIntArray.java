// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * An array of {@code int}s that processes share: made by {@code Manager.intArray}, of any length that shared memory has room
 * for, captured by a task or sent through another shared object. See Python's {@code multiprocessing.Array}.
 *
 * <p>An operation on one element is an indivisible step with the memory effects of a volatile variable, as those of
 * {@link java.util.concurrent.atomic.AtomicIntegerArray}. A range is copied as a whole and quickly, each element by itself indivisible,
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
public interface SharedIntArray extends SharedData {
    /** How many elements it has. */
    long length();

    /** One element. */
    int get(long index);

    /** Sets one element. */
    void set(long index, int value);

    /** Sets one element, and returns what it was. */
    int getAndSet(long index, int value);

    /**
     * Sets one element if it is what is expected.
     *
     * @return whether it was
     */
    boolean compareAndSet(long index, int expected, int value);

    /** Adds to one element, and returns what it was. */
    int getAndAdd(long index, int delta);

    /** Adds to one element, and returns what it is then. */
    default int addAndGet(long index, int delta) {
        return getAndAdd(index, delta) + delta;
    }

    /** Makes of one element what the function does, and returns what it is then. */
    default int updateAndGet(long index, IntUnaryOperator function) {
        while (true) {
            int before = get(index);
            int after = function.applyAsInt(before);
            if (compareAndSet(index, before, after)) {
                return after;
            }
        }
    }

    /** Makes of one element and the operand what the function does, and returns what it is then. */
    default int accumulateAndGet(long index, int operand, IntBinaryOperator function) {
        return updateAndGet(index, before -> function.applyAsInt(before, operand));
    }

    /** Copies out as many elements as the array has that they are copied into. */
    default void get(long from, int[] into) {
        get(from, into, 0, into.length);
    }

    /**
     * Copies out.
     *
     * @param from first element here
     * @param at its place in the other array
     */
    void get(long from, int[] into, int at, int count);

    /** Copies in all of the other array. */
    default void set(long from, int[] values) {
        set(from, values, 0, values.length);
    }

    /**
     * Copies in.
     *
     * @param from first element here
     * @param at its place in the other array
     */
    void set(long from, int[] values, int at, int count);

    /**
     * A copy of all.
     *
     * @throws IllegalStateException if it is longer than a Java array can be; copy ranges then
     */
    default int[] toArray() {
        long length = length();
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "a Java array cannot have the " + length + " elements of " + this + "; copy it in ranges");
        }
        int[] all = new int[(int) length];
        get(0, all);
        return all;
    }
}
