// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The report for a terminal: tables in columns, the first to the left, figures to the right. */
final class TextReport {
    private static final String GAP = "  ";

    private final ComparisonReport report;

    TextReport(ComparisonReport report) {
        this.report = report;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(Head.lines(report));
        lines.add("");
        lines.addAll(table(ResultTable.HEAD, new ResultTable(report).rows(), true));
        Head.legend().forEach(each -> lines.add("  " + each));
        lines.add("");
        lines.addAll(new Conclusions(report).lines());
        if (!report.plan().faults().isEmpty()) {
            FaultTable faults = new FaultTable(report);
            lines.add("");
            lines.addAll(table(faults.head(), faults.rows(), false));
            faults.notes().forEach(each -> lines.add("  " + each));
        }
        return lines;
    }

    private static List<String> table(List<String> head, List<List<String>> rows, boolean figures) {
        List<List<String>> all = new ArrayList<>(List.of(head));
        all.addAll(rows);
        int[] widths = IntStream.range(0, head.size())
                .map(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream().map(row -> line(row, widths, figures)).toList();
    }

    private static String line(List<String> row, int[] widths, boolean figures) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String pad = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP).append(figures && column > 0 ? pad + cell : cell + pad);
        }
        return line.toString().stripTrailing();
    }
}
