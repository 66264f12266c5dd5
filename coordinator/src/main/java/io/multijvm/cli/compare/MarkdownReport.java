// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The report to be pasted where Markdown is read. */
final class MarkdownReport {
    private final ComparisonReport report;

    MarkdownReport(ComparisonReport report) {
        this.report = report;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        paragraph(lines, Head.lines(report));
        lines.addAll(table(ResultTable.HEAD, new ResultTable(report).rows(), "---:"));
        lines.add("");
        paragraph(lines, Head.legend());
        paragraph(lines, new Conclusions(report).lines());
        if (!report.plan().faults().isEmpty()) {
            FaultTable faults = new FaultTable(report);
            lines.addAll(table(faults.head(), faults.rows(), "---"));
            lines.add("");
            paragraph(lines, faults.notes());
        }
        return lines;
    }

    private static void paragraph(List<String> lines, List<String> sentences) {
        sentences.forEach(each -> lines.add("- " + escaped(each)));
        lines.add("");
    }

    private static List<String> table(List<String> head, List<List<String>> rows, String column) {
        List<String> lines = new ArrayList<>();
        lines.add(row(head));
        lines.add(row(Collections.nCopies(head.size(), column)));
        rows.forEach(each -> lines.add(row(each)));
        return lines;
    }

    private static String row(List<String> cells) {
        return cells.stream().map(MarkdownReport::escaped).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** A dead JVM's last words may have bars and stars in them. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("<", "&lt;");
    }
}
