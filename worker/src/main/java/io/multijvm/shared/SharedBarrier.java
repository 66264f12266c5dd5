// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/**
 * A place where threads of several processes wait for each other: made by {@code Manager.barrier}, captured by a task or sent
 * through a queue. See Python's {@code multiprocessing.Barrier} and {@link java.util.concurrent.CyclicBarrier}, whose words
 * these are.
 *
 * <p>It is broken, for all, when a party's time is over, when it is interrupted, when its process dies, or when the action
 * fails: then all that wait, and all that come, get a {@code BrokenBarrierException} that says why and names the process. A
 * process that has not come yet is no party yet: if it dies before it comes for the first time, nobody knows that it would
 * have. It stays broken until {@link #reset}.
 *
 * <p>What a thread did before it came is seen by those that go on with it, as far as it is in shared objects.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}, and so do those that wait.
 */
public interface SharedBarrier extends AutoCloseable {
    /**
     * Waits until all parties have come, without limit.
     *
     * @return how many came after this thread: {@code parties - 1} for the first, 0 for the last
     * @throws BrokenBarrierException if it is broken, or is broken or reset meanwhile
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then the barrier is broken
     */
    int await() throws InterruptedException, BrokenBarrierException;

    /**
     * Waits until all parties have come, or the time is over.
     *
     * @param limit nothing or less does not wait
     * @return how many came after this thread: {@code parties - 1} for the first, 0 for the last
     * @throws TimeoutException if the time was over; then the barrier is broken
     * @throws BrokenBarrierException if it is broken, or is broken or reset meanwhile
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then the barrier is broken
     */
    int await(Duration limit) throws InterruptedException, BrokenBarrierException, TimeoutException;

    /** How many wait at this moment; 0 if it is broken. */
    int getNumberWaiting();

    /** Whether it is broken at this moment. */
    boolean isBroken();

    /** Makes it whole again; those that wait get a {@code BrokenBarrierException}. Returns when the owner has done so. */
    void reset();

    /** Breaks it, for all that wait and all that come. Returns when the owner has done so. */
    void abort();

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
