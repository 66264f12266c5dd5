// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that results reach their reader while the run waits for the next one, and says every so often how far the
 * run is. When the results cannot be written any more, it ends the run, which may be waiting for an item of hours.
 */
final class Ticker {
    private static final long FLUSH_MILLIS = 100;
    private static final long PROGRESS_NANOS = Duration.ofSeconds(10).toNanos();

    private final ResultsWriter results;
    private final RunReport report;
    private final boolean showProgress;
    private final Runnable endRun;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "multijvm-ticker");

    private Ticker(ResultsWriter results, RunReport report, boolean showProgress, Runnable endRun) {
        this.results = results;
        this.report = report;
        this.showProgress = showProgress;
        this.endRun = endRun;
    }

    static Ticker start(ResultsWriter results, RunReport report, boolean showProgress, Runnable endRun) {
        Ticker ticker = new Ticker(results, report, showProgress, endRun);
        ticker.thread.setDaemon(true);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        long shown = System.nanoTime();
        try {
            while (!stopped.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS)) {
                results.flush();
                if (showProgress && System.nanoTime() - shown >= PROGRESS_NANOS) {
                    shown += PROGRESS_NANOS;
                    report.progress();
                }
            }
        } catch (IOException e) {
            endRun.run(); // the writer remembers why
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; then nothing ticks any more
        }
    }

    void stop() {
        stopped.countDown();
    }
}
