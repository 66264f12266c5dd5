// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.task.TaskContext;

/**
 * The item that runs now, for the task and for whoever wants to stop it. An interrupt is delivered only while that very item
 * runs, under the lock that begins and ends it: none is lost, and none ever hits the next item.
 */
final class RunningItem extends TaskContext {
    /** Written before the first item; a standby hears of its place late. */
    private volatile int slot;

    private volatile int incarnation;
    private final Thread thread;
    // guarded by this
    private long chunkId;
    private int position = -1;

    private volatile long index;
    private volatile boolean cancelled;

    RunningItem(int slot, int incarnation, Thread thread) {
        this.slot = slot;
        this.incarnation = incarnation;
        this.thread = thread;
    }

    void seat(int place, int nth) {
        slot = place;
        incarnation = nth;
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
        enter(this);
        return true;
    }

    /** The task thread's: the task has returned; an interrupt that was meant for it is spent. */
    void end() {
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
