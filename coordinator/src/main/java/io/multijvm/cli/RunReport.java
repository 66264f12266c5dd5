// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Counts what becomes of the items of a run, and says what the user is to know of it. The only writer on stderr during a
 * run, so that lines never mix. All methods may be called from any thread.
 */
final class RunReport {
    /** A task that fails on every item would otherwise drown everything else; the results hold them all. */
    static final int SHOWN_TASK_FAILURES = 10;

    private final Console console;
    private final Wording wording;
    private final Items items;
    private final Aftermath aftermath;
    private final int workers;
    private final boolean quiet;
    private final LongSupplier nanoClock;
    private final long begin;

    /** Guarded by this, as are the fields below it. */
    private final Rate rate;

    private long ok;
    private long failed;
    private long taskFailures;
    private long again;
    private boolean ended;

    RunReport(
            Console console,
            Wording wording,
            Items items,
            int workers,
            boolean quiet,
            LongSupplier nanoClock,
            Aftermath aftermath) {
        this.aftermath = aftermath;
        this.console = console;
        this.wording = wording;
        this.items = items;
        this.workers = workers;
        this.quiet = quiet;
        this.nanoClock = nanoClock;
        begin = nanoClock.getAsLong();
        rate = new Rate(begin);
    }

    synchronized void succeeded(int attempts) {
        ok++;
        if (attempts > 1) {
            again++;
        }
    }

    /** Counts the failure and says it at once, quiet or not. */
    synchronized void failed(Outcome.Failure<Object, ?> failure) {
        failed++;
        boolean ofTask = failure.kind() == FailureKind.TASK || failure.kind() == FailureKind.PAYLOAD;
        if (!ofTask || ++taskFailures <= SHOWN_TASK_FAILURES) {
            console.println(wording.failure(FailedItem.of(failure, items, aftermath)));
        } else if (taskFailures == SHOWN_TASK_FAILURES + 1) {
            console.println(wording.notice("further failures of this kind are only in the results"));
        }
    }

    /** How far the run is. The pace is measured from one call of this to the next. */
    synchronized Progress progress(Optional<Progress.Drain> drain) {
        long now = nanoClock.getAsLong();
        rate.observe(now, finished());
        return new Progress(
                finished(),
                items.total(),
                failed,
                again,
                workers,
                Duration.ofNanos(now - begin),
                rate.perSecond(now),
                // a run that stops will not come to the end of its items
                drain.isPresent() ? Optional.empty() : rate.left(now, items.total()),
                drain);
    }

    /** Something that the user should know, unless he wants to know nothing but failures. */
    synchronized void notice(String message) {
        if (!quiet) {
            console.println(wording.notice(message));
        }
    }

    /** Something that was logged, here or in a worker; in a quiet run what is a warning at least. */
    synchronized void logged(LogRecord record) {
        if (!quiet || record.getLevel().intValue() >= Level.WARNING.intValue()) {
            console.println(wording.log(record));
        }
    }

    /** The last line of a run. Quiet leaves it out unless something failed. */
    synchronized void summary() {
        if (!quiet || failed > 0) {
            end(true, Optional.empty());
        }
    }

    /** The last line of a run that did not reach its end. */
    synchronized void stopped() {
        end(false, Optional.empty());
    }

    /** The last line of a run that a signal stopped. */
    synchronized void stoppedBy(StopSignal signal) {
        end(false, Optional.of(signal.toString()));
    }

    /** Two threads may see the run end: one that is told to stop at once, and the one that runs it. */
    private void end(boolean complete, Optional<String> signal) {
        if (!ended) {
            ended = true;
            Duration wall = Duration.ofNanos(nanoClock.getAsLong() - begin);
            console.last(wording.end(new RunEnd(complete, signal, ok, failed, again, items.total(), wall)));
        }
    }

    /** The one line of an error that ends the run. */
    synchronized void error(String message) {
        console.println(wording.error(message));
    }

    synchronized boolean anyFailed() {
        return failed > 0;
    }

    /** How many items have an outcome; the first shows that a worker can work. */
    synchronized long finished() {
        return ok + failed;
    }
}
