// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A {@code double} that processes share: made by {@code Manager.doubleValue}, captured by a task or sent through another shared
 * object, changed by any number of threads in any process. It has the operations of {@link java.util.concurrent.atomic.AtomicLong}, of a {@code double},,
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
public abstract class SharedDouble extends Number implements AutoCloseable {
    private static final long serialVersionUID = 1;

    /** For implementations. */
    protected SharedDouble() {}

    /** Its value now. */
    public abstract double get();

    /** From now on it is this. */
    public abstract void set(double value);

    /** Sets it, and returns what it was. */
    public abstract double getAndSet(double value);

    /**
     * Sets it if it is what is expected. The bits are compared: 0.0 is not -0.0, and a NaN is itself.
     *
     * @return whether it was
     */
    public abstract boolean compareAndSet(double expected, double value);

    /** Adds, and returns what it was. */
    public abstract double getAndAdd(double delta);

    /** Adds, and returns what it is then. */
    public final double addAndGet(double delta) {
        return getAndAdd(delta) + delta;
    }

    /** Makes of it what the function does, and returns what it was. */
    public final double getAndUpdate(DoubleUnaryOperator function) {
        while (true) {
            double before = get();
            if (compareAndSet(before, function.applyAsDouble(before))) {
                return before;
            }
        }
    }

    /** Makes of it what the function does, and returns what it is then. */
    public final double updateAndGet(DoubleUnaryOperator function) {
        while (true) {
            double before = get();
            double after = function.applyAsDouble(before);
            if (compareAndSet(before, after)) {
                return after;
            }
        }
    }

    /** Makes of it and the operand what the function does, and returns what it was. */
    public final double getAndAccumulate(double operand, DoubleBinaryOperator function) {
        return getAndUpdate(before -> function.applyAsDouble(before, operand));
    }

    /** Makes of it and the operand what the function does, and returns what it is then. */
    public final double accumulateAndGet(double operand, DoubleBinaryOperator function) {
        return updateAndGet(before -> function.applyAsDouble(before, operand));
    }

    @Override
    public final int intValue() {
        return (int) get();
    }

    @Override
    public final long longValue() {
        return (long) get();
    }

    @Override
    public final float floatValue() {
        return (float) get();
    }

    @Override
    public final double doubleValue() {
        return get();
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
