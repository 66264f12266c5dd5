// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.ItemCancelledException;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import org.jspecify.annotations.Nullable;

/**
 * One item from its queue to its outcome; what its task can know of it meanwhile.
 *
 * <pre>
 * WAITING --run--> RUNNING --returns or throws--> ENDED
 * WAITING --stop--> ENDED, and run does nothing
 * RUNNING --stop--> RUNNING, its thread is interrupted once
 * </pre>
 */
final class ItemRun<T extends @Nullable Object, R extends @Nullable Object> extends TaskContext {
    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final ItemTask<T, R> task;
    private final T item;
    private final long index;
    private final LiveCalls pool;

    // Guarded by this. The runner is interrupted only under the lock, so an interrupt cannot hit its next item.
    private State state = State.WAITING;
    private boolean stopped;
    private @Nullable Thread runner;

    /** Written and read by the thread that runs the item, and by those that its task starts. */
    private volatile int slot;

    ItemRun(ItemTask<T, R> task, T item, long index, LiveCalls pool) {
        this.task = task;
        this.item = item;
        this.index = index;
        this.pool = pool;
    }

    /**
     * Runs the item in this thread; never throws.
     *
     * @param where this thread's name for messages
     * @param inSlot this thread's place in the pool
     */
    Outcome<T, R> run(String where, int inSlot) {
        if (!waitingToRunning()) {
            return new Outcome.Failure<>(
                    item, index, 0, new ItemCancelledException("item " + index + " was cancelled before it began"));
        }
        slot = inSlot;
        // a task of another pool may be running in this thread, and calling this pool
        TaskContext before = enter(this);
        LiveCalls poolBefore = LiveCalls.running(pool);
        try {
            return task.run(item, index, where);
        } finally {
            LiveCalls.running(poolBefore);
            if (before == null) {
                leave();
            } else {
                enter(before);
            }
            runningToEnded();
        }
    }

    /** Drops the item if it has not begun, interrupts it if it runs. */
    synchronized void stop() {
        if (state == State.WAITING) {
            state = State.ENDED;
        } else if (state == State.RUNNING && !stopped && runner != null) {
            runner.interrupt();
        }
        stopped = true;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int incarnation() {
        return 1;
    }

    @Override
    public long itemIndex() {
        return index;
    }

    @Override
    public synchronized boolean isCancelled() {
        return stopped;
    }

    private synchronized boolean waitingToRunning() {
        if (state != State.WAITING) {
            return false;
        }
        state = State.RUNNING;
        runner = Thread.currentThread();
        return true;
    }

    private synchronized void runningToEnded() {
        state = State.ENDED;
        runner = null;
        if (stopped) {
            // our own interrupt, which a task that finished meanwhile has not taken
            Thread.interrupted();
        }
    }
}
