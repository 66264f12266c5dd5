// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A {@code long} that processes share: made by {@code Manager.longValue}, captured by a task or sent through another shared
 * object, changed by any number of threads in any process. It has the operations of {@link java.util.concurrent.atomic.AtomicLong},
 * each one indivisible step with the memory effects of a volatile variable. See Python's
 * {@code multiprocessing.Value}, whose {@code +=} is two steps and needs a lock.
 *
 * <p>It lies in memory that the processes of one machine map: no operation waits for another process, and what a process
 * has done before it died stays done. Where no memory is shared each operation is a trip to the owner, and means the same.
 * A function that is given to an operation runs in the caller, again and again until no other has come between, so it must
 * change nothing else.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}. Two are equal only if they are the same.
 */
public abstract class SharedLong extends Number implements AutoCloseable {
    private static final long serialVersionUID = 1;

    /** For implementations. */
    protected SharedLong() {}

    /** Its value now. */
    public abstract long get();

    /** From now on it is this. */
    public abstract void set(long value);

    /** Sets it, and returns what it was. */
    public abstract long getAndSet(long value);

    /**
     * Sets it if it is what is expected.
     *
     * @return whether it was
     */
    public abstract boolean compareAndSet(long expected, long value);

    /** Adds, and returns what it was. */
    public abstract long getAndAdd(long delta);

    /** Adds, and returns what it is then. */
    public final long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /** Adds 1, and returns what it is then. */
    public final long incrementAndGet() {
        return addAndGet(1);
    }

    /** Takes 1 away, and returns what it is then. */
    public final long decrementAndGet() {
        return addAndGet(-1);
    }

    /** Adds 1, and returns what it was. */
    public final long getAndIncrement() {
        return getAndAdd(1);
    }

    /** Takes 1 away, and returns what it was. */
    public final long getAndDecrement() {
        return getAndAdd(-1);
    }

    /** Makes of it what the function does, and returns what it was. */
    public final long getAndUpdate(LongUnaryOperator function) {
        while (true) {
            long before = get();
            if (compareAndSet(before, function.applyAsLong(before))) {
                return before;
            }
        }
    }

    /** Makes of it what the function does, and returns what it is then. */
    public final long updateAndGet(LongUnaryOperator function) {
        while (true) {
            long before = get();
            long after = function.applyAsLong(before);
            if (compareAndSet(before, after)) {
                return after;
            }
        }
    }

    /** Makes of it and the operand what the function does, and returns what it was. */
    public final long getAndAccumulate(long operand, LongBinaryOperator function) {
        return getAndUpdate(before -> function.applyAsLong(before, operand));
    }

    /** Makes of it and the operand what the function does, and returns what it is then. */
    public final long accumulateAndGet(long operand, LongBinaryOperator function) {
        return updateAndGet(before -> function.applyAsLong(before, operand));
    }

    @Override
    public final int intValue() {
        return (int) get();
    }

    @Override
    public final long longValue() {
        return get();
    }

    @Override
    public final float floatValue() {
        return (float) get();
    }

    @Override
    public final double doubleValue() {
        return (double) get();
    }

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation, or more than one value. Nobody is forced to take it. Waits for the owner the first time. See Python's {@code get_lock}.
     */
    public abstract SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    public abstract void close();

    /** Its value now, or what it was if that cannot be told any more. */
    @Override
    public abstract String toString();
}
