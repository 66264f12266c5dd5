// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the figures allow one to say, and no more. */
final class Conclusions {
    private final ComparisonReport report;

    /** Setups whose runs all reached their end, the fastest first. */
    private final List<Setup> measured;

    Conclusions(ComparisonReport report) {
        this.report = report;
        measured = report.plan().setups().stream()
                .filter(each -> report.wall(each).isPresent())
                .sorted(Comparator.comparingDouble(each -> wall(each).mean()))
                .toList();
    }

    private Sample wall(Setup setup) {
        return report.wall(setup).orElseThrow();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(unfinished());
        lines.addAll(fastest());
        lines.addAll(price());
        report.sweep().sentence(report.plan()).ifPresent(lines::add);
        lines.addAll(results());
        lines.addAll(noise());
        return lines;
    }

    private List<String> unfinished() {
        return report.plan().setups().stream()
                .flatMap(setup -> report.runs(setup).stream()
                        .filter(each -> !each.isFinished())
                        .limit(1)
                        .map(each -> setup + " has no figures, for a run of it did not reach its end: " + each.how()))
                .toList();
    }

    /** The fastest against each of the others: faster, or no difference seen. */
    private List<String> fastest() {
        if (measured.size() < 2) {
            return List.of();
        }
        Setup first = measured.get(0);
        List<String> faster = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Setup other : measured.subList(1, measured.size())) {
            if (Ratio.isSeen(wall(first), wall(other))) {
                faster.add(Ratio.of(wall(other), wall(first)) + " times faster than " + other);
            } else {
                lines.add("no difference seen between " + first + " and " + other
                        + (report.plan().runs() == 1
                                ? ": one run of each says nothing of their spread; give more --runs"
                                : ": their times overlap, or differ by less than their spread explains"));
            }
        }
        if (!faster.isEmpty()) {
            lines.add(0, first + " ran " + String.join(" and ", faster));
        }
        return lines;
    }

    /** What processes cost against as many threads, and whether they lost; for the largest number that both have. */
    private List<String> price() {
        Optional<Setup> found = measured.stream()
                .filter(each -> each.mode() == Mode.PROCESSES)
                .filter(each -> measured.contains(new Setup(Mode.THREADS, each.workers())))
                .max(Comparator.comparingInt(Setup::workers));
        if (found.isEmpty()) {
            return List.of();
        }
        Setup processes = found.get();
        Setup threads = new Setup(Mode.THREADS, processes.workers());
        double startUp = mean(processes, true) - mean(threads, true);
        double transfer = mean(processes, false) - mean(threads, false);
        List<String> lines = new ArrayList<>();
        double behind = wall(processes).mean() - wall(threads).mean();
        if (behind > 0 && Ratio.isSeen(wall(processes), wall(threads))) {
            lines.add(String.format(
                    Locale.ROOT,
                    "processes lose here: %s took %.2f s longer than %s; what they give for it is that a crash, a full"
                            + " heap or an exit costs one item%s",
                    processes,
                    behind,
                    threads,
                    report.plan().faults().isEmpty() ? " (--with-fault shows it)" : ""));
        }
        lines.add(String.format(
                Locale.ROOT,
                "price of %s against %s: %s, %+.2f s of start-up, %+.3f ms of transfer and waiting for each item and worker",
                processes,
                threads,
                memory(processes, threads),
                startUp,
                transfer * 1e3 * processes.workers() / report.plan().items()));
        return lines;
    }

    private double mean(Setup setup, boolean startUp) {
        return ResultTable.mean(report.finished(setup), startUp ? Trial::startUpSeconds : Trial::transferSeconds);
    }

    private String memory(Setup processes, Setup threads) {
        OptionalLong more = peak(processes);
        OptionalLong less = peak(threads);
        return more.isEmpty() || less.isEmpty()
                ? "memory n/a"
                : String.format(
                        Locale.ROOT, "%+d MB of memory", Math.round((more.getAsLong() - less.getAsLong()) / 1e6));
    }

    private OptionalLong peak(Setup setup) {
        return report.finished(setup).stream()
                .flatMapToLong(each -> each.peakResidentBytes().stream())
                .max();
    }

    /** That all came to the same; if they had not, there would be no report. */
    private List<String> results() {
        List<Trial> finished = report.trials().stream()
                .filter(each -> each.isFinished() && each.fault() == null)
                .toList();
        if (finished.isEmpty()) {
            return List.of();
        }
        Set<String> digests =
                finished.stream().map(each -> each.finished().sha256()).collect(Collectors.toCollection(TreeSet::new));
        TrialMeasures first = finished.get(0).finished();
        long items = report.plan().items();
        List<String> lines = new ArrayList<>();
        if (digests.size() == 1) {
            lines.add("results identical in all trials (" + (first.ok() + first.failed()) + " of " + items + ", sha256 "
                    + digests.iterator().next().substring(0, 12) + ")");
        } else {
            lines.add("no result contradicts another; items that were lost in one trial or other were left out");
        }
        if (first.failed() > 0) {
            lines.add("note: " + first.failed() + " of " + items + " items failed in "
                    + finished.get(0).setup());
        }
        return lines;
    }

    private List<String> noise() {
        return measured.stream()
                .filter(each -> wall(each).isNoisy())
                .map(each -> String.format(
                        Locale.ROOT,
                        "warning: %s varied by %.0f %% (sd/mean); let nothing else run on this machine, or give more"
                                + " --runs",
                        each,
                        100 * wall(each).variation()))
                .toList();
    }
}
