// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.ArrayList;
import java.util.List;

/** What has to be known to read the tables. */
final class Head {
    private Head() {}

    static List<String> lines(ComparisonReport report) {
        ComparisonPlan plan = report.plan();
        Environment environment = report.environment();
        List<String> lines = new ArrayList<>();
        lines.add("compare " + plan.job() + " · " + plan.items() + " items · " + environment.java() + " · "
                + environment.cores() + " cores · heap " + plan.heap().total() + " in total for every mode");
        plan.setups().stream()
                .filter(each -> each.mode() == Mode.PROCESSES)
                .forEach(each -> lines.add(
                        "heap of " + each + ": coordinator " + plan.heap().ofTrial(each) + ", each worker "
                                + plan.heap().ofWorker(each)));
        lines.add(
                "order interleaved and shuffled (seed " + plan.seed() + ") · each trial in fresh JVMs · " + plan.runs()
                        + (plan.runs() == 1 ? " run" : " runs") + " of each, after " + plan.warmups() + " for warm-up");
        return lines;
    }

    /** What the columns are. */
    static List<String> legend() {
        return List.of(
                "wall: from the start of the trial's JVM until its pool is closed",
                "CPU-s: all JVMs, from first to last (coordinator + workers); peak RSS: largest sum over all JVMs, sampled, shared pages counted"
                        + " in each; GC: pauses of all JVMs",
                "start-up: until a worker begins its first item, mean over the workers; transfer: wall less start-up less"
                        + " the workers' mean time in tasks: copying, waiting, closing");
    }
}
