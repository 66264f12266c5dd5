// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * A queue between processes, with or without a bound: made by {@code Manager.queue}, captured by a task or sent through another
 * queue, used by any number of threads in any process. It is a {@link BlockingQueue} in full. See Python's
 * {@code multiprocessing.Queue} and {@code JoinableQueue}.
 *
 * <pre>{@code
 * SharedQueue<String> lines = manager.queue(100);
 * WorkerProcess.start(() -> {
 *     for (String line : read()) {
 *         lines.put(line);
 *     }
 *     lines.shutdown();
 * });
 * lines.takeEach(line -> work(line));
 * }</pre>
 *
 * <p><b>What crosses is a copy</b>: an element is encoded when it is put, and decoded when it is taken. One that cannot cross is
 * a {@link io.multijvm.failure.PayloadException} for who puts it, and changes nothing. What the manager's own program takes is
 * decoded under an allow list, as with {@link SharedReference}.
 *
 * <p><b>Order.</b> Elements are taken in the order in which they were put; those that one thread puts keep their order.
 *
 * <p><b>Deaths.</b> An element whose {@code put} has returned is in the queue, whatever becomes of its process; one whose process
 * dies in the middle of a put is in it as a whole or not at all. {@code take}, {@code poll} and their like give an element
 * <i>at most once</i>: if the process dies after that, it is gone; if it dies before, while it reads a large one, the
 * element is there again. A {@linkplain #lease lease} gives it <i>at least once</i>: until
 * it is acknowledged it comes back to its place when its taker dies, with its next attempt. Who waits never notices that
 * another died; for the moment until a death is known, those that come may have to wait even where they would not otherwise.
 *
 * <p><b>Bound.</b> The capacity counts elements that can be taken, or are being put; leased ones do not count, and one that
 * comes back finds its place in any case. Memory for elements is shared memory, and grows with what is in the queue; a
 * {@code put} for which there is none left is an {@code IllegalStateException} that says so.
 *
 * <p><b>End.</b> After {@link #shutdown} nothing can be put; what is in it can be taken, and then {@link #takeEach} and
 * {@link #leaseEach} return, {@code take} throws, {@code poll} gives null.
 *
 * <p>As a {@link Waitable} it is ready when a {@code take} would not wait: something is in it, or it was shut down and nothing
 * is left. Somebody else may be faster: {@code poll} after {@link Waitable#any}.
 *
 * <p>No nulls. Iterators and bulk operations are weakly consistent; each element is removed atomically, all together are not.
 * Thread-safe. After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and
 * {@code toString} throw an {@code IllegalStateException}, and so do those that wait. Two queues are equal if they are the same.
 *
 * @param <E> the elements
 */
public interface SharedQueue<E> extends BlockingQueue<E>, Waitable, AutoCloseable {
    /**
     * An element that was taken, and comes back to where it was unless it is acknowledged. Thread-safe.
     *
     * @param <E> the element
     */
    interface Lease<E> extends AutoCloseable {
        /** The element. */
        E item();

        /** From 1: how often it was taken with this time. More than once if a taker died, or gave it back. */
        int attempt();

        /**
         * It is done with: it does not come back.
         *
         * @return false if the lease was over already
         */
        boolean acknowledge();

        /**
         * It is to be taken by somebody else, or by this process again.
         *
         * @return false if the lease was over already
         */
        boolean giveBack();

        /** Gives it back, if it was not acknowledged. */
        @Override
        void close();
    }

    /**
     * Takes the first element under a lease; waits for one without limit. That it was worked off is still to be told by
     * {@link #taskDone}, where somebody joins.
     *
     * @throws QueueShutDownException if the queue was shut down and nothing is left, nor can come back
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then nothing was taken
     */
    Lease<E> lease() throws InterruptedException;

    /**
     * As {@link #lease()}, for so long.
     *
     * @param limit nothing or less does not wait
     * @return empty if there was none by then, or the queue was shut down and nothing is left
     * @throws InterruptedException if the thread is interrupted before or meanwhile; then nothing was taken
     */
    Optional<Lease<E>> lease(Duration limit) throws InterruptedException;

    /**
     * Takes one element after the other, and does that with each, here; until the queue was shut down and nothing is left.
     *
     * @return how many it took
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    long takeEach(Consumer<? super E> action) throws InterruptedException;

    /**
     * As {@link #takeEach}, each under a lease, which is acknowledged when the action has returned. If it throws, the element
     * is given back, and the exception passes.
     */
    long leaseEach(Consumer<? super E> action) throws InterruptedException;

    /**
     * One element that was taken has been worked off.
     *
     * @throws IllegalStateException if that is said more often than elements were put
     */
    void taskDone();

    /**
     * Waits, without limit, until as many elements have been worked off as were put. An element that was taken out of the middle,
     * by {@code remove} or {@code clear}, counts as worked off.
     */
    void join() throws InterruptedException;

    /**
     * As {@link #join()}, for so long.
     *
     * @return whether all was worked off by then
     */
    boolean join(Duration limit) throws InterruptedException;

    /** Nothing is put any more, by anybody: who does, or waits for room, gets a {@link QueueShutDownException}. */
    void shutdown();

    /** Whether it was shut down. */
    boolean isShutdown();

    /** Takes and drops all elements that are in it at this moment. */
    @Override
    void clear();

    /** Frees it, for all processes, and with it what is in it. Closing twice does nothing; does not wait. */
    @Override
    void close();
}
