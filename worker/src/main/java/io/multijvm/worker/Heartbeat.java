// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.wire.mapped.RecorderWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows the coordinator that this process gets on, whatever its task does: a thread of its own counts in the recorder. It
 * stands still only while the whole JVM does, and allocates nothing. Tasks share the JVM and can do everything to this
 * thread but end it: an interrupt, or an error thrown into it, is one early beat.
 */
final class Heartbeat implements Runnable {
    /** What the coordinator takes to be one beat, see {@code HungWorkers} there. */
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RecorderWriter recorder;
    private final Runtime runtime = Runtime.getRuntime();
    /** Its own thread's alone. */
    private long count;

    private Heartbeat(RecorderWriter recorder) {
        this.recorder = recorder;
    }

    /** Beats from now on, until the process ends; returns after the first beat. */
    static void start(RecorderWriter recorder) {
        Heartbeat heartbeat = new Heartbeat(recorder);
        heartbeat.beat();
        Thread thread = new Thread(heartbeat, "multijvm-heartbeat");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (true) {
            try {
                // early returns are early beats; this wait allocates nothing
                LockSupport.parkNanos(this, EVERY_NANOS);
                var unused = Thread.interrupted();
                beat();
            } catch (Throwable e) { // thrown into this thread: a heart that stops would cost the process its life
                beat();
            }
        }
    }

    private void beat() {
        recorder.beat(++count, runtime.totalMemory() - runtime.freeMemory());
    }
}
