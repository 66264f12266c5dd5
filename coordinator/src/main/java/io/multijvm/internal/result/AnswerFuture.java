// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.TaskFuture;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
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
    private final WaitHelp help;
    private final AtomicBoolean opened = new AtomicBoolean();
    /** Written by the loop, once. */
    private volatile @Nullable RawOutcome raw;
    /** Written by the loop; the newest. */
    private volatile @Nullable Ran ran;
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
        this(codec, callbacks, stopping, WaitHelp.NONE);
    }

    /** @param help what a thread can do that waits here */
    public AnswerFuture(ValueCodec codec, Callbacks callbacks, Stopping stopping, WaitHelp help) {
        this.help = help;
        this.codec = codec;
        this.callbacks = callbacks;
        this.stopping = stopping;
    }

    /**
     * One attempt, with the one before it.
     *
     * @param nanos how long it took; -1 if that is not known
     * @param why it had no result; null if the answer tells
     */
    private record Ran(
            WorkerId worker,
            long nanos,
            @Nullable FailureKind why,
            Printed printed,
            @Nullable Ran before) {}

    /** Called on the loop. */
    void attempted(WorkerId worker, long nanos, @Nullable FailureKind why, Printed printed) {
        ran = new Ran(worker, nanos, why, printed, ran);
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

    /** Called on the loop: whoever waits is to look whether there is something to do. */
    void poke() {
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
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
            if (isDone()) {
                outcome.release();
            } else {
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
                if (help.help()) {
                    continue;
                }
                long nap = nanos == 0 ? NAP_NANOS : Math.min(NAP_NANOS, deadline - System.nanoTime());
                if (nap <= 0) {
                    break;
                }
                LockSupport.parkNanos(this, nap);
            }
            waiter = null;
            help.waited();
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
    public CallProgress progress() {
        return new CallProgress(isDone() ? 1 : 0, isCompletedExceptionally() ? 1 : 0, OptionalLong.of(1));
    }

    @Override
    public List<Attempt> attempts() {
        Deque<Ran> oldestFirst = new ArrayDeque<>();
        for (Ran one = ran; one != null; one = one.before) {
            oldestFirst.addFirst(one);
        }
        List<Attempt> attempts = new ArrayList<>();
        for (Ran one : oldestFirst) {
            // what came of the last one is not known before somebody has opened its outcome
            if (one.why != null || isDone()) {
                WorkerId worker = one.worker;
                attempts.add(new Attempt(
                        attempts.size() + 1,
                        worker.slot(),
                        worker.incarnation(),
                        worker.pid(),
                        one.nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(one.nanos)),
                        Optional.ofNullable(one.why == null ? answersKind() : one.why),
                        one.printed.read()));
            }
        }
        return List.copyOf(attempts);
    }

    /** Why the answer is a failure; null if it is none. */
    private @Nullable FailureKind answersKind() {
        if (isCancelled()) {
            return FailureKind.CANCELLED;
        }
        try {
            var unused = super.getNow(null);
            return null;
        } catch (CompletionException e) {
            return e.getCause() instanceof MultijvmException ours ? ours.kind() : FailureKind.CANCELLED;
        }
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
