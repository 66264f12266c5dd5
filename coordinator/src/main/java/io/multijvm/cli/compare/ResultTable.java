// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The main table: one row for each setup. */
final class ResultTable {
    static final List<String> HEAD = List.of(
            "mode",
            "workers",
            "wall (mean ± sd)",
            "min … max",
            "items/s",
            "speed-up",
            "eff.",
            "CPU-s",
            "peak RSS",
            "GC",
            "start-up",
            "transfer");

    /** Where nothing can be said. */
    private static final String NOTHING = "–";

    private static final String NOT_AVAILABLE = "n/a";

    private final ComparisonReport report;

    ResultTable(ComparisonReport report) {
        this.report = report;
    }

    List<List<String>> rows() {
        return report.plan().setups().stream().map(this::row).toList();
    }

    private List<String> row(Setup setup) {
        List<String> cells = new ArrayList<>(List.of(setup.mode().toString(), Integer.toString(setup.workers())));
        Optional<Sample> wall = report.wall(setup);
        if (wall.isEmpty()) {
            cells.add(unfinished(setup));
            while (cells.size() < HEAD.size()) {
                cells.add(NOTHING);
            }
            return cells;
        }
        Sample seconds = wall.get();
        List<Trial> trials = report.finished(setup);
        cells.add(seconds(seconds.mean())
                + (seconds.count() == 1 ? "" : String.format(Locale.ROOT, " ± %.2f", seconds.sd())));
        cells.add(String.format(Locale.ROOT, "%.2f … %.2f", seconds.min(), seconds.max()));
        cells.add(String.format(Locale.ROOT, "%.1f", report.plan().items() / seconds.mean()));
        cells.addAll(speedUp(setup, seconds));
        cells.add(cpu(trials));
        cells.add(resident(trials));
        cells.add(seconds(mean(trials, Trial::gcSeconds)));
        cells.add(seconds(mean(trials, Trial::startUpSeconds)));
        cells.add(seconds(mean(trials, Trial::transferSeconds)));
        return cells;
    }

    /** How the runs ended that did not reach their end, and how far the first of them came. */
    private String unfinished(Setup setup) {
        Trial first = report.runs(setup).stream()
                .filter(each -> !each.isFinished())
                .findFirst()
                .orElseThrow();
        return FaultTable.unfinished(first, report.plan().items());
    }

    private List<String> speedUp(Setup setup, Sample seconds) {
        Optional<Sample> serial = report.wall(new Setup(Mode.SERIAL, 1));
        if (serial.isEmpty()) {
            return List.of(NOTHING, NOTHING);
        }
        if (setup.mode() == Mode.SERIAL) {
            return List.of("1.00", NOTHING);
        }
        Ratio ratio = Ratio.of(serial.get(), seconds);
        return List.of(ratio.toString(), String.format(Locale.ROOT, "%.0f%%", 100 * ratio.value() / setup.workers()));
    }

    private static String cpu(List<Trial> trials) {
        OptionalDouble all = meanIfAll(trials.stream().map(Trial::cpuSeconds).toList());
        if (all.isEmpty()) {
            return NOT_AVAILABLE;
        }
        OptionalDouble workers =
                meanIfAll(trials.stream().map(Trial::workersCpuSeconds).toList());
        String sum = String.format(Locale.ROOT, "%.2f", all.getAsDouble());
        return workers.isEmpty()
                ? sum
                : sum
                        + String.format(
                                Locale.ROOT,
                                " (%.2f + %.2f)",
                                all.getAsDouble() - workers.getAsDouble(),
                                workers.getAsDouble());
    }

    private static OptionalDouble meanIfAll(List<OptionalDouble> figures) {
        return figures.stream().allMatch(OptionalDouble::isPresent)
                ? figures.stream().mapToDouble(OptionalDouble::getAsDouble).average()
                : OptionalDouble.empty();
    }

    private static String resident(List<Trial> trials) {
        OptionalLong most = trials.stream()
                .flatMapToLong(each -> each.peakResidentBytes().stream())
                .max();
        return most.isPresent() ? megabytes(most.getAsLong()) : NOT_AVAILABLE;
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%d MB", Math.round(bytes / 1e6));
    }

    static double mean(List<Trial> trials, ToDoubleFunction<Trial> figure) {
        return trials.stream().collect(Collectors.averagingDouble(figure));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
