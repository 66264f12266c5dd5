// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one submitted task, in two steps: the loop delivers the raw outcome; a thread that waits in {@code get} or
 * {@code join} opens it and answers, which saves a hand-over, else the callback executor does. So neither decoding nor a
 * dependent stage ever runs on the loop.
 */
public final class AnswerFuture<R extends @Nullable Object> extends TaskFuture<R> {
    private final ValueCodec codec;
    private final Callbacks callbacks;
    private final Stopping stopping;
    private final AtomicBoolean opened = new AtomicBoolean();
    /** Written by the loop, once. */
    private volatile @Nullable RawOutcome raw;
    /** One thread that waits, if any; others wait for it to answer. */
    private volatile @Nullable Thread waiter;

    /** What becomes of the item when its future is ended early. From any thread; never blocks. */
    public interface Stopping {
        /** Drop the item, or stop it, if need be with its worker. */
        void stop(AnswerFuture<?> future);

        /** Drop the item if it has not begun. */
        void letRun(AnswerFuture<?> future);
    }

    /**
     * @param callbacks opens the outcome when nobody waits
     * @param stopping called when the item is not wanted any more
     */
    public AnswerFuture(ValueCodec codec, Callbacks callbacks, Stopping stopping) {
        this.codec = codec;
        this.callbacks = callbacks;
        this.stopping = stopping;
    }

    /** Called on the loop, once. */
    void deliver(RawOutcome outcome) {
        if (isDone()) { // ended early: a late result is dropped
            return;
        }
        callbacks.owesAnswer(this);
        raw = outcome;
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        } else {
            callbacks.execute(this::open);
        }
    }

    /** Called on the loop: there will be no outcome. */
    void abandon(Throwable why) {
        callbacks.owesAnswer(this);
        callbacks.execute(() -> {
            if (why instanceof CancellationException) {
                answerCancelled();
            } else {
                answerExceptionally(why);
            }
            callbacks.answered(this);
        });
    }

    /** The pool is gone, and nobody may have heard of the item: without an answer by now, there will be none. */
    public void cutOff() {
        answerCancelled();
    }

    @SuppressWarnings({
        "unchecked", // the worker ran the caller's own function, whose result type R is
        "NullAway" // a null result is an R that may be null
    })
    private void open() {
        RawOutcome outcome = raw;
        if (outcome == null || !opened.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!isDone()) {
                answer((R) outcome.open(codec));
            }
        } catch (Throwable e) { // whatever it is, whoever waits must hear of it
            answerExceptionally(e);
        } finally {
            callbacks.answered(this);
        }
    }

    /** Opens the outcome here if it comes while this thread waits, for so long at most; 0 waits without limit. */
    private void awaitRaw(long nanos) {
        if (isDone()) {
            return;
        }
        if (raw == null && waiter == null) {
            Thread me = Thread.currentThread();
            waiter = me;
            long deadline = System.nanoTime() + nanos;
            // other completions (cancel, timeouts) do not unpark us, hence the bounded naps
            while (raw == null && !isDone() && !me.isInterrupted()) {
                long nap = nanos == 0 ? NAP_NANOS : Math.min(NAP_NANOS, deadline - System.nanoTime());
                if (nap <= 0) {
                    break;
                }
                LockSupport.parkNanos(this, nap);
            }
            waiter = null;
        }
        // Also when giving up: the loop may have counted on this thread. Each side writes its own field before it reads
        // the other's: if the loop saw this thread waiting, its outcome is seen here; if not, the executor has it.
        open();
    }

    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public R get() throws InterruptedException, ExecutionException {
        awaitRaw(0);
        return super.get();
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long begin = System.nanoTime();
        long nanos = unit.toNanos(timeout);
        if (nanos > 0) {
            awaitRaw(nanos);
        }
        return super.get(Math.max(0, nanos - (System.nanoTime() - begin)), TimeUnit.NANOSECONDS);
    }

    @Override
    public R join() {
        boolean interrupted = false;
        // unlike get, join is not ended by an interrupt
        do {
            interrupted |= Thread.interrupted();
            awaitRaw(0);
            // not interrupted: it is answered, or another thread is going to answer it
        } while (!isDone() && Thread.currentThread().isInterrupted());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    /** As {@link #get()}, with the failure as {@code join} tells it. */
    public R await() throws InterruptedException, ExecutionException {
        awaitRaw(0);
        return getAsFailed();
    }

    @Override
    protected void stop() {
        stopping.stop(this);
    }

    @Override
    protected void letRun() {
        stopping.letRun(this);
    }
}
