// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.nested;

import java.time.Duration;

/** The way to the coordinator, for tasks that speak to their own pool, or of themselves. From any thread; never blocks. */
public interface NestedLine {
    /**
     * Sends an encoded {@link io.multijvm.wire.v1.FromNested} behind those that were sent before it. Whatever its size: what
     * does not fit a message is carried.
     */
    void send(byte[] message);

    /** Runs something on the one thread that also hears what comes back; it must not block, and run no user code. */
    void execute(Runnable action);

    /** As {@link #execute}, after a while. */
    void later(Runnable action, Duration delay);

    /**
     * Says how far an item is: the newest word, some ten times a second at most.
     *
     * @param chunkId of the item that the coordinator gave out
     * @param position of that item in its chunk
     * @param nestedIndex where the word is of an item of that one's own calls, run here: its index in its call; else -1
     */
    void progress(long chunkId, int position, long nestedIndex, double fraction, String text);

    /** Ends this process at once, which blames the item that it ran. Does not return. */
    void retire(Throwable why);
}
