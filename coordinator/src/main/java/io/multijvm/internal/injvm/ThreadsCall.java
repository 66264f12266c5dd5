// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import io.multijvm.internal.call.ProgressReports;
import io.multijvm.task.Outcome;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call over many items in a pool of threads. One thread, the reader, takes items from the input as long as there is
 * room; each runs in a thread of the pool. The call has ended when the reader has, and every item that it began.
 */
abstract class ThreadsCall<T extends @Nullable Object, R extends @Nullable Object> implements LiveCall {
    private final ItemTask<T, R> task;
    private final LiveCalls calls;
    private final PoolThreads threads;
    /** How many calls of tasks to this pool stand above its items. */
    private final int depth;

    private final @Nullable ProgressReports reports;

    /** Guards everything below, here and in subclasses; no foreign code runs under it. */
    final ReentrantLock lock = new ReentrantLock();

    /** Signalled whenever an item began, ended or was taken, and when reading stops. */
    final Condition changed = lock.newCondition();

    private final Set<ItemRun<T, R>> unfinished = new LinkedHashSet<>();
    private long begun;
    private boolean stopReading;
    private boolean cancelled;
    private boolean inputEnded;
    private @Nullable Thread reader;
    private @Nullable Future<?> clock;
    private long done;
    private long failed;
    private long expected = -1;

    ThreadsCall(ItemTask<T, R> task, LiveCalls calls, PoolThreads threads) {
        this.task = task;
        this.calls = calls;
        this.threads = threads;
        this.depth = calls.depthHere();
        this.reports = TimeLimit.reports(task.limit().settings(), this::progress, threads::runOther);
    }

    /** The call begins: its time is running, and how many items there will be may be known. */
    final void startClock(@Nullable Deadline deadline, Iterable<?> items) {
        lock.lock();
        try {
            expected = items instanceof Collection<?> collection ? collection.size() : -1;
            clock = deadline == null ? null : deadline.start(() -> expire(deadline));
        } finally {
            lock.unlock();
        }
    }

    /** The call's time is over: what has no outcome has failed. From any thread, without the lock. */
    abstract void expire(Deadline deadline);

    public final CallProgress progress() {
        lock.lock();
        try {
            long known = inputEnded ? begun : Math.max(begun, expected);
            boolean unknown = !inputEnded && expected < 0;
            return new CallProgress(done, failed, unknown ? OptionalLong.empty() : OptionalLong.of(known));
        } finally {
            lock.unlock();
        }
    }

    /** Whoever listens to the progress hears the end of it. */
    final void lastReport() {
        if (reports != null) {
            reports.end();
        }
    }

    /** What has begun and has no outcome, in input order. Called under the lock. */
    final List<ItemRun<T, R>> late() {
        return List.copyOf(unfinished);
    }

    /** Whether a further item may be read. Called under the lock. */
    abstract boolean hasRoom();

    /** The item with this index is about to begin. Called under the lock. */
    abstract void begins(long index);

    /** An item has its outcome. Called without the lock, before the call can end. */
    abstract void ended(Outcome<T, R> outcome);

    /**
     * The reader has ended. Called without the lock, before the call can end.
     *
     * @param broken what the input threw, if it did
     * @param whole whether the input was read to its end
     */
    abstract void inputEnded(@Nullable Throwable broken, boolean whole);

    final int unfinished() {
        return unfinished.size();
    }

    final boolean isCancelled() {
        return cancelled;
    }

    final boolean isInputEnded() {
        return inputEnded;
    }

    final long begun() {
        return begun;
    }

    /** Reads the input in a thread of the pool, which may be interrupted to make it stop. */
    final void readInBackground(Iterable<? extends T> items) {
        lock.lock();
        try {
            reader = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            read(items);
        } catch (InterruptedException e) {
            // Only we interrupt this thread, when reading is to stop; it was told so in inputEnded.
        } finally {
            readerToNobody();
        }
    }

    /** Reads the input in this thread until its end, or until reading is to stop. */
    final void read(Iterable<? extends T> items) throws InterruptedException {
        Throwable broken = null;
        boolean whole = false;
        try {
            whole = !isReadingStopped() && readWhole(items.iterator());
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable thrown) {
            // what an input throws because we interrupted it tells nobody anything
            broken = isReadingStopped() ? null : thrown;
        } finally {
            inputEnded(broken, whole);
            leaveReader();
        }
    }

    private boolean readWhole(Iterator<? extends T> input) throws InterruptedException {
        while (input.hasNext()) {
            if (!awaitRoom()) {
                return false;
            }
            begin(input.next());
        }
        return true;
    }

    private boolean isReadingStopped() {
        lock.lock();
        try {
            return stopReading;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopReading && !hasRoom()) {
                changed.await();
            }
            return !stopReading;
        } finally {
            lock.unlock();
        }
    }

    private void begin(T item) {
        String name = task.nameOf(item);
        ItemRun<T, R> run;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            run = new ItemRun<>(task, item, begun, calls, name, null).atDepth(depth);
            begins(begun);
            begun++;
            unfinished.add(run);
        } finally {
            lock.unlock();
        }
        run.startsWaiting(() -> threads.runOther(() -> giveUp(run)));
        threads.runItem(() -> run(run), depth);
    }

    private void giveUp(ItemRun<T, R> run) {
        Outcome<T, R> late = run.giveUp();
        if (late != null) {
            ended(run, late);
        }
    }

    private void run(ItemRun<T, R> run) {
        Thread thread = Thread.currentThread();
        Outcome<T, R> outcome = run.run(thread.getName(), PoolThreads.slotOf(thread));
        // of one that waited too long its end was told then
        if (run.givenUp() == null) {
            ended(run, outcome);
        }
    }

    private void ended(ItemRun<T, R> run, Outcome<T, R> outcome) {
        try {
            count(outcome);
            ended(outcome);
        } finally {
            lock.lock();
            try {
                unfinished.remove(run);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            endIfLast();
        }
    }

    private void count(Outcome<T, R> outcome) {
        lock.lock();
        try {
            done++;
            failed += outcome instanceof Outcome.Failure ? 1 : 0;
        } finally {
            lock.unlock();
        }
        if (reports != null) {
            reports.changed();
        }
    }

    private void leaveReader() {
        lock.lock();
        try {
            inputEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        endIfLast();
    }

    private void readerToNobody() {
        lock.lock();
        try {
            reader = null;
            // an interrupt of ours that came too late must not reach the next work of this thread
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void endIfLast() {
        lock.lock();
        try {
            if (!inputEnded || !unfinished.isEmpty()) {
                return;
            }
            if (clock != null) {
                clock.cancel(false);
            }
        } finally {
            lock.unlock();
        }
        lastReport();
        calls.remove(this);
    }

    /** Reads no further; items that have begun go on. */
    final void stopReading() {
        lock.lock();
        try {
            stopReading = true;
            changed.signalAll();
            if (reader != null) {
                reader.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads no further, drops items that wait, interrupts those that run. */
    final void stopItems() {
        endItems(true);
    }

    /** Reads no further, drops items that wait; those that run come to their end. */
    final void dropItems() {
        endItems(false);
    }

    private void endItems(boolean interrupting) {
        List<ItemRun<T, R>> left;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            cancelled = true;
            left = List.copyOf(unfinished);
        } finally {
            lock.unlock();
        }
        stopReading();
        // before any is interrupted: its thread would begin the next
        left.forEach(ItemRun::drop);
        if (interrupting) {
            left.forEach(ItemRun::stop);
        }
    }
}
