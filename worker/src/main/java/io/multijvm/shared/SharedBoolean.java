// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

/**
 * A {@code boolean} that processes share: made by {@code Manager.booleanValue}, with the operations of
 * {@link java.util.concurrent.atomic.AtomicBoolean}, each one indivisible step with the memory effects of a volatile variable.
 * Where it lies and what a death leaves of it: see {@link SharedLong}. To wait for something, use a {@link SharedEvent}.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}. Two are equal only if they are the same.
 */
public interface SharedBoolean extends AutoCloseable {
    /** Its value now. */
    boolean get();

    /** From now on it is this. */
    void set(boolean value);

    /** Sets it, and returns what it was. */
    boolean getAndSet(boolean value);

    /**
     * Sets it if it is what is expected.
     *
     * @return whether it was
     */
    boolean compareAndSet(boolean expected, boolean value);

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what takes more than one operation, or more than one value. Nobody is forced to take it. Waits for the owner the first time. See Python's {@code get_lock}.
     */
    SharedLock getLock();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
