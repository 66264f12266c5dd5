// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Pool;
import java.io.IOException;

/**
 * On SIGINT, SIGTERM and SIGHUP: ends the workers, hands over the results there are and says how far the run came. The
 * JVM then exits with 128 and the signal's number, whatever the run itself returns.
 */
final class StopHook {
    private final Pool pool;
    private final ResultsWriter results;
    private final RunReport report;
    private final Thread thread = new Thread(this::stop, "multijvm-stop");
    private volatile boolean stopping;

    private StopHook(Pool pool, ResultsWriter results, RunReport report) {
        this.pool = pool;
        this.results = results;
        this.report = report;
    }

    static StopHook install(Pool pool, ResultsWriter results, RunReport report) {
        StopHook hook = new StopHook(pool, results, report);
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
        report.stopped();
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
