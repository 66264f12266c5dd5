// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that results reach their reader while the run waits for the next one, and shows how far the run is: the one
 * thread that draws. When the results cannot be written any more, it ends the run, which may be waiting for an item of
 * hours.
 */
final class Ticker {
    /** Fast enough for the eye, and for who reads results through a pipe. */
    private static final long TICK_MILLIS = 100;

    private final ResultsWriter results;
    private final Runnable eachTick;
    private final Runnable endRun;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "multijvm-ticker");

    private Ticker(ResultsWriter results, Runnable eachTick, Runnable endRun) {
        this.results = results;
        this.eachTick = eachTick;
        this.endRun = endRun;
    }

    static Ticker start(ResultsWriter results, Runnable eachTick, Runnable endRun) {
        Ticker ticker = new Ticker(results, eachTick, endRun);
        ticker.thread.setDaemon(true);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        try {
            do {
                results.flush();
                eachTick.run();
            } while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            endRun.run(); // the writer remembers why
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that; then nothing ticks any more
        }
    }

    /** Returns when it ticks no more: what is drawn after that stays. Not for its own thread. */
    void stop() {
        stopped.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
