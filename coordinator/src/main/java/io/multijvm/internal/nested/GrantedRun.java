// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.codec.Failures;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.v1.FailurePhase;
import io.multijvm.worker.context.ItemContext;
import io.multijvm.worker.context.OutOfMemory;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.context.WorkerState;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.Nesting;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An item of a task's own call, run by the task's own worker: on top of the task in the thread that waits for it, or beside
 * it. It sees what it would see elsewhere: copies of function and item, and a context of its own.
 */
final class GrantedRun extends ItemContext implements Nesting {
    /** After the interrupt of an item whose time is over. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Frame outerFrame;
    private final CallCode code;
    private final CallState.Asked asked;
    private final ItemBlock block;
    private final long index;
    private final int firstAttempt;
    private final long seed;
    private @Nullable TaskContext outer;
    private @Nullable Frame frame;

    // guarded by this; the runner is interrupted under the lock, so it cannot hit what the thread does next
    private @Nullable Thread runner;
    private boolean stopped;
    private @Nullable List<String> lateAt;
    private int run;
    private int attempt;

    /**
     * @param firstAttempt how often the item has been begun when this begins it
     * @param callId of the call in the pool, for what the item draws
     */
    GrantedRun(
            Frame outerFrame,
            CallCode code,
            CallState.Asked call,
            ItemBlock block,
            long index,
            int firstAttempt,
            long callId) {
        this.outerFrame = outerFrame;
        this.code = code;
        this.asked = call;
        this.block = block;
        this.index = index;
        this.firstAttempt = firstAttempt;
        this.attempt = firstAttempt;
        this.seed = Seeds.ofItem(Seeds.ofCall(NestedShared.of(outerFrame.host()).seed(), callId), index);
    }

    /**
     * Runs the item in this thread.
     *
     * @throws OutOfMemoryError after which this JVM cannot be trusted
     */
    RawOutcome run() {
        NestedHost host = outerFrame.host();
        outer = enter(this);
        host.runsNested(outerFrame.nested() + 1, index);
        try {
            return inTime();
        } finally {
            host.runsNested(outerFrame.nested(), outer == null ? 0 : outer.itemIndex());
            if (outer == null) {
                leave();
            } else {
                enter(outer);
            }
            runningToEnded();
        }
    }

    private RawOutcome inTime() {
        Duration limit = asked.settings().itemTimeout();
        for (int now = firstAttempt; ; now++) {
            int number = toRunning(now);
            if (limit != null) {
                outerFrame.host().line().later(() -> timeOut(number), limit);
            }
            RawOutcome outcome = once(now);
            List<String> late = takeLate();
            FailureKind why = FailureKind.TASK;
            if (late != null && limit != null) {
                why = FailureKind.TIMEOUT;
                outcome = RawOutcome.error(
                        index,
                        now,
                        new TaskTimeoutException(index, limit, outerFrame.host().where(), late));
            } else if (outcome.isValue() || !outcome.isThrown()) {
                return outcome;
            }
            if (isCancelled() || !asked.settings().retries(why, now) || !rests(now)) {
                return outcome;
            }
        }
    }

    /** Waits as long as the item has to before its next attempt; false if it was stopped meanwhile. */
    private synchronized boolean rests(int failed) {
        long end = System.nanoTime()
                + asked.settings().backoff().after(failed, seed).toNanos();
        try {
            for (long left = end - System.nanoTime(); left > 0 && !stopped; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            // by a stop, or by that of the task below: either way it is not to begin again
            Thread.currentThread().interrupt();
            return false;
        }
        return !stopped;
    }

    private RawOutcome once(int now) {
        Frame own = outerFrame.onTop(outerFrame.depth() + 1);
        frame = own;
        String where = own.host().where();
        FailurePhase phase = FailurePhase.FAILURE_PHASE_DECODE_TASK;
        try {
            var function = code.function();
            phase = FailurePhase.FAILURE_PHASE_DECODE_ITEM;
            int at = (int) (index - block.firstIndex());
            byte[] large = block.large(at);
            Object item = large == null
                    ? code.codec().decode(block.smallBytes(), block.begin(at), block.end(at) - block.begin(at))
                    : code.codec().decode(large, 0, large.length);
            phase = FailurePhase.FAILURE_PHASE_RUN;
            Object result = call(function, item);
            phase = FailurePhase.FAILURE_PHASE_ENCODE_RESULT;
            return RawOutcome.value(index, now, code.codec().encode(result, "result"), where);
        } catch (Throwable e) { // whatever a task or its payload throws is the item's failure, but for one thing
            OutOfMemoryError memory = OutOfMemory.in(e);
            if (memory != null) {
                // here, while the recorder still says what ran
                own.host().line().retire(memory);
                throw memory;
            }
            return RawOutcome.failure(
                    index, now, Failures.of(e, phase, code.codec()).toByteArray(), where);
        } finally {
            own.end();
        }
    }

    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type arguments
    private static @Nullable Object call(
            SerializableFunction<@Nullable Object, @Nullable Object> function, @Nullable Object item) throws Exception {
        return function.applyOrThrow(item);
    }

    private synchronized int toRunning(int now) {
        attempt = now;
        begins(seed);
        runner = Thread.currentThread();
        if (stopped) {
            runner.interrupt();
        }
        return ++run;
    }

    /** The line's thread. */
    private synchronized void timeOut(int number) {
        if (run == number && runner != null) {
            lateAt = Arrays.stream(runner.getStackTrace())
                    .takeWhile(frameOf -> !frameOf.getClassName().startsWith("io.multijvm.internal.nested."))
                    .map(StackTraceElement::toString)
                    .toList();
            abort(() -> interrupt(number));
            outerFrame.host().line().later(() -> retireUnlessEnded(number), GRACE);
        }
    }

    /** As for any other item that does not follow: its worker has to go. */
    private synchronized void retireUnlessEnded(int number) {
        if (run == number && runner != null) {
            outerFrame
                    .host()
                    .line()
                    .retire(new IllegalStateException(
                            "item " + index + " of a call that the task made itself ran longer"
                                    + " than its time limit, and did not end when it was interrupted"));
        }
    }

    private synchronized @Nullable List<String> takeLate() {
        List<String> late = lateAt;
        lateAt = null;
        run++;
        if (late != null) {
            // our own interrupt, which a task that finished meanwhile has not taken
            Thread.interrupted();
        }
        return late;
    }

    /** Its result is not wanted any more. From any thread. */
    synchronized void stop() {
        if (!stopped && runner != null) {
            int number = run;
            abort(() -> interrupt(number));
        }
        stopped = true;
        notifyAll();
    }

    /** Unless that run has ended. */
    private synchronized void interrupt(int number) {
        if (run == number && runner != null) {
            runner.interrupt();
        }
    }

    private synchronized void runningToEnded() {
        runner = null;
        ended();
        // what was left of an interrupt of ours or the item's own; one that is the outer item's is given again
        Thread.interrupted();
        if (outer != null && outer.isCancelled()) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Frame frame() {
        if (frame == null) {
            throw new IllegalStateException("the item does not run");
        }
        return frame;
    }

    @Override
    protected void said(double fraction, String text) {
        synchronized (this) {
            if (runner == null) {
                return;
            }
        }
        outerFrame.host().line().progress(outerFrame.chunkId(), outerFrame.position(), index, fraction, text);
    }

    @Override
    protected WorkerState workerState() {
        return outerFrame.host().state();
    }

    @Override
    public synchronized int attempt() {
        return attempt;
    }

    @Override
    public int slot() {
        return outerFrame.host().slot();
    }

    @Override
    public int incarnation() {
        return outerFrame.host().incarnation();
    }

    @Override
    public long itemIndex() {
        return index;
    }

    @Override
    public boolean isCancelled() {
        synchronized (this) {
            if (stopped) {
                return true;
            }
        }
        TaskContext below = outer;
        return below != null && below.isCancelled();
    }
}
