// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.ItemCancelledException;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One item from its queue to its outcome; what its task can know of it meanwhile.
 *
 * <pre>
 * WAITING --run--> RUNNING --returns or throws--> ENDED
 * WAITING --stop--> ENDED, and run does nothing
 * RUNNING --stop--> RUNNING, its thread is interrupted once
 * RUNNING --timeOut--> RUNNING, its thread is interrupted, and whatever comes of the run does not count
 * RUNNING --returns or throws after a time-out, and may be retried--> RUNNING
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
    /** Where the run stood when its time was over; null if it was in time. */
    private @Nullable List<String> lateAt;
    /** Counts the runs, so that a timer that comes too late does not hit the next one, or the thread's next item. */
    private int runs = 1;

    /** Written and read by the thread that runs the item, and by those that its task starts. */
    private volatile int slot;

    ItemRun(ItemTask<T, R> task, T item, long index, LiveCalls pool) {
        this.task = task;
        this.item = item;
        this.index = index;
        this.pool = pool;
        pool.counts().waits();
    }

    /**
     * Runs the item in this thread; never throws.
     *
     * @param where this thread's name for messages
     * @param inSlot this thread's place in the pool
     */
    Outcome<T, R> run(String where, int inSlot) {
        if (!waitingToRunning()) {
            pool.counts().dropped();
            return new Outcome.Failure<>(
                    item, index, 0, new ItemCancelledException("item " + index + " was cancelled before it began"));
        }
        slot = inSlot;
        pool.counts().begins();
        // a task of another pool may be running in this thread, and calling this pool
        TaskContext before = enter(this);
        LiveCalls poolBefore = LiveCalls.running(pool);
        try {
            Outcome<T, R> outcome = runInTime(where);
            pool.counts().ended(outcome);
            return outcome;
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

    private Outcome<T, R> runInTime(String where) {
        for (int attempt = 1; ; attempt++) {
            int run = attempt;
            Future<?> timer = task.limit().start(() -> timeOut(run));
            Outcome<T, R> outcome = task.run(item, index, where);
            if (timer != null) {
                timer.cancel(false);
            }
            List<String> late = takeLate();
            if (late == null) {
                return outcome;
            }
            if (isCancelled() || !task.limit().runsAgain(attempt)) {
                return new Outcome.Failure<>(item, index, attempt, task.limit().exceeded(index, where, late));
            }
        }
    }

    private synchronized void timeOut(int run) {
        if (run == runs && state == State.RUNNING && runner != null) {
            lateAt = TimeLimit.stackOf(runner);
            runner.interrupt();
        }
    }

    /** Whether the run that has just ended was late, and where; the next one is not yet. */
    private synchronized @Nullable List<String> takeLate() {
        List<String> late = lateAt;
        lateAt = null;
        runs++;
        if (late != null) {
            // our own interrupt, which a task that finished meanwhile has not taken
            Thread.interrupted();
        }
        return late;
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
