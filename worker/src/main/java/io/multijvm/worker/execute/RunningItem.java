// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.task.TaskContext;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.Nesting;
import org.jspecify.annotations.Nullable;

/**
 * The item that runs now, for the task and for whoever wants to stop it. An interrupt is delivered only while that very item
 * runs, under the lock that begins and ends it: none is lost, and none ever hits the next item.
 */
final class RunningItem extends TaskContext implements Nesting {
    private final int slot;
    private final int incarnation;
    private final Thread thread;
    // guarded by this
    private long chunkId;
    private int position = -1;

    private volatile long index;
    private volatile boolean cancelled;

    // the task thread's
    private int depth;
    private @Nullable NestedHost host;
    private @Nullable Frame frame;

    RunningItem(int slot, int incarnation, Thread thread) {
        this.slot = slot;
        this.incarnation = incarnation;
        this.thread = thread;
    }

    /**
     * The task thread's: the item's task is about to be called.
     *
     * @return false if it was cancelled before: then it must not be called, for the interrupt would not come any more
     */
    boolean begin(WorkerChunk chunk, int at) {
        synchronized (this) {
            if (chunk.isCancelled(at)) {
                return false;
            }
            // an interrupt that nobody here sent, from a thread that an earlier task left behind
            Thread.interrupted();
            chunkId = chunk.id();
            position = at;
            index = chunk.indexAt(at);
            cancelled = false;
        }
        depth = chunk.code().depth();
        enter(this);
        return true;
    }

    /** Before the first item begins. */
    void nests(NestedHost nestedHost) {
        host = nestedHost;
    }

    @Override
    public Frame frame() {
        if (frame == null) {
            if (host == null) {
                throw new IllegalStateException("this worker was not told of its pool");
            }
            frame = Frame.ofItem(host, depth, chunkId, position);
        }
        return frame;
    }

    /** The task thread's: the task has returned; an interrupt that was meant for it is spent. */
    void end() {
        if (frame != null) {
            frame.end();
            frame = null;
        }
        leave();
        synchronized (this) {
            position = -1;
            Thread.interrupted();
        }
    }

    /** Interrupts the task if it runs that item. */
    synchronized void cancel(long chunk, int at) {
        if (position == at && chunkId == chunk) {
            cancelled = true;
            thread.interrupt();
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int incarnation() {
        return incarnation;
    }

    @Override
    public long itemIndex() {
        return index;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
