// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.Attempt;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemCancelledException;
import io.multijvm.failure.ItemOutput;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import io.multijvm.worker.context.ItemContext;
import io.multijvm.worker.context.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One item from its queue to its outcome; what its task can know of it meanwhile.
 *
 * <pre>
 * WAITING --run--> RUNNING --returns or throws--> ENDED
 * WAITING --stop, drop--> ENDED, and run does nothing
 * WAITING --giveUp--> ENDED, and run says the same
 * RUNNING --stop--> RUNNING, its thread is interrupted once
 * RUNNING --timeOut--> RUNNING, its thread is interrupted, and whatever comes of the run does not count
 * RUNNING --throws, or ends after a time-out, and is begun again--> RUNNING
 * </pre>
 */
final class ItemRun<T extends @Nullable Object, R extends @Nullable Object> extends ItemContext {
    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final ItemTask<T, R> task;
    private final T item;
    private final long index;
    private final LiveCalls pool;
    private final @Nullable String name;
    /** Gets one entry for each attempt, in the thread that runs it. */
    private final @Nullable List<Attempt> attempts;

    // Guarded by this. The runner is interrupted only under the lock, so an interrupt cannot hit its next item.
    private State state = State.WAITING;
    private boolean stopped;
    private @Nullable Thread runner;
    /** Where the run stood when its time was over; null if it was in time. */
    private @Nullable List<String> lateAt;
    /** Counts the runs, so that a timer that comes too late does not hit the next one, or the thread's next item. */
    private int runs = 1;

    private int begun;
    /** Fires when it has waited too long; null where it may wait for ever, or waits no more. */
    private @Nullable Future<?> patience;
    /** What became of it, if it waited too long. */
    private @Nullable Outcome<T, R> givenUp;

    /** Written and read by the thread that runs the item, and by those that its task starts. */
    private volatile int slot;

    /** How many calls of tasks to this pool stand above it; 0 for one of the program's own. */
    private int depth;

    private volatile @Nullable WorkerState workerState;

    /**
     * @param name of the item for its failure; null if it has none
     * @param attempts is told of each attempt; null if nobody asks
     */
    ItemRun(
            ItemTask<T, R> task,
            T item,
            long index,
            LiveCalls pool,
            @Nullable String name,
            @Nullable List<Attempt> attempts) {
        this.task = task;
        this.item = item;
        this.index = index;
        this.pool = pool;
        this.name = name;
        this.attempts = attempts;
        pool.counts().waits();
    }

    T item() {
        return item;
    }

    long index() {
        return index;
    }

    @Nullable
    String name() {
        return name;
    }

    /** How often it has been begun by now. */
    synchronized int begun() {
        return begun;
    }

    /** For the message of a call whose time is over. */
    synchronized String state() {
        return runner == null ? "it had not begun" : "it was running in " + runner.getName();
    }

    /** Before it runs: so many calls of tasks to this pool stand above it. */
    ItemRun<T, R> atDepth(int calls) {
        depth = calls;
        return this;
    }

    int depth() {
        return depth;
    }

    LiveCalls pool() {
        return pool;
    }

    synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /**
     * Runs the item in this thread; never throws.
     *
     * @param where this thread's name for messages
     * @param inSlot this thread's place in the pool
     */
    Outcome<T, R> run(String where, int inSlot) {
        if (!waitingToRunning()) {
            Outcome<T, R> late = givenUp();
            if (late != null) {
                return late;
            }
            pool.counts().dropped();
            return new Outcome.Failure<>(
                    item, index, 0, new ItemCancelledException("item " + index + " was cancelled before it began"));
        }
        slot = inSlot;
        workerState = task.crossing().pool().stateHere();
        pool.counts().begins();
        // a task of another pool may be running in this thread, and calling this pool
        TaskContext before = enter(this);
        ItemRun<?, ?> runBefore = LiveCalls.running(this);
        try {
            Outcome<T, R> outcome = runInTime(where);
            if (name != null && outcome instanceof Outcome.Failure<T, R> failure) {
                failure.error().named(name);
            }
            pool.counts().ended(outcome);
            return outcome;
        } finally {
            // what it asked for ends with it
            pool.cancelCallsOf(this);
            LiveCalls.running(runBefore);
            if (before == null) {
                leave();
            } else {
                enter(before);
            }
            runningToEnded();
        }
    }

    /**
     * It waits from now on. Where it may do so only for a time, {@code tooLong} is run when that is over, in a thread that must
     * not be held.
     */
    void startsWaiting(Runnable tooLong) {
        Future<?> timer = task.limit().startWaiting(tooLong);
        synchronized (this) {
            patience = timer;
        }
    }

    /**
     * It has waited too long.
     *
     * @return its outcome, once; null if it waits no more
     */
    @Nullable
    Outcome<T, R> giveUp() {
        Outcome<T, R> late;
        synchronized (this) {
            if (state != State.WAITING) {
                return null;
            }
            state = State.ENDED;
            TaskTimeoutException error = task.limit().waitedTooLong(index);
            late = new Outcome.Failure<>(item, index, 0, name == null ? error : error.named(name));
            givenUp = late;
        }
        pool.counts().neverBegun(late);
        return late;
    }

    /** What {@link #giveUp} said, if it was so. */
    synchronized @Nullable Outcome<T, R> givenUp() {
        return givenUp;
    }

    private void waitsNoMore() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    private Outcome<T, R> runInTime(String where) {
        for (int attempt = 1; ; attempt++) {
            begin(attempt);
            int run = attempt;
            Future<?> timer = task.limit().start(() -> timeOut(run));
            long began = attempts == null ? 0 : System.nanoTime();
            Outcome<T, R> outcome = task.run(item, index, attempt, where);
            if (timer != null) {
                timer.cancel(false);
            }
            List<String> late = takeLate();
            note(attempt, began, late == null ? outcome : null);
            FailureKind why = late != null ? FailureKind.TIMEOUT : thrownBy(outcome);
            if (why == null || isCancelled() || !task.limit().runsAgain(why, attempt) || !rests(attempt)) {
                return late == null
                        ? outcome
                        : new Outcome.Failure<>(
                                item, index, attempt, task.limit().exceeded(index, where, late));
            }
            pool.counts().retried(index, attempt, why);
        }
    }

    /** TASK where the task threw; null where it did not, or because somebody interrupted it: that is a wish that it ends. */
    private static @Nullable FailureKind thrownBy(Outcome<?, ?> outcome) {
        return outcome instanceof Outcome.Failure<?, ?> failure
                        && failure.kind() == FailureKind.TASK
                        && !(failure.error().getCause() instanceof InterruptedException)
                        && !Thread.currentThread().isInterrupted()
                ? FailureKind.TASK
                : null;
    }

    private synchronized void begin(int attempt) {
        begun = attempt;
    }

    /** @param outcome of an attempt that was in time */
    private void note(int attempt, long began, @Nullable Outcome<T, R> outcome) {
        if (attempts == null) {
            return;
        }
        Optional<FailureKind> why = Optional.empty();
        if (outcome == null) {
            why = Optional.of(FailureKind.TIMEOUT);
        } else if (outcome instanceof Outcome.Failure<T, R> failure) {
            why = Optional.of(failure.kind());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        attempts.add(
                new Attempt(attempt, slot, 1, ProcessHandle.current().pid(), Optional.of(took), why, ItemOutput.EMPTY));
    }

    /** Waits as long as the item has to before its next attempt; false if it was stopped meanwhile. */
    private synchronized boolean rests(int attempt) {
        long end = System.nanoTime() + TimeLimit.nanos(task.limit().restAfter(attempt, index));
        try {
            for (long left = end - System.nanoTime(); left > 0 && !stopped; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            // by a stop, or in a serial pool by the user; either way it is not to begin again
            Thread.currentThread().interrupt();
            return false;
        }
        return !stopped;
    }

    private void timeOut(int run) {
        if (interruptLate(run)) {
            pool.cancelCallsOf(this);
        }
    }

    private synchronized boolean interruptLate(int run) {
        if (run != runs || state != State.RUNNING || runner == null) {
            return false;
        }
        lateAt = TimeLimit.stackOf(runner);
        abort(() -> interrupt(run));
        return true;
    }

    /** Whether the run that has just ended was late, and where; the next one is not yet. */
    private synchronized @Nullable List<String> takeLate() {
        List<String> late = lateAt;
        lateAt = null;
        runs++;
        if (!stopped) {
            begins(task.draws().seedOf(index));
        }
        if (late != null) {
            // our own interrupt, which a task that finished meanwhile has not taken
            Thread.interrupted();
        }
        return late;
    }

    /** Drops the item if it has not begun, interrupts it if it runs. */
    void stop() {
        stopIt();
        pool.cancelCallsOf(this);
    }

    private synchronized void stopIt() {
        if (state == State.WAITING) {
            state = State.ENDED;
            waitsNoMore();
        } else if (state == State.RUNNING && !stopped && runner != null) {
            int run = runs;
            abort(() -> interrupt(run));
        }
        stopped = true;
    }

    /** Drops the item if it has not begun; whether it was so. */
    synchronized boolean drop() {
        boolean waiting = state == State.WAITING;
        if (waiting) {
            state = State.ENDED;
            stopped = true;
            waitsNoMore();
        }
        return waiting;
    }

    /** Unless that run has ended. */
    private synchronized void interrupt(int run) {
        if (run == runs && state == State.RUNNING && runner != null) {
            runner.interrupt();
        }
    }

    @Override
    protected void said(double fraction, String text) {
        pool.counts().said(new Words(this, attempt(), fraction, text));
    }

    /** Whether it runs, for that time. */
    synchronized boolean isRunning(int attempt) {
        return state == State.RUNNING && runs == attempt;
    }

    @Override
    protected WorkerState workerState() {
        WorkerState known = workerState;
        if (known == null) {
            throw new IllegalStateException("item " + index + " has not begun, so it has no worker");
        }
        return known;
    }

    @Override
    public synchronized int attempt() {
        return runs;
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
        waitsNoMore();
        begins(task.draws().seedOf(index));
        runner = Thread.currentThread();
        return true;
    }

    private synchronized void runningToEnded() {
        state = State.ENDED;
        runner = null;
        ended();
        if (stopped) {
            // our own interrupt, which a task that finished meanwhile has not taken
            Thread.interrupted();
        }
    }
}
