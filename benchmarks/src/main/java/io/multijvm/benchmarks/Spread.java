// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.Collection;
import java.util.List;

/** The median of some figures and how far they lie apart. */
record Spread(double median, double min, double max) {

    static Spread of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("no figures have no median");
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
