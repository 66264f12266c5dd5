// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.ResultKind;
import java.util.List;

/** What a worker says, as the transport hears it. Every method is called on the event loop and must not block. */
public interface WorkerListener {
    /**
     * The worker showed its ticket, said a hello of the right version, and was welcomed.
     *
     * @param port for all that is to be sent to it
     * @param pid of its process, by its own word
     * @param jdk version of its JVM
     * @param maxHeapBytes what its JVM really took
     */
    void connected(WorkerPort port, long pid, String jdk, long maxHeapBytes);

    /** It came with the right ticket but cannot be used; the connection is being closed. */
    void refused(String why);

    /** Results lie in the ring. May come late, be batched, or not come at all. */
    void doorbell();

    /** A result too large for the ring has arrived whole. */
    void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes);

    /** Answer to a recall: positions from {@code end} on were not begun and never will be there. */
    void givenBack(long chunkId, int end);

    /** One of its tasks speaks to its own pool. */
    default void nested(NestedSaid said) {}
    /**
     * It has decoded the pool's functions and run the init function.
     *
     * @param failure encoded; empty if all went well
     */
    void initialised(byte[] failure);

    /**
     * It has run the pool's exit function and ends itself next.
     *
     * @param failure encoded; empty if all went well
     */
    void exitEnded(byte[] failure);

    /** A task there asks for a shared value; answered by {@link WorkerPort#shared}. */
    void wanted(long home, long id);

    /**
     * A task there says how far its item is.
     *
     * @param nestedIndex where the word is of an item of that one's own calls: its index in its call; else -1
     * @param fraction 0 to 1
     */
    void progress(long chunkId, int position, long nestedIndex, double fraction, String text);

    /**
     * Something that was logged there.
     *
     * @param level as {@code java.util.logging} counts levels
     * @param message formatted
     * @param item index of the item that ran; -1 if none did
     */
    record LogLine(
            String logger,
            int level,
            String message,
            long millis,
            String sourceClass,
            String sourceMethod,
            long item) {}

    /**
     * What was logged there. Nothing more comes before {@code taken} was run, on the event loop.
     *
     * @param dropped how many more there were that could not be sent
     */
    default void logged(List<LogLine> lines, long dropped, Runnable taken) {
        taken.run();
    }

    /** It is a standby and has loaded what a first task needs. */
    default void rehearsed() {}

    /** The stream has ended, for whatever reason; nothing follows. Says nothing about the process. */
    void disconnected(String why);
}
