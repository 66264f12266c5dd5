// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Pool;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When the JVM ends in the middle of a run, by SIGHUP, by a second SIGINT or SIGTERM or by the first one where
 * {@link Stopping} does not have it: ends the workers, hands over the results there are and says how far the run came.
 * The exit code is that of whoever ended the JVM, whatever the run itself returns.
 */
final class StopHook {
    private final Pool pool;
    private final ResultsWriter results;
    private final RunReport report;
    private final Supplier<Optional<StopSignal>> signal;
    private final Thread thread = new Thread(this::stop, "multijvm-stop");
    private volatile boolean stopping;

    private StopHook(Pool pool, ResultsWriter results, RunReport report, Supplier<Optional<StopSignal>> signal) {
        this.pool = pool;
        this.results = results;
        this.report = report;
        this.signal = signal;
    }

    /** @param signal what stops the run, as far as is known */
    static StopHook install(Pool pool, ResultsWriter results, RunReport report, Supplier<Optional<StopSignal>> signal) {
        StopHook hook = new StopHook(pool, results, report, signal);
        Runtime.getRuntime().addShutdownHook(hook.thread);
        return hook;
    }

    /** Whether the JVM is going down, so that what the run still meets is a consequence of it. */
    boolean isStopping() {
        return stopping;
    }

    private void stop() {
        stopping = true;
        pool.terminate();
        try {
            results.flush();
        } catch (IOException e) {
            report.error("the last results cannot be written: " + OneLine.messageOf(e));
        }
        signal.get().ifPresentOrElse(report::stoppedBy, report::stopped);
    }

    /** The run has ended by itself. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // The JVM is going down and the hook runs: there is nothing to take back.
        }
    }
}
