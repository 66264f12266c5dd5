// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.List;
import java.util.Optional;

/** All that was measured. */
public final class ComparisonReport {
    private final ComparisonPlan plan;
    private final Environment environment;
    private final List<Trial> trials;
    private final Sweep sweep;

    ComparisonReport(ComparisonPlan plan, Environment environment, List<Trial> trials, Sweep sweep) {
        this.plan = plan;
        this.environment = environment;
        this.trials = List.copyOf(trials);
        this.sweep = sweep;
    }

    ComparisonPlan plan() {
        return plan;
    }

    Environment environment() {
        return environment;
    }

    /** In the order in which they were run. */
    List<Trial> trials() {
        return trials;
    }

    Sweep sweep() {
        return sweep;
    }

    /** The trials of a setup that count. */
    List<Trial> runs(Setup setup) {
        return trials.stream()
                .filter(each -> each.setup().equals(setup) && !each.isWarmup() && each.fault() == null)
                .toList();
    }

    /** Those of them that reached their end. */
    List<Trial> finished(Setup setup) {
        return runs(setup).stream().filter(Trial::isFinished).toList();
    }

    /** The wall times of a setup; empty unless all its runs reached their end, for the rest would be a chosen sample. */
    Optional<Sample> wall(Setup setup) {
        List<Trial> finished = finished(setup);
        return finished.size() < plan.runs()
                ? Optional.empty()
                : Optional.of(
                        Sample.of(finished.stream().map(Trial::wallSeconds).toList()));
    }

    /** Whether every trial without a fault reached its end. */
    public boolean isComplete() {
        return plan.setups().stream().allMatch(each -> wall(each).isPresent());
    }

    /** The report for people, as lines. */
    public List<String> text() {
        return new TextReport(this).lines();
    }

    /** The tables and sentences in Markdown. */
    public List<String> markdown() {
        return new MarkdownReport(this).lines();
    }

    /** Every trial as a line of comma-separated values, below a line of names. */
    public List<String> csv() {
        return CsvReport.lines(this);
    }

    /** Everything as JSON. */
    public String json() {
        return JsonReport.text(this);
    }
}
