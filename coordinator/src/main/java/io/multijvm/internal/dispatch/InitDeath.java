// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.WorkerCrashedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker that said hello and never got ready: its init function threw, took too long or ended the process.
 *
 * @param worker its name
 * @param failure what it said of it, encoded; null if it said nothing
 * @param late the function's time was over
 * @param stack where it stood then
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record InitDeath(String worker, byte @Nullable [] failure, boolean late, List<String> stack) {

    /**
     * Why a pool cannot go on, or a worker is started again.
     *
     * @param what in words
     * @param cause the function's own exception where it threw one
     */
    record Why(String what, Throwable cause) {}

    /** Of a worker that is dead now; null if its init function is not to blame. */
    static @Nullable InitDeath of(Slot slot) {
        if (!slot.said || slot.initialised) {
            return null;
        }
        List<String> stack = slot.initLate && slot.recorder != null
                ? slot.recorder.stack(0, 0).lines().toList()
                : List.of();
        return new InitDeath(slot.name(), slot.initFailure, slot.initLate, stack);
    }

    /** Runs user code and reads files: not for the loop. */
    Why explain(PoolSetup setup, Supplier<WorkerProcess.Death> diagnosis) {
        if (late) {
            Duration limit = setup.initTimeout();
            String what = "the init function did not end within " + limit.toMillis() + " ms in " + worker
                    + "; raise initTimeout if it needs longer";
            String frames = stack.isEmpty() ? "" : "\n  at " + String.join("\n  at ", stack);
            return new Why(what, new TimeoutException("it was stopped after " + limit.toMillis() + " ms" + frames));
        }
        if (failure != null) {
            Throwable cause = setup.failures().read(failure);
            return new Why("the init function failed in " + worker + ": " + cause, cause);
        }
        WorkerProcess.Death death = diagnosis.get();
        return new Why(
                worker + " died in the init function: " + death.report().what(),
                new WorkerCrashedException(death.report()));
    }
}
