// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;

/**
 * A count that goes down, and that processes wait for: made by {@code Manager.latch}, captured by a task or sent through a
 * queue, used by any number of threads in any process. See {@link java.util.concurrent.CountDownLatch}, whose words these are;
 * Python has none.
 *
 * <p>A process that dies while it waits is forgotten. One that dies before it counts down never does: wait with a limit, or
 * use a {@link SharedBarrier}, which breaks.
 *
 * <p>What a thread did before it counts down is seen by those that have waited, as far as it is in shared objects.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}, and so do those that wait.
 */
public interface SharedLatch extends AutoCloseable {
    /** Counts down by one, if it is not zero. Returns when the owner has done so. */
    default void countDown() {
        countDown(1);
    }

    /**
     * Counts down by so many, but not below zero. Returns when the owner has done so.
     *
     * @param by at least 1
     */
    void countDown(long by);

    /**
     * Waits until the count is zero, without limit.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    void await() throws InterruptedException;

    /**
     * Waits until the count is zero, or the time is over.
     *
     * @param limit nothing or less does not wait
     * @return whether it is zero
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    boolean await(Duration limit) throws InterruptedException;

    /** The count at this moment. */
    long getCount();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
