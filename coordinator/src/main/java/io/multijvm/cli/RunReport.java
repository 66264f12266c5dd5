// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.task.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the user reads on stderr while items run and at the end. The only writer there during a run, so that lines never
 * mix. All methods may be called from any thread.
 */
final class RunReport {
    /** A task that fails on every item would otherwise drown everything else; the results hold them all. */
    static final int SHOWN_TASK_FAILURES = 10;

    private final PrintStream err;
    private final Items items;
    private final boolean quiet;
    private final LongSupplier nanoClock;
    private final long begin;

    /** Guarded by this, as are the fields below it. */
    private long ok;

    private long failed;
    private long taskFailures;
    private long afterRetry;

    RunReport(PrintStream err, Items items, boolean quiet, LongSupplier nanoClock) {
        this.err = err;
        this.items = items;
        this.quiet = quiet;
        this.nanoClock = nanoClock;
        begin = nanoClock.getAsLong();
    }

    synchronized void succeeded(int attempts) {
        ok++;
        if (attempts > 1) {
            afterRetry++;
        }
    }

    /** Counts the failure and says it at once, quiet or not. */
    synchronized void failed(Outcome.Failure<Object, ?> failure) {
        failed++;
        boolean ofTask = failure.kind() == FailureKind.TASK || failure.kind() == FailureKind.PAYLOAD;
        if (ofTask && ++taskFailures > SHOWN_TASK_FAILURES) {
            if (taskFailures == SHOWN_TASK_FAILURES + 1) {
                err.println("further failures of this kind are only in the results");
            }
            return;
        }
        String item = items.describe(failure.index(), failure.item());
        if (failure.error().report().isPresent()) {
            err.println(failure.kind() + " " + messageOf(failure.error()) + "\n  " + item + ", attempts: "
                    + failure.attempts());
        } else {
            err.println(failure.kind() + " item " + failure.index() + " (" + item + "): "
                    + OneLine.of(messageOf(failure.error())));
        }
    }

    /** What to tell of a failure: the task's own exception where it is one, else all that we know. */
    static String messageOf(MultijvmException error) {
        Throwable cause = error.getCause();
        if (error.kind() != FailureKind.TASK || cause == null) {
            return Objects.requireNonNullElse(error.getMessage(), error.toString());
        }
        // Its message already begins with the class that the task threw.
        return cause instanceof RemoteTaskException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.toString();
    }

    /** One line on how far the run is: {@code 01:42:10 multijvm 6214/10000 62% 86.3/s eta 44s failed 3}. */
    synchronized void progress() {
        if (quiet) {
            return;
        }
        long done = ok + failed;
        double perSecond = perSecond();
        StringBuilder line = new StringBuilder()
                .append(LocalTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_TIME))
                .append(" multijvm ")
                .append(done);
        OptionalLong total = items.total();
        if (total.isPresent() && total.getAsLong() > 0) {
            line.append('/').append(total.getAsLong());
            line.append(' ').append(done * 100 / total.getAsLong()).append('%');
        }
        line.append(String.format(Locale.ROOT, " %.1f/s", perSecond));
        if (total.isPresent() && perSecond > 0) {
            line.append(" eta ")
                    .append(Math.round((total.getAsLong() - done) / perSecond))
                    .append('s');
        }
        err.println(line.append(" failed ").append(failed));
    }

    /** The last line of a run. Quiet leaves it out unless something failed. */
    synchronized void summary() {
        if (!quiet || failed > 0) {
            err.println("done: " + counts());
        }
    }

    /** The last line of a run that did not reach its end. */
    synchronized void stopped() {
        err.println("stopped before the end: " + counts());
    }

    /** The one line of an error that ends the run. */
    synchronized void error(String message) {
        err.println("error: " + message);
    }

    synchronized boolean anyFailed() {
        return failed > 0;
    }

    /** Whether any worker has shown that it can work. */
    synchronized boolean anyFinished() {
        return ok + failed > 0;
    }

    private String counts() {
        Duration wall = Duration.ofNanos(nanoClock.getAsLong() - begin);
        return String.format(
                Locale.ROOT,
                "%d items in %.2f s: %d ok%s, %d failed, %.1f items/s",
                ok + failed,
                wall.toNanos() / 1e9,
                ok,
                afterRetry == 0 ? "" : " (" + afterRetry + " after a retry)",
                failed,
                perSecond());
    }

    private double perSecond() {
        double seconds = (nanoClock.getAsLong() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        return seconds <= 0 ? 0 : (ok + failed) / seconds;
    }
}
