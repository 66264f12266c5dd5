// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.cli.OutputPlan.Kind;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Shows how far a run is, whenever its one caller comes by: a bar that is drawn anew each time, or a line every ten
 * seconds and at each tenth of the way. Where nobody asked for lines they begin after ten seconds, for a short run has its
 * summary soon. A terminal too narrow for a bar gets lines.
 */
final class ProgressView {
    static final Duration EVERY = Duration.ofSeconds(10);
    static final int NARROWEST_BAR = 20;
    private static final int TENTH = 10;

    private final OutputPlan plan;
    private final Console console;
    private final Terminal terminal;
    private final ProgressBar bar;
    private final Wording lines;

    private Duration lastLine = Duration.ZERO;
    private int lastTenth;

    ProgressView(OutputPlan plan, Console console, Terminal terminal) {
        this.plan = plan;
        this.console = console;
        this.terminal = terminal;
        bar = new ProgressBar(plan.look());
        lines = plan.progress() == Kind.JSON ? new JsonWording() : plan.wording();
    }

    /** Shows this if it is time to; for one thread. */
    void show(Progress progress) {
        if (plan.progress() == Kind.NONE) {
            return;
        }
        if (plan.progress() == Kind.BAR) {
            OptionalInt known = terminal.columns();
            int columns = known.orElse(Terminal.USUAL_COLUMNS);
            if (columns >= NARROWEST_BAR) {
                console.draw(bar.line(progress, columns));
                return;
            }
            console.clear();
        }
        if (isTime(progress)) {
            console.println(lines.progress(progress));
        }
    }

    private boolean isTime(Progress progress) {
        int tenth = progress.percent().orElse(0) / TENTH;
        boolean late = progress.elapsed().minus(lastLine).compareTo(EVERY) >= 0;
        boolean wanted = plan.askedFor() || progress.elapsed().compareTo(EVERY) >= 0;
        if (!wanted || !(late || tenth > lastTenth)) {
            return false;
        }
        lastLine = progress.elapsed();
        lastTenth = tenth;
        return true;
    }

    /** The run has ended: what comes next stands in the bar's place. */
    void close() {
        console.clear();
    }
}
