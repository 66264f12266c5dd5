// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.Collection;

/**
 * Some figures of the same thing.
 *
 * @param count how many; at least 1
 * @param sd the sample's standard deviation (divided by n - 1); NaN for a single figure, of whose spread nothing is known
 */
record Sample(int count, double mean, double sd, double min, double max) {
    /** From here on the figures say more about the machine than about the setups. */
    private static final double NOISY = 0.10;

    static Sample of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("no figures have no mean");
        }
        int count = figures.size();
        double mean = figures.stream().mapToDouble(each -> each).sum() / count;
        double squares = figures.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        return new Sample(
                count,
                mean,
                count == 1 ? Double.NaN : Math.sqrt(squares / (count - 1)),
                figures.stream().mapToDouble(each -> each).min().orElseThrow(),
                figures.stream().mapToDouble(each -> each).max().orElseThrow());
    }

    /** The standard deviation as a share of the mean. */
    double variation() {
        return sd / mean;
    }

    boolean isNoisy() {
        return variation() > NOISY;
    }

    /** Whether the intervals of one standard deviation around the means have a point in common; so if one is unknown. */
    boolean overlaps(Sample other) {
        return !(mean + sd < other.mean - other.sd || other.mean + other.sd < mean - sd);
    }
}
