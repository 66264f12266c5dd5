// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.CrashReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A death as people are told of it: a line that names the item, and below it what, where, after how long, with which effect
 * and what to do, each behind its word. What we say is no wider than a common terminal; frames, paths and what the worker wrote
 * stay whole.
 */
final class CrashBlock {
    /** What the dispatcher's verdict says before the command that replays an item. */
    private static final String ALONE = "to run it again alone: ";

    private static final int COLUMNS = 80;
    private static final int LABEL = 11;
    private static final int SHOWN_FRAMES = 5;
    private static final int SHOWN_OUTPUT = 5;
    private static final String CONTINUED = " \\";

    private final Look look;
    private final List<String> lines = new ArrayList<>();

    private CrashBlock(Look look) {
        this.look = look;
    }

    static String of(FailedItem failed, FailedItem.Crash crash, Look look) {
        CrashBlock block = new CrashBlock(look);
        block.head(failed, crash.report());
        block.body(crash);
        return String.join("\n", block.lines);
    }

    private void head(FailedItem failed, CrashReport report) {
        String kind = look.kind(failed.kind());
        String who = "(item " + failed.index() + ", attempt " + report.attempt() + ", worker " + report.slot()
                + ", pid " + report.pid() + ")";
        String item = OneLine.tame(failed.item());
        // what colours the kind takes no columns
        int columns = look.plainKind(failed.kind()).length() + Columns.of(item) + who.length() + 2;
        lines.add(kind + " " + item + (columns <= COLUMNS ? " " + who : ""));
        if (columns > COLUMNS) {
            lines.add("  " + who);
        }
    }

    private void body(FailedItem.Crash crash) {
        CrashReport report = crash.report();
        row("what", report.what());
        List<String> where = new ArrayList<>();
        if (!report.nativeFrame().isEmpty()) {
            where.add(plain(report.nativeFrame()));
        }
        report.javaFrames().stream().limit(SHOWN_FRAMES).map(CrashBlock::plain).forEach(where::add);
        column("where", where);
        folded("running", running(report), "");
        verdict(report.verdict());
        row("effect", crash.effect());
        List<String> left =
                new ArrayList<>(report.files().stream().map(Path::toString).toList());
        List<String> output = report.lastOutput();
        output.subList(Math.max(0, output.size() - SHOWN_OUTPUT), output.size())
                .forEach(line -> left.add("| " + plain(line)));
        column(report.files().isEmpty() ? "output" : "files", left);
        command("repeat", crash.repeat());
        row("next", report.nextStep());
    }

    /** The command at its end must stay one that can be copied. */
    private void verdict(String text) {
        int alone = text.indexOf(ALONE);
        if (alone < 0) {
            row("verdict", text);
            return;
        }
        row("verdict", text.substring(0, alone).replaceFirst("; $", ""));
        command("replay", List.of(text.substring(alone + ALONE.length()).split(" ", -1)));
    }

    /** Parts that are not folded themselves, each with what stands before the next. */
    private List<String> running(CrashReport report) {
        List<String> parts = new ArrayList<>();
        report.item().ran().ifPresent(ran -> parts.add(time(ran)));
        CrashReport.Memory memory = report.memory();
        if (memory.heapUsed() > 0 && memory.heapMax() > 0) {
            parts.add("heap " + mebibytes(memory.heapUsed()) + "/" + mebibytes(memory.heapMax()) + " MiB");
        } else if (memory.heapMax() > 0) {
            parts.add("heap of " + mebibytes(memory.heapMax()) + " MiB");
        }
        if (memory.resident() > 0) {
            boolean rose = mebibytes(memory.residentPeak()) > mebibytes(memory.resident());
            parts.add("RSS " + mebibytes(memory.resident()) + " MiB"
                    + (rose ? " (peak " + mebibytes(memory.residentPeak()) + ")" : ""));
        }
        long done = report.worker().done();
        parts.add("worker had done " + done + (done == 1 ? " item" : " items"));
        parts.subList(0, parts.size() - 1).replaceAll(part -> part + look.separator());
        return parts;
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 19)) >> 20;
    }

    /** {@code 12 ms}, {@code 1.84 s}, {@code 3 min 5 s}. */
    static String time(Duration time) {
        if (time.toSeconds() >= 100) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toMillis() < 1000
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
    }

    /** On one line, and without what could steer a terminal. */
    private static String plain(String text) {
        return OneLine.tame(OneLine.of(text));
    }

    /** A text of our words, folded; nothing if it is empty. */
    private void row(String label, String text) {
        folded(label, List.of(plain(text).split(" +", -1)), "");
    }

    /** Words for a shell, which takes a line that ends so together with the next. */
    private void command(String label, List<String> words) {
        folded(label, words.stream().map(CrashBlock::plain).toList(), CONTINUED);
    }

    private void folded(String label, List<String> words, String continued) {
        List<String> folded = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int room = COLUMNS - LABEL - (i == words.size() - 1 ? 0 : continued.length());
            if (line.length() > 0 && Columns.of(line.toString()) + 1 + Columns.of(word) > room) {
                folded.add(line + continued);
                line.setLength(0);
                line.append(continued.isEmpty() ? "" : "  ");
            } else if (line.length() > 0) {
                line.append(' ');
            }
            line.append(word);
        }
        if (line.length() > 0) {
            folded.add(line.toString());
        }
        column(label, folded);
    }

    private void column(String label, List<String> texts) {
        String before = label;
        for (String text : texts) {
            lines.add("  " + before + " ".repeat(LABEL - 2 - before.length()) + text);
            before = "";
        }
    }
}
