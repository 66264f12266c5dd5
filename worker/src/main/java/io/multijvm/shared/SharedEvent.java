// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;

/**
 * A flag that processes wait for: made by {@code Manager.event}, captured by a task or sent through a queue, used by any number
 * of threads in any process. It begins as not set. See Python's {@code multiprocessing.Event}.
 *
 * <p>What a thread did before it sets the event is seen by those that find it set, as far as it is in shared objects. A
 * process that dies while it waits is forgotten; nobody else notices.
 *
 * <p>Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}, and so do those that wait.
 */
public interface SharedEvent extends AutoCloseable {
    /** Whether it is set. Waits for nobody, but for a trip to the owner where memory is not shared. */
    boolean isSet();

    /** Sets it: all who wait go on, and nobody waits any more until it is cleared. Returns when the owner has done so. */
    void set();

    /** From now on it is not set, and who comes waits. Returns when the owner has done so. */
    void clear();

    /**
     * Waits until it is set, without limit.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    void await() throws InterruptedException;

    /**
     * Waits until it is set, or the time is over.
     *
     * @param limit nothing or less does not wait
     * @return whether it was set
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    boolean await(Duration limit) throws InterruptedException;

    /** Frees it, for all processes. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
