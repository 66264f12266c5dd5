// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs all trials of a plan. For one thread. */
public final class Comparison {
    private final ComparisonPlan plan;
    private final TrialCommands commands;
    private final Class<?> main;
    private final Consumer<String> progress;
    private final ResultCheck check = new ResultCheck();
    private final List<Trial> trials = new ArrayList<>();

    /**
     * @param main runs a trial as {@code commands} describes it
     * @param progress gets a line for each trial
     */
    public Comparison(ComparisonPlan plan, TrialCommands commands, Class<?> main, Consumer<String> progress) {
        this.plan = plan;
        this.commands = commands;
        this.main = main;
        this.progress = progress;
    }

    /**
     * Takes as long as all trials together.
     *
     * @throws DifferentResultsException as soon as a trial's results differ from another's
     */
    public ComparisonReport run() throws IOException {
        try (TrialRunner runner = new TrialRunner(main, plan.limit())) {
            int round = 0;
            for (List<Setup> setups : plan.rounds()) {
                boolean warmup = round < plan.warmups();
                int run = warmup ? round + 1 : round - plan.warmups() + 1;
                for (Setup setup : setups) {
                    trial(runner, setup, run, warmup, null);
                }
                round++;
            }
            for (FaultAt fault : plan.faults()) {
                for (Setup setup : plan.largest()) {
                    trial(runner, setup, 1, false, fault);
                }
            }
            return new ComparisonReport(plan, Environment.now(), trials, sweep(runner));
        }
    }

    private void trial(TrialRunner runner, Setup setup, int run, boolean warmup, @Nullable FaultAt fault)
            throws IOException {
        TrialFiles files = runner.nextFiles();
        Trial trial = runner.run(setup, run, warmup, files, commands.trial(setup, fault, files));
        trials.add(trial);
        String kind = fault != null ? fault.toString() : (warmup ? "warm-up " : "run ") + run;
        String went = trial.isFinished() ? "" : ", " + trial.how();
        progress.accept(String.format(
                Locale.ROOT,
                "%s, %s: %.2f s, %d/%d%s",
                setup,
                kind,
                trial.wallSeconds(),
                trial.results(),
                plan.items(),
                went));
        check.check(trial, files);
    }

    private Sweep sweep(TrialRunner runner) throws IOException {
        Optional<Setup> setup = plan.sweepWith();
        if (setup.isEmpty()) {
            return Sweep.NONE;
        }
        progress.accept("looking for the break-even with " + setup.get().workers() + " workers");
        TrialFiles files = runner.nextFiles();
        return runner.sweep(files, commands.sweep(setup.get(), files));
    }
}
