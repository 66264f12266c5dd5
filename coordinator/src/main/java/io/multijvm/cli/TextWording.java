// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.FailureKind;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.LogRecord;

/** For people. */
final class TextWording implements Wording {
    /** Of what a failed item had written; the library tells more of it. */
    private static final int OUTPUT_LINES = 5;

    private final Look look;

    TextWording(Look look) {
        this.look = look;
    }

    /** {@code 01:42:10 multijvm 6214/10000 62% 86.3/s eta 44s workers 4 failed 3}. */
    @Override
    public String progress(Progress progress) {
        StringBuilder line = new StringBuilder()
                .append(LocalTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_TIME))
                .append(" multijvm ")
                .append(progress.done());
        if (progress.percent().isPresent()) {
            line.append('/').append(progress.total().getAsLong());
            line.append(' ').append(progress.percent().getAsInt()).append('%');
        }
        progress.perSecond().ifPresent(pace -> line.append(' ').append(ProgressBar.pace(pace)));
        if (progress.percent().isPresent() && progress.drain().isEmpty()) {
            line.append(" eta ")
                    .append(progress.left().map(left -> left.toSeconds() + "s").orElse("?"));
        } else {
            line.append(" elapsed ").append(progress.elapsed().toSeconds()).append('s');
        }
        line.append(" workers ").append(progress.workers());
        line.append(" failed ").append(progress.failed());
        progress.drain()
                .ifPresent(drain -> line.append(" stopping, waiting for ").append(drain.waiting()));
        return line.toString();
    }

    @Override
    public String failure(FailedItem failed) {
        if (failed.crash().isPresent()) {
            return CrashBlock.of(failed, failed.crash().get(), look);
        }
        String kind = look.kind(failed.kind()) + " ";
        // a stack names the item and has lines of its own
        if (failed.kind() == FailureKind.TIMEOUT) {
            return kind + OneLine.tame(failed.message()) + output(failed) + "\n  " + failed.item() + ", attempts: "
                    + failed.attempts();
        }
        return kind + "item " + failed.index() + " (" + failed.item() + "): "
                + OneLine.tame(OneLine.of(failed.message())) + output(failed);
    }

    /** As a crash report shows it. */
    private static String output(FailedItem failed) {
        StringBuilder text = new StringBuilder();
        failed.output()
                .last(OUTPUT_LINES)
                .forEach(line -> text.append(text.isEmpty() ? "\n  last output:\n  | " : "\n  | ")
                        .append(OneLine.tame(line)));
        return text.toString();
    }

    @Override
    public String log(LogRecord record) {
        String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
        return record.getLevel() + " " + (logger.isEmpty() ? "" : logger + ": ") + OneLine.tame(LogText.of(record));
    }

    @Override
    public String notice(String message) {
        return message;
    }

    @Override
    public String end(RunEnd end) {
        String how = end.complete() ? "done: " : "stopped before the end: ";
        if (end.signal().isPresent()) {
            how = "stopped by " + end.signal().get() + ": ";
        }
        boolean partOfAll =
                !end.complete() && end.signal().isPresent() && end.total().isPresent();
        String failed = end.failed() + " failed";
        return how
                + end.done()
                + (partOfAll ? " of " + end.total().getAsLong() : "")
                + String.format(
                        Locale.ROOT,
                        " items in %.2f s: %d ok%s, %s, %.1f items/s",
                        end.wall().toNanos() / 1e9,
                        end.ok(),
                        end.again() == 0 ? "" : " (" + end.again() + " after a retry)",
                        end.failed() > 0 ? look.red(failed) : failed,
                        end.perSecond());
    }

    @Override
    public String error(String message) {
        return look.red("error:") + " " + OneLine.tame(message);
    }

    @Override
    public String bug(String message, Throwable thrown) {
        return error(message) + "\n" + OneLine.stackOf(thrown);
    }
}
