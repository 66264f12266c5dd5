// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the processes that a worker's tasks have started, with SIGKILL. Which they are is told by two things: who descends
 * from a worker that lives, and who carries its mark and is still in its session, also when the worker is dead. A program
 * that has left both its parent and the session wanted to outlive them, as daemons do, and is left alone. So is whatever
 * was started with an environment of its own and whose parent is dead: nobody can tell whose it was.
 *
 * <p>All methods look in a thread of their own and wait for it no longer than they say, whatever state the machine or this
 * JVM is in. Where there is no {@code /proc}, only descendants are found.
 */
public final class Offspring {
    /** Some milliseconds are enough, but not where this JVM is given no core for longer than that. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** Code that has never run before, in a JVM whose tasks hold all cores: 50 ms of work, of an overloaded machine. */
    private static final Duration LIMIT_OF_OWN = Duration.ofMillis(300);

    private Offspring() {}

    /** Ends what this JVM has started, as a worker that is about to end itself; waits at most 300 ms. */
    public static void endOwn() {
        String value = System.getenv(Mark.VARIABLE);
        ProcStat self = ProcStat.of(ProcessHandle.current().pid());
        within(
                LIMIT_OF_OWN,
                new OffspringSearch(
                        ProcessHandle.current().pid(),
                        self == null ? 0 : self.session(),
                        mark -> value != null && mark.equals(Mark.youngest(value))));
    }

    /** Ends what a worker has left that was reaped; waits at most two seconds. */
    public static void endOf(Mark worker) {
        String text = worker.toString();
        within(LIMIT, new OffspringSearch(OffspringSearch.NOBODY, worker.session(), text::equals));
    }

    /**
     * Ends the workers of a coordinator that is gone, if any are left, and what they have started; waits at most {@code
     * limit}.
     */
    public static void endOf(ProcessStamp coordinator, Duration limit) {
        within(limit, new OffspringSearch(coordinator));
    }

    private static void within(Duration limit, Runnable search) {
        CountDownLatch done = new CountDownLatch(1);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            Thread thread = new Thread(
                    () -> {
                        try {
                            search.run();
                        } finally {
                            done.countDown();
                        }
                    },
                    "multijvm-offspring");
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError e) {
            return; // no thread to be had: whoever called goes on with what matters more
        }
        boolean interrupted = false;
        while (done.getCount() > 0 && System.nanoTime() - deadline < 0) {
            try {
                var unused = done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // a task that interrupts all threads it finds, for one
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
