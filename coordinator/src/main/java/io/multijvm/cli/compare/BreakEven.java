// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From which length of an item on worker JVMs cost next to nothing against threads. */
final class BreakEven {
    /** Processes that take no longer than this many times what threads take are as good as they. */
    private static final double AS_GOOD = 1.10;

    private final int workers;
    private final List<SweepMeasures.Point> points;

    BreakEven(int workers, SweepMeasures sweep) {
        this.workers = workers;
        points = sweep.points().stream()
                .sorted(Comparator.comparingDouble(SweepMeasures.Point::itemMicros))
                .toList();
    }

    /** The shortest length from which on every one that was measured is as good in processes. */
    Optional<Double> itemMicros() {
        Optional<Double> found = Optional.empty();
        for (int i = points.size() - 1; i >= 0 && points.get(i).ratio() <= AS_GOOD; i--) {
            found = Optional.of(points.get(i).itemMicros());
        }
        return found;
    }

    /** One line for people. */
    String sentence() {
        SweepMeasures.Point shortest = points.get(0);
        SweepMeasures.Point longest = points.get(points.size() - 1);
        String where = " (" + workers + (workers == 1 ? " worker" : " workers") + ", spinning items, without start-up; "
                + factor(shortest) + " at " + length(shortest.itemMicros()) + ", " + factor(longest) + " at "
                + length(longest.itemMicros()) + ")";
        return itemMicros()
                .map(micros -> "break-even: from items of " + length(micros)
                        + " on, processes are within 10 % of threads" + where)
                .orElse("break-even: none up to items of " + length(longest.itemMicros())
                        + "; processes stay more than 10 % behind threads" + where);
    }

    private static String factor(SweepMeasures.Point point) {
        return String.format(Locale.ROOT, "%.2f times the time of threads", point.ratio());
    }

    private static String length(double micros) {
        return micros < 1000
                ? String.format(Locale.ROOT, "%.0f µs", micros)
                : String.format(Locale.ROOT, "%.1f ms", micros / 1000);
    }
}
