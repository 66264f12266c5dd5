// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one submitted task, in two steps: the loop delivers the raw outcome; a thread that waits in {@code get} or
 * {@code join} opens it and answers, which saves a hand-over, else the callback executor does. So neither decoding nor a
 * dependent stage ever runs on the loop.
 */
public final class AnswerFuture<R extends @Nullable Object> extends TaskFuture<R> {
    private final ValueCodec codec;
    private final Executor callbacks;
    private final Consumer<AnswerFuture<?>> stop;
    private final AtomicBoolean opened = new AtomicBoolean();
    /** Written by the loop, once. */
    private volatile @Nullable RawOutcome raw;
    /** One thread that waits, if any; others wait for it to answer. */
    private volatile @Nullable Thread waiter;

    /**
     * @param callbacks opens the outcome when nobody waits
     * @param stop called when the item is to be stopped
     */
    public AnswerFuture(ValueCodec codec, Executor callbacks, Consumer<AnswerFuture<?>> stop) {
        this.codec = codec;
        this.callbacks = callbacks;
        this.stop = stop;
    }

    /** Called on the loop, once. */
    void deliver(RawOutcome outcome) {
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
        callbacks.execute(() -> {
            if (why instanceof CancellationException) {
                super.cancel(false);
            } else {
                answerExceptionally(why);
            }
        });
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
        if (isDone()) {
            outcome.release();
            return;
        }
        R value;
        try {
            value = (R) outcome.open(codec);
        } catch (Throwable e) { // whatever it is, whoever waits must hear of it
            answerExceptionally(e);
            return;
        }
        answer(value);
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

    @Override
    protected void stop() {
        stop.accept(this);
    }
}
