// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.worker.context.ItemContext;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.context.WorkerState;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.Nesting;
import org.jspecify.annotations.Nullable;

/**
 * The item that runs now, for the task and for whoever wants to stop it. An interrupt is delivered only while that very item
 * runs, under the lock that begins and ends it: none is lost, and none ever hits the next item. The pool's init and exit
 * functions run as an item of a chunk that no coordinator makes.
 */
final class RunningItem extends ItemContext implements Nesting {
    /** In place of a chunk's number where a function of the pool runs; those of chunks begin with 1. */
    static final long NO_CHUNK = 0;

    private final WorkerState state = new WorkerState();
    /** Written before the first item; a standby hears of its place late. */
    private volatile int slot;

    private volatile int incarnation;
    private final Thread thread;
    // guarded by this
    private long chunkId;
    private int position = -1;

    private volatile long index;
    /** Seen with the index, which is written after it. */
    private int attempt;

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

    void seat(int place, int nth) {
        slot = place;
        incarnation = nth;
    }

    /**
     * The task thread's: the item's task is about to be called.
     *
     * @param times how often the item has been begun, this time included
     * @return false if it was cancelled before: then it must not be called, for the interrupt would not come any more
     */
    boolean begin(WorkerChunk chunk, int at, int times) {
        synchronized (this) {
            if (chunk.isCancelled(at)) {
                return false;
            }
            attempt = times;
            index = chunk.indexAt(at);
            begins(Seeds.ofItem(chunk.code().seed(), index));
            toRunning(chunk.id(), at);
        }
        depth = chunk.code().depth();
        enter(this);
        return true;
    }

    /** Before the first item begins. */
    void nests(NestedHost nestedHost) {
        host = nestedHost;
        nestedHost.keeps(state);
    }

    @Override
    public Frame frame() {
        if (itemIndex() < 0) {
            throw new IllegalStateException(
                    "a pool's init and exit functions belong to no item, so they cannot give work to the pool");
        }
        if (frame == null) {
            if (host == null) {
                throw new IllegalStateException("this worker was not told of its pool");
            }
            frame = Frame.ofItem(host, depth, chunkId, position);
        }
        return frame;
    }

    /** The task thread's: a function of the pool is about to be called, which belongs to no item. */
    void beginWithoutItem(long seed) {
        synchronized (this) {
            attempt = 0;
            index = -1;
            begins(seed);
            toRunning(NO_CHUNK, 0);
        }
        enter(this);
    }

    private void toRunning(long chunk, int at) {
        // an interrupt that nobody here sent, from a thread that an earlier task left behind
        Thread.interrupted();
        chunkId = chunk;
        position = at;
        cancelled = false;
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
            ended();
            Thread.interrupted();
        }
    }

    /** Has the task stop if it runs that item: its listeners run, then it is interrupted. Returns at once. */
    synchronized void cancel(long chunk, int at) {
        if (position == at && chunkId == chunk) {
            cancelled = true;
            abort(() -> interrupt(chunk, at));
        }
    }

    private synchronized void interrupt(long chunk, int at) {
        if (position == at && chunkId == chunk) {
            thread.interrupt();
        }
    }

    @Override
    protected void said(double fraction, String text) {
        NestedHost told = host;
        long chunk;
        int at;
        synchronized (this) {
            chunk = chunkId;
            at = position;
        }
        if (told != null && at >= 0 && chunk != NO_CHUNK) {
            told.line().progress(chunk, at, -1, fraction, text);
        }
    }

    @Override
    protected WorkerState workerState() {
        return state;
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
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
