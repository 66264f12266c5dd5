// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.List;

/** All that one run found, in the form of the JSON file. */
record Report(Conditions conditions, Sizes sizes, List<PartResult> parts) {

    record PartResult(String id, String title, String unit, List<Row> rows) {}

    /**
     * One contender.
     *
     * @param figures one a round, in the order of the rounds; empty if it was skipped
     * @param skipped why it could not run; empty if it did
     */
    record Row(String contender, List<Double> figures, List<Ratio> ratios, String skipped) {
        Spread spread() {
            return Spread.of(figures);
        }
    }

    /**
     * How many times as fast as another contender, round by round: above 1 is faster.
     *
     * @param against the other one's name
     */
    record Ratio(String against, Spread timesAsFast) {}
}
