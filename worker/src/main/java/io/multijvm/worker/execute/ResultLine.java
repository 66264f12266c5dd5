// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.mapped.ResultKind;
import org.jspecify.annotations.Nullable;

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
     * Writes a result that does not fit the ring into memory that the coordinator shares.
     *
     * @return what names it, to be committed to the ring in its place; null, with nothing written, if there is no room
     */
    default @Nullable PlacedBytes place(byte[] head, byte[] rest) {
        return null;
    }

    /**
     * Ends this process at once, without finishing the item at hand, which so gets the blame. Does not return.
     *
     * @param why an {@code OutOfMemoryError}, after which a JVM cannot be trusted, or what should not have been thrown
     */
    void retire(Throwable why);
}
