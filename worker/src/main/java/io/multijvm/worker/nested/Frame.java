// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.nested;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of an item that asked for its pool. Frames of one worker stand one on the other: an item that waits for its own
 * calls may run items of theirs. Made and ended by the thread that runs the item.
 */
public final class Frame {
    private final NestedHost host;
    private final int depth;
    private final int nested;
    private final long chunkId;
    private final int position;
    private final Thread thread;
    private @Nullable Pool pool;

    /** What the item asked for, which ends with it. */
    public interface Pool {
        /** Cancels what has not ended, and waits a bounded time for what runs in this JVM. */
        void frameEnded();
    }

    private Frame(NestedHost host, int depth, int nested, long chunkId, int position) {
        this.host = host;
        this.depth = depth;
        this.nested = nested;
        this.chunkId = chunkId;
        this.position = position;
        this.thread = Thread.currentThread();
    }

    /**
     * The frame of an item that the coordinator gave to this worker.
     *
     * @param depth how many calls of tasks stand above the item
     */
    public static Frame ofItem(NestedHost host, int depth, long chunkId, int position) {
        return new Frame(host, depth, 0, chunkId, position);
    }

    /** The frame of an item of this one's own call, run by this worker itself in the current thread. */
    public Frame onTop(int depthOfItem) {
        return new Frame(host, depthOfItem, nested + 1, chunkId, position);
    }

    public NestedHost host() {
        return host;
    }

    /** How many calls of tasks stand above the item. */
    public int depth() {
        return depth;
    }

    /** How many frames stand below this one in the same item of the coordinator's. */
    public int nested() {
        return nested;
    }

    /** The chunk of the item that the coordinator gave out, at the bottom. */
    public long chunkId() {
        return chunkId;
    }

    /** The place of that item in its chunk. */
    public int position() {
        return position;
    }

    /** The thread that runs the item. */
    public Thread thread() {
        return thread;
    }

    /** What the item asked for; made at its first asking. */
    public synchronized Pool pool(Function<Frame, ? extends Pool> maker) {
        if (pool == null) {
            pool = maker.apply(this);
        }
        return pool;
    }

    /** The item has ended, however. */
    public void end() {
        Pool asked;
        synchronized (this) {
            asked = pool;
        }
        if (asked != null) {
            asked.frameEnded();
        }
    }
}
