// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.Failures;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import io.multijvm.worker.context.OutOfMemory;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.shared.Owners;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The functions that a pool runs in each of its workers beside items: one before the first item, one after the last. Both
 * are decoded before the first item, so that one that cannot be is known in time. The task thread's, but for {@link
 * #exitIsLate}.
 */
public final class Upkeep {
    private final byte @Nullable [] encodedInit;
    private final byte @Nullable [] encodedExit;
    private final long seed;
    private final Line line;
    private @Nullable SerializableRunnable exit;
    private volatile @Nullable Thread thread;
    private final AtomicBoolean exitTold = new AtomicBoolean();

    /** What becomes of it. Called by the task thread, {@link #exited} also by another. */
    public interface Line {
        /** Both functions are decoded and the first has run; or the failure that ended this. */
        void initialised(@Nullable Failure failure);

        /** The exit function is about to run. */
        void exiting(Upkeep upkeep);

        /** It has run, or was given up. */
        void exited(@Nullable Failure failure);

        /** Ends this process at once; does not return. */
        void outOfMemory(OutOfMemoryError error);
    }

    /**
     * @param init encoded; null if there is none
     * @param exit encoded; null if there is none
     * @param poolSeed for what they draw
     */
    public Upkeep(byte @Nullable [] init, byte @Nullable [] exit, long poolSeed, Line line) {
        this.encodedInit = init;
        this.encodedExit = exit;
        this.seed = Seeds.ofCall(poolSeed, 0);
        this.line = line;
    }

    public boolean hasExit() {
        return encodedExit != null;
    }

    void init(Thread taskThread, RecorderWriter recorder, RunningItem running, ValueCodec codec) {
        thread = taskThread;
        FailurePhase phase = FailurePhase.FAILURE_PHASE_DECODE_TASK;
        Failure failure = null;
        try {
            exit = encodedExit == null ? null : decode(codec, encodedExit, "exit");
            if (encodedInit != null) {
                SerializableRunnable init = decode(codec, encodedInit, "init");
                phase = FailurePhase.FAILURE_PHASE_RUN;
                call(init, recorder, running);
            }
        } catch (Throwable e) { // whatever it is, the coordinator must hear of it
            failure = failure(e, phase, codec);
        }
        line.initialised(failure);
    }

    void exit(RecorderWriter recorder, RunningItem running, ValueCodec codec) {
        line.exiting(this);
        Failure failure = null;
        try {
            if (exit != null) {
                call(exit, recorder, running);
            }
        } catch (Throwable e) { // the worker leaves all the same
            failure = failure(e, FailurePhase.FAILURE_PHASE_RUN, codec);
        }
        tellExit(failure);
    }

    /** The exit function's time is over: the worker leaves without waiting for it any longer. From another thread. */
    public void exitIsLate(ValueCodec codec, long limitMillis) {
        Thread task = thread;
        if (task == null || exitTold.get()) {
            return;
        }
        TimeoutException late = new TimeoutException("it did not end within " + limitMillis + " ms");
        late.setStackTrace(task.getStackTrace());
        tellExit(Failures.of(late, FailurePhase.FAILURE_PHASE_RUN, codec));
    }

    private void tellExit(@Nullable Failure failure) {
        if (exitTold.compareAndSet(false, true)) {
            line.exited(failure);
        }
    }

    /** At hand in the recorder meanwhile, so that a stack can be left there and an interrupt finds it. */
    private void call(SerializableRunnable function, RecorderWriter recorder, RunningItem running) throws Exception {
        recorder.begin(RunningItem.NO_CHUNK, 0, System.nanoTime());
        recorder.state(ItemState.RUN);
        running.beginWithoutItem(seed);
        try {
            function.runOrThrow();
        } finally {
            running.end();
            recorder.state(ItemState.IDLE);
        }
    }

    private Failure failure(Throwable thrown, FailurePhase phase, ValueCodec codec) {
        OutOfMemoryError memory = OutOfMemory.in(thrown);
        if (memory != null) {
            line.outOfMemory(memory);
        }
        return Failures.of(thrown, phase, codec);
    }

    private static SerializableRunnable decode(ValueCodec codec, byte[] encoded, String name) {
        if (codec.decode(encoded, 0, encoded.length) instanceof SerializableRunnable function) {
            Owners.trust(function);
            return function;
        }
        throw new PayloadException("the pool's " + name + " function arrived as something else", name, null);
    }
}
