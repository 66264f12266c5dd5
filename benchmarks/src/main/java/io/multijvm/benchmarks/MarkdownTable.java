// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a table that reads well in a terminal and in Markdown. */
final class MarkdownTable {
    private static final List<String> HEAD = List.of("what", "who", "median", "min..max", "", "times as fast");

    /** CPython has more than one way to start a process. */
    private static final String PROCESS = "CPython Process, ";

    private MarkdownTable() {}

    static String of(Report report) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        for (Report.PartResult part : report.parts()) {
            String title = part.title();
            for (Report.Row row : part.rows()) {
                lines.add(line(title, part.unit(), row));
                title = "";
            }
        }
        return conditions(report) + "\n" + aligned(lines);
    }

    private static String conditions(Report report) {
        Conditions at = report.conditions();
        return String.format(
                Locale.ROOT,
                """
                %s, commit %s, `%s`
                %d cores (%s), %s, %s, CPython %s
                load before %s, after %s; medians of %d rounds; "times as fast" by round: above 1 is faster
                """,
                at.date(),
                at.commit(),
                at.command(),
                at.cores(),
                at.processor(),
                at.kernel(),
                at.jdk(),
                at.python(),
                at.loadBefore(),
                at.loadAfter(),
                report.sizes().rounds());
    }

    private static List<String> line(String title, String unit, Report.Row row) {
        if (row.figures().isEmpty()) {
            return List.of(title, row.contender(), "skipped", row.skipped(), "", "");
        }
        Spread spread = row.spread();
        String ratios = row.ratios().stream().map(MarkdownTable::ratio).collect(Collectors.joining("; "));
        return List.of(
                title,
                row.contender(),
                figure(spread.median()),
                figure(spread.min()) + ".." + figure(spread.max()),
                unit,
                ratios);
    }

    private static String ratio(Report.Ratio ratio) {
        Spread spread = ratio.timesAsFast();
        return String.format(
                Locale.ROOT,
                "%s (%s..%s) %s",
                figure(spread.median()),
                figure(spread.min()),
                figure(spread.max()),
                shortName(ratio.against()));
    }

    private static String shortName(String contender) {
        if (contender.contains("Executor")) {
            return "executor";
        }
        if (contender.contains("joblib")) {
            return "joblib";
        }
        if (contender.startsWith(PROCESS)) {
            return contender.substring(PROCESS.length());
        }
        if (contender.startsWith("CPython")) {
            return "CPython";
        }
        return contender.startsWith("bare JVM") ? "bare JVM" : "socket";
    }

    /** Three digits that count. */
    private static String figure(double value) {
        if (value >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }

    private static String aligned(List<List<String>> lines) {
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append('|');
            for (int column = 0; column < widths.length; column++) {
                String cell = line.get(column);
                text.append(' ')
                        .append(cell)
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(" |");
            }
            text.append('\n');
            if (line == lines.get(0)) {
                text.append('|');
                for (int width : widths) {
                    text.append("-".repeat(width + 2)).append('|');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
