// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one line that shows how far a run is, made for so many columns: where they do not suffice it does without the bar
 * first, then without the rate, the workers and the rest, and ends with the percentage alone. It is never longer.
 */
final class ProgressBar {
    private static final int LEAST_BAR = 5;
    private static final int LONGEST_BAR = 40;
    /** For how long "starting" is believable; after that we only know that nothing has finished. */
    private static final Duration START = Duration.ofSeconds(5);

    private final Look look;

    ProgressBar(Look look) {
        this.look = look;
    }

    /** What of a line is shown beside the percentage; what is dispensable comes last and goes first. */
    private enum Detail {
        COUNT,
        FAILED,
        LEFT,
        ELAPSED,
        AGAIN,
        WORKERS,
        RATE,
        BAR
    }

    /** A piece of the line: as it counts and as it is written. */
    private record Piece(String plain, String painted) {
        static Piece of(String text) {
            return new Piece(text, text);
        }
    }

    /** The line for a terminal of that width, of which it leaves the last column free, for some wrap as soon as it is used. */
    String line(Progress progress, int columns) {
        int room = columns - 1;
        if (progress.drain().isPresent()) {
            return draining(progress, progress.drain().get(), room);
        }
        if (progress.done() == 0) {
            return starting(progress, room);
        }
        List<Detail> details = new ArrayList<>(List.of(Detail.values()));
        while (!details.isEmpty()) {
            List<Piece> pieces = pieces(progress, EnumSet.copyOf(details), room);
            if (width(pieces) <= room) {
                return pieces.stream().map(Piece::painted).collect(Collectors.joining(" "));
            }
            details.remove(details.size() - 1);
        }
        return Columns.fit(head(progress), room);
    }

    /** A line above has said what is going on; here it is only how far. */
    private String draining(Progress progress, Progress.Drain drain, int room) {
        String waiting = "stopping: waiting for " + drain.waiting();
        String done = ", " + progress.done() + " done";
        for (String text : List.of(waiting + done + " [" + time(progress.elapsed()) + "]", waiting + done, waiting)) {
            if (Columns.of(text) <= room) {
                return look.yellow(text);
            }
        }
        return Columns.fit("stopping: " + drain.waiting(), room);
    }

    private static String starting(Progress progress, int room) {
        String since = String.format(Locale.ROOT, ", %.1f s", progress.elapsed().toMillis() / 1e3);
        String what = progress.elapsed().compareTo(START) < 0 ? "starting " : "no item done yet by ";
        String text = what + progress.workersInWords();
        return Columns.of(text + since) <= room ? text + since : Columns.fit(text, room);
    }

    /** Percent, or what stands for it where there is no total. */
    private static String head(Progress progress) {
        return progress.percent().isPresent()
                ? String.format(Locale.ROOT, "%3d%%", progress.percent().getAsInt())
                : progress.done() + (progress.done() == 1 ? " item" : " items");
    }

    private List<Piece> pieces(Progress progress, Set<Detail> details, int room) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(Piece.of(head(progress)));
        if (details.contains(Detail.COUNT) && progress.percent().isPresent()) {
            pieces.add(Piece.of(progress.done() + "/" + progress.total().getAsLong()));
        }
        clock(progress, details).ifPresent(text -> pieces.add(Piece.of(text)));
        if (details.contains(Detail.WORKERS)) {
            pieces.add(Piece.of(progress.workersInWords()));
        }
        if (details.contains(Detail.FAILED) && progress.failed() > 0) {
            String text = look.failed() + " " + progress.failed() + " failed";
            pieces.add(new Piece(text, look.red(text)));
        } else if (details.contains(Detail.AGAIN) && progress.failed() == 0) {
            pieces.add(Piece.of("0 failed"));
        }
        if (details.contains(Detail.AGAIN) && progress.again() > 0) {
            String text = look.again() + " " + progress.again() + " again";
            pieces.add(new Piece(text, look.yellow(text)));
        }
        if (details.contains(Detail.BAR) && progress.percent().isPresent()) {
            int length = Math.max(LEAST_BAR, Math.min(LONGEST_BAR, room - width(pieces) - "| |".length()));
            double share = (double) progress.done() / progress.total().getAsLong();
            pieces.add(1, Piece.of("|" + look.bar(share, length) + "|"));
        }
        return pieces;
    }

    /** {@code [01:12<00:44, 86.3/s]}: elapsed, left, rate, as much as is asked for; {@code eta 00:44} without the first. */
    private static Optional<String> clock(Progress progress, Set<Detail> details) {
        if (!details.contains(Detail.ELAPSED)) {
            return details.contains(Detail.LEFT) ? progress.left().map(left -> "eta " + time(left)) : Optional.empty();
        }
        StringBuilder text = new StringBuilder(time(progress.elapsed()));
        if (details.contains(Detail.LEFT) && progress.percent().isPresent()) {
            text.append('<').append(progress.left().map(ProgressBar::time).orElse("?"));
        }
        if (details.contains(Detail.RATE)) {
            String rate =
                    progress.perSecond().isPresent() ? pace(progress.perSecond().getAsDouble()) : "?/s";
            text.append(", ").append(rate);
        }
        return Optional.of("[" + text + "]");
    }

    private static int width(List<Piece> pieces) {
        return pieces.stream().mapToInt(piece -> Columns.of(piece.plain())).sum() + pieces.size() - 1;
    }

    /** {@code 01:12}, or {@code 3:04:05} from an hour on. */
    static String time(Duration duration) {
        String tail = String.format(Locale.ROOT, "%02d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
        return duration.toHours() == 0 ? tail : duration.toHours() + ":" + tail;
    }

    /** {@code 86.3/s}, and {@code 2.5/min} for what takes long. */
    static String pace(double perSecond) {
        return perSecond >= 0.1
                ? String.format(Locale.ROOT, "%.1f/s", perSecond)
                : String.format(Locale.ROOT, "%.1f/min", perSecond * 60);
    }
}
