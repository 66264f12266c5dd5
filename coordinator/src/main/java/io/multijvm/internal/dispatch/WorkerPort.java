// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher can say to one connected worker. Confined to the event loop; nothing blocks, everything is queued
 * and crosses in this order, chunks that wait together in one message. After the connection has ended every call does
 * nothing.
 */
public interface WorkerPort extends NestedPort, ProcessPort {
    /** What it needs beside items; before everything else. Answered where it has functions. */
    void setUp(PoolSetup setup);

    /** The item at that position of a chunk that follows is begun for that time. */
    void attempt(long chunkId, int position, int attempt);

    /** Answers a worker that wants a shared value; null if it is not shared any more. */
    void shared(long home, long id, byte @Nullable [] value);

    /** A value is shared no more. */
    void unshare(long home, long id);

    /** The function of a call; before the first chunk that names it. */
    void task(long callId, byte[] function);

    /** As {@link #task(long, byte[])}, of a call that so many calls of tasks to their own pool stand above. */
    default void task(long callId, byte[] function, int depth) {
        task(callId, function);
    }

    /** Items of one call, without a gap between the slices; they are the chunk's positions 0, 1, 2 and so on. */
    void chunk(long chunkId, long callId, List<Slice> items);

    /** In place of a position: the item that runs, whichever that is when the worker hears of it, and all behind it. */
    int ALL = -1;

    /** Skips or interrupts one item of a chunk, or {@link #ALL}. */
    void cancel(long chunkId, int position);

    /** Interrupts one item whose time is over, after its stack was left in the recorder. */
    void timeOut(long chunkId, int position);

    /** Asks for half, or all, of what has not begun; answered by {@link WorkerListener#givenBack}. */
    void recall(long chunkId, boolean all);

    /** No more chunks of this call will follow. */
    void forget(long callId);

    /** It is no standby any more but fills that place; before anything that it is to run there. */
    void seat(int slot, int incarnation);

    /** No more work will follow; the worker ends itself. */
    void bye(String reason);

    /** Sends what is queued, as far as the worker keeps up; the rest follows by itself. Called once a turn. */
    void flush();
}
