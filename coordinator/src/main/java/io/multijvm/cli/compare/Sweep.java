// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.Optional;

/**
 * What came of the search for the break-even.
 *
 * @param measures empty if it was not asked for, or did not reach its end
 * @param failure why it did not; empty if it did, or was not asked for
 */
record Sweep(Optional<SweepMeasures> measures, String failure) {
    static final Sweep NONE = new Sweep(Optional.empty(), "");

    static Sweep of(SweepMeasures measures) {
        return new Sweep(Optional.of(measures), "");
    }

    static Sweep failed(String why) {
        return new Sweep(Optional.empty(), why);
    }

    /** One line for people, if there is anything to say. */
    Optional<String> sentence(ComparisonPlan plan) {
        if (!failure.isEmpty()) {
            return Optional.of("break-even: not measured, for the sweep " + failure
                    + "; give a longer --trial-timeout, or --no-sweep");
        }
        return measures.flatMap(each -> plan.sweepWith().map(with -> new BreakEven(with.workers(), each).sentence()));
    }
}
