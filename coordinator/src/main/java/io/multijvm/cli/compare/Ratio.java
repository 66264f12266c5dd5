// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.Locale;

/**
 * How many times as long one thing takes as another.
 *
 * @param value of the means
 * @param uncertainty one standard deviation, as it follows from those of the two (they are independent, so the squares of
 *     their relative deviations add up); NaN if one of them is unknown
 */
record Ratio(double value, double uncertainty) {

    /** {@code longer} divided by {@code shorter}. */
    static Ratio of(Sample longer, Sample shorter) {
        double value = longer.mean() / shorter.mean();
        return new Ratio(value, value * Math.hypot(longer.variation(), shorter.variation()));
    }

    /**
     * Whether {@code a} and {@code b} differ by more than their spread explains: their intervals have no point in common,
     * and the ratio is further from 1 than its uncertainty. Never so for single figures.
     */
    static boolean isSeen(Sample a, Sample b) {
        Ratio ratio = a.mean() >= b.mean() ? of(a, b) : of(b, a);
        return !a.overlaps(b) && ratio.value - ratio.uncertainty > 1;
    }

    /** {@code 1.16 ± 0.04}; without the second where it is unknown. */
    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return Double.isNaN(uncertainty) ? text : text + String.format(Locale.ROOT, " ± %.2f", uncertainty);
    }
}
