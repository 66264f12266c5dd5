// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.worker.job.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The second table: one row for each fault, one column for each mode, and in it what was lost. */
final class FaultTable {
    private final ComparisonReport report;

    FaultTable(ComparisonReport report) {
        this.report = report;
    }

    List<String> head() {
        List<String> head = new ArrayList<>(List.of("fault"));
        report.plan().largest().forEach(each -> head.add(each.toString()));
        return head;
    }

    List<List<String>> rows() {
        return report.plan().faults().stream().distinct().map(this::row).toList();
    }

    private List<String> row(FaultAt fault) {
        List<String> row = new ArrayList<>(List.of(fault.toString()));
        for (Setup setup : report.plan().largest()) {
            row.add(report.trials().stream()
                    .filter(each -> fault.equals(each.fault()) && each.setup().equals(setup))
                    .findFirst()
                    .map(this::cell)
                    .orElse(""));
        }
        return row;
    }

    private String cell(Trial trial) {
        if (!trial.isFinished()) {
            return unfinished(trial, report.plan().items());
        }
        TrialMeasures measures = trial.finished();
        String kinds = measures.failures().keySet().stream().sorted().collect(Collectors.joining(", "));
        String lost = measures.failed() == 0 ? "" : ", " + measures.failed() + " reported (" + kinds + ")";
        return measures.ok() + "/" + report.plan().items() + " ok" + lost + added(trial);
    }

    /** What the fault cost in time, against the mean of the runs without it. */
    private String added(Trial trial) {
        Optional<Sample> usual = report.wall(trial.setup());
        return usual.map(each -> String.format(Locale.ROOT, ", %+.1f s", trial.wallSeconds() - each.mean()))
                .orElse("");
    }

    /** What the table alone would let one believe wrongly. */
    List<String> notes() {
        boolean lucky = report.trials().stream()
                .anyMatch(each -> each.fault() != null
                        && each.fault().fault() == Fault.OOM
                        && each.setup().mode() == Mode.THREADS
                        && each.isFinished());
        return lucky
                ? List.of("threads outlive a full heap by luck: whichever of them asks for memory at that moment fails,"
                        + " the job's own or a library's")
                : List.of();
    }

    /** How a trial ended that did not reach its end, and how many items had results. */
    static String unfinished(Trial trial, long items) {
        String came = ", " + trial.results() + "/" + items;
        return switch (trial.ending()) {
            case DIED -> "JVM died" + came;
            case TIMED_OUT -> trial.how() + came;
            case BROKEN -> "pool broken" + came;
            case FINISHED -> throw new IllegalArgumentException("it reached its end");
        };
    }
}
