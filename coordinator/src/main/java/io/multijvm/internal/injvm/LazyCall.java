// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A lazy call in a pool of threads: at most {@code buffer} items are read and not yet taken. */
final class LazyCall<T extends @Nullable Object, R extends @Nullable Object> extends ThreadsCall<T, R>
        implements OutcomeSource<T, R> {
    private final int buffer;
    private final boolean ordered;

    // Guarded by the lock.
    private final Map<Long, Outcome<T, R>> finished = new LinkedHashMap<>();
    private long taken;
    private boolean closed;
    private boolean whole;
    private @Nullable Throwable broken;
    /** Its time was over, and what had no outcome then has one now. */
    private boolean expired;

    LazyCall(ItemTask<T, R> task, LiveCalls calls, PoolThreads threads, int buffer, boolean ordered) {
        super(task, calls, threads);
        this.buffer = buffer;
        this.ordered = ordered;
    }

    @Override
    boolean hasRoom() {
        return begun() - taken < buffer;
    }

    @Override
    void begins(long index) {
        // its outcome is looked for when its turn comes
    }

    @Override
    void ended(Outcome<T, R> outcome) {
        lock.lock();
        try {
            if (!isCancelled() && !expired) {
                finished.put(outcome.index(), outcome);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    void inputEnded(@Nullable Throwable thrown, boolean wholeInput) {
        lock.lock();
        try {
            if (!expired) {
                broken = thrown;
                whole = wholeInput;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Step<T, R> take(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (true) {
                Step<T, R> step = stepNow();
                if (step.kind() != Step.Kind.NOT_YET || left <= 0) {
                    return step;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Outcome<T, R> removeNext() {
        if (ordered || finished.isEmpty()) {
            return finished.remove(taken);
        }
        Iterator<Outcome<T, R>> first = finished.values().iterator();
        Outcome<T, R> outcome = first.next();
        first.remove();
        return outcome;
    }

    @Override
    void expire(Deadline deadline) {
        lock.lock();
        try {
            if (closed || isCancelled() || isExhausted()) {
                return;
            }
            for (ItemRun<T, R> run : late()) {
                TaskTimeoutException late = deadline.exceeded(run.index(), run.state());
                var unused = run.name() == null ? late : late.named(run.name());
                finished.putIfAbsent(run.index(), new Outcome.Failure<>(run.item(), run.index(), run.begun(), late));
            }
            if (!isInputEnded()) {
                broken = deadline.unread(begun());
                whole = false;
            }
            expired = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        stopItems();
    }

    private Step<T, R> stepNow() {
        if (closed) {
            return Step.end();
        }
        Outcome<T, R> outcome = removeNext();
        if (outcome != null) {
            taken++;
            changed.signalAll();
            return Step.of(outcome);
        }
        if (isCancelled() && !expired) {
            return Step.broken(new CancellationException("the pool was terminated; item " + taken + " has no result"));
        }
        if (taken < begun() || !(isInputEnded() || expired)) {
            return Step.notYet();
        }
        if (broken != null) {
            return Step.broken(broken);
        }
        return whole
                ? Step.end()
                : Step.broken(new RejectedExecutionException("the pool was closed when this stream had read " + taken
                        + " items of its input; read the stream to its end before close()"));
    }

    @Override
    public boolean isExhausted() {
        lock.lock();
        try {
            return closed || ((isInputEnded() || expired) && whole && broken == null && taken == begun());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            finished.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        stopItems();
    }

    @Override
    public void readNoFurther() {
        stopReading();
    }

    @Override
    public void cancel() {
        stopItems();
    }
}
