// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;

/**
 * Permits that processes take and give back: made by {@code Manager.semaphore} or {@code Manager.boundedSemaphore}, captured by
 * a task or sent through a queue, used by any number of threads in any process. See Python's
 * {@code multiprocessing.Semaphore} and {@link java.util.concurrent.Semaphore}, whose words these are.
 *
 * <p>Those that wait are served in the order in which they came; {@link #tryAcquire(int)} does not queue and may overtake them.
 * Any process may release, also what another has acquired: a release counts for what the releasing process has itself, and
 * else for what was taken longest ago. What a process has when it ends, in order or not, comes back as soon as it has
 * certainly ended, and one that dies while it waits is forgotten. So a semaphore is no means to tell another process something
 * that outlives the teller: use a latch, an event or a value.
 *
 * <p>What a thread did before it releases is seen by one that acquires after that, as far as it is in shared objects. Each
 * operation is a trip to the owner, tens of microseconds.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}, and so do those that wait.
 */
public interface SharedSemaphore extends AutoCloseable {
    /**
     * Takes one permit; waits for it without limit.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then it has none
     */
    default void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Takes so many permits, all at once; waits for them without limit.
     *
     * @param permits at least 1
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then it has none of them
     */
    void acquire(int permits) throws InterruptedException;

    /** Takes one permit if one is free, also if others wait. Waits for nobody. */
    default boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Takes so many permits if they are free, also if others wait. Waits for nobody.
     *
     * @param permits at least 1
     * @return whether it has them
     */
    boolean tryAcquire(int permits);

    /** As {@link #tryAcquire(int, Duration)}, for one. */
    default boolean tryAcquire(Duration limit) throws InterruptedException {
        return tryAcquire(1, limit);
    }

    /**
     * Takes so many permits, all at once; waits for them until the time is over.
     *
     * @param permits at least 1
     * @param limit nothing or less does not wait
     * @return whether it has them
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then it has none of them
     */
    boolean tryAcquire(int permits, Duration limit) throws InterruptedException;

    /** Gives one permit back. */
    default void release() {
        release(1);
    }

    /**
     * Gives so many permits back. Returns when the owner has them.
     *
     * @param permits at least 1
     * @throws IllegalStateException if a bounded semaphore would have more than at first; then nothing has changed
     */
    void release(int permits);

    /** How many are free at this moment. */
    int availablePermits();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
