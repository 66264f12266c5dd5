// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.process;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.worker.shared.Owners;
import org.jspecify.annotations.Nullable;

/**
 * The one task of a process that is no pool's worker. The link gives it, the main thread waits for it and runs it there:
 * what it throws ends the thread as it would in any JVM, and is left in the recorder as its last words. Thread-safe.
 *
 * <pre>
 * AWAITED -- given -------> GIVEN
 * GIVEN   -- main thread -> RUNNING
 * RUNNING -- its end -----> ENDED
 * </pre>
 */
public final class OwnTask {
    private enum State {
        AWAITED,
        GIVEN,
        RUNNING,
        ENDED
    }

    private final Runnable given;

    // guarded by this
    private State state = State.AWAITED;
    private boolean interrupted;
    private byte[] encoded = {};
    private @Nullable Thread thread;

    /** @param given done by the link's thread before the task can begin; must not block */
    public OwnTask(Runnable given) {
        this.given = given;
    }

    /** This JVM is such a process from now on. The link's. */
    public synchronized void give(ThisProcess self, byte[] task) {
        if (state != State.AWAITED) {
            throw new IllegalStateException("a second task for process " + self.name());
        }
        ThisProcess.is(self);
        given.run();
        encoded = task;
        state = State.GIVEN;
        notifyAll();
    }

    /** Interrupts the task; one that has not begun begins so, and after its end nothing happens. The link's. */
    public synchronized void interrupt() {
        if (state == State.RUNNING && thread != null) {
            thread.interrupt();
        } else {
            interrupted = true;
        }
    }

    /**
     * Waits for the task, in a pool's worker for ever. An interrupt is of no meaning to it: nobody was to be interrupted.
     */
    public synchronized void await() {
        while (state == State.AWAITED) {
            try {
                wait();
            } catch (InterruptedException e) {
                // by a task that goes through all threads: only the coordinator decides when this process ends
            }
        }
    }

    /**
     * Runs the task in this thread, once it was given.
     *
     * @throws Exception what the task has thrown, or why it could not be decoded
     */
    public void run(ValueCodec codec, RecorderWriter recorder) throws Exception {
        byte[] bytes = begin();
        try {
            if (codec.decode(bytes, 0, bytes.length) instanceof SerializableRunnable task) {
                Owners.trust(task);
                task.runOrThrow();
            } else {
                throw new PayloadException(
                        "the task arrived as something else than a SerializableRunnable", "task", null);
            }
        } catch (Throwable e) { // passed on as it is
            recorder.lastWords(Uncaught.words(e));
            throw e;
        } finally {
            end();
        }
    }

    private synchronized byte[] begin() {
        state = State.RUNNING;
        Thread current = Thread.currentThread();
        thread = current;
        // what came before was not meant for the task
        var unused = Thread.interrupted();
        if (interrupted) {
            current.interrupt();
        }
        byte[] bytes = encoded;
        encoded = new byte[0];
        return bytes;
    }

    private synchronized void end() {
        state = State.ENDED;
        thread = null;
    }
}
