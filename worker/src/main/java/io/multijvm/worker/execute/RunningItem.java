// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.worker.context.ItemContext;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.context.WorkerState;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.Nesting;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The item that runs now, for the task and for whoever wants to stop it. An interrupt is delivered only while that very item
 * is the chunk's newest: none is lost, and none ever hits the next item. The pool's init and exit functions run as an item of
 * a chunk that no coordinator makes.
 *
 * <p>Items can be shorter than a lock takes, so who begins one takes none. It changes the chunk's word by compare-and-set and
 * then looks whether somebody is about to stop an item; who stops one first says so and then looks at that word. One of the
 * two must see the other, and where the item sees the other it waits for him and drops the interrupt, which was not meant for it.
 * Between a task's return and the next beginning an interrupt of the item before can still come, so nothing that it could
 * harm runs there: what may block or is user code comes behind {@link #end}, which is as strict as a beginning.
 */
final class RunningItem extends ItemContext implements Nesting {
    /** In place of a chunk's number where a function of the pool runs; those of chunks begin with 1. */
    static final long NO_CHUNK = 0;

    private final WorkerState state = new WorkerState();
    /** Written before the first item; a standby hears of its place late. */
    private volatile int slot;

    private volatile int incarnation;
    private final Thread thread;

    /** Whose newest item runs; null while none does. The task thread's to write. */
    private volatile @Nullable WorkerChunk current;
    /** Somebody looks whether an item runs, and stops it if so. Written under this object's lock. */
    private volatile boolean stopping;
    /** The last item that was stopped. Written under this object's lock. */
    private volatile @Nullable Stopped stopped;

    private record Stopped(long chunkId, int position) {}

    // the task thread's; threads that a task starts see them as they were then
    private long chunkId;
    private int position = -1;
    private long index;
    private int attempt;
    private int depth;
    private boolean entered;
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
     * The task thread's: the task of the chunk's newest item is about to be called.
     *
     * @param times how often the item has been begun, this time included
     * @return false if it was cancelled before: then it must not be called, for the interrupt would not come any more
     */
    boolean begin(WorkerChunk chunk, int at, int times) {
        if (current != chunk) {
            current = chunk;
        }
        settle();
        chunkId = chunk.id();
        position = at;
        attempt = times;
        index = chunk.indexAt(at);
        depth = chunk.code().depth();
        begins(Seeds.ofItem(chunk.code().seed(), index));
        if (chunk.isCancelled(at)) {
            return false;
        }
        if (!entered) {
            enter(this);
            entered = true;
        }
        return true;
    }

    /** No interrupt that was sent before, or is being sent, comes from now on, but for those of the item that has begun. */
    private void settle() {
        if (stopping) {
            synchronized (this) {
                // whoever stops an item has done so
            }
        }
        // also one that nobody here sent, from a thread that an earlier task left behind
        Thread.interrupted();
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
        WorkerChunk alone = WorkerChunk.ofFunction(NO_CHUNK);
        begin(alone, alone.begin(), 0);
        begins(seed);
    }

    /**
     * The task thread's: the task of an item has returned that other quick ones follow, with nothing between them that is the
     * user's or may block. What stands until the next {@link #begin}, or {@link #end}: the context, and that an interrupt may
     * come.
     */
    void endQuick() {
        if (frame != null || isListened()) {
            end();
        }
    }

    /** The task thread's: the task has returned; an interrupt that was meant for it is spent. Twice is fine. */
    void end() {
        if (frame != null) {
            frame.end();
            frame = null;
        }
        if (entered) {
            leave();
            entered = false;
        }
        if (current != null) {
            current = null;
            settle();
            ended();
        }
    }

    /**
     * Has the task stop if it runs that item, or whichever of the chunk for {@link WorkerChunk#ALL}: its listeners run, then it
     * is interrupted. Returns at once.
     */
    synchronized void cancel(long chunk, int at) {
        whileItRuns(chunk, at, newest -> {
            stopped = new Stopped(chunk, newest);
            abort(() -> interrupt(chunk, newest));
        });
    }

    private synchronized void interrupt(long chunk, int at) {
        whileItRuns(chunk, at, newest -> thread.interrupt());
    }

    /** Under the lock: if the item runs, it does not end before that is done. */
    private void whileItRuns(long chunk, int at, IntConsumer action) {
        boolean outermost = !stopping;
        stopping = true;
        try {
            WorkerChunk now = current;
            int newest = now == null || now.id() != chunk ? -1 : now.newest();
            if (newest >= 0 && (at == newest || at == WorkerChunk.ALL)) {
                action.accept(newest);
            }
        } finally {
            if (outermost) {
                stopping = false;
            }
        }
    }

    /** The item that runs, by its place in its call; -1 if none does. From any thread. */
    long indexNow() {
        WorkerChunk now = current;
        int at = now == null || now.id() == NO_CHUNK ? -1 : now.newest();
        return now == null || at < 0 ? -1 : now.indexAt(at);
    }

    @Override
    protected void said(double fraction, String text) {
        NestedHost told = host;
        WorkerChunk now = current;
        // a thread that outlives its item speaks of the next one: better than of one and the other by halves
        int at = now == null ? -1 : now.newest();
        if (told != null && now != null && at >= 0 && now.id() != NO_CHUNK) {
            told.line().progress(now.id(), at, -1, fraction, text);
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
        Stopped last = stopped;
        return last != null && last.chunkId() == chunkId && last.position() == position;
    }
}
