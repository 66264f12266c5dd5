// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.wire.mapped.ResultKind;

/** The way out for what the task thread has finished, and for itself. Called by the task thread only. */
public interface ResultLine {
    /**
     * Results were committed to the ring.
     *
     * @param more whether the task thread goes on with another item at once
     */
    void committed(boolean more);

    /** The ring is full: the coordinator must hear of it now. */
    void ringFull();

    /** Sends a result that does not fit the ring; returns when the coordinator has all of it. */
    void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes);

    /**
     * Ends this process at once, without finishing the item at hand, which so gets the blame. Does not return.
     *
     * @param why an {@code OutOfMemoryError}, after which a JVM cannot be trusted, or what should not have been thrown
     */
    void retire(Throwable why);
}
