// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Spinning items of several lengths, in threads and in processes, without start-up; shortest items first. */
public record SweepMeasures(List<Point> points) {

    /**
     * One length.
     *
     * @param itemMicros the length of an item
     * @param items how many there were
     * @param threadsSeconds one figure for each repetition
     * @param processesSeconds likewise
     */
    public record Point(double itemMicros, int items, List<Double> threadsSeconds, List<Double> processesSeconds) {
        public Point {
            threadsSeconds = List.copyOf(threadsSeconds);
            processesSeconds = List.copyOf(processesSeconds);
            if (threadsSeconds.isEmpty() || processesSeconds.isEmpty()) {
                throw new IllegalArgumentException("no figures for items of " + itemMicros + " µs");
            }
        }

        /** How many times as long processes take as threads; by the medians, for one repetition may be held up. */
        double ratio() {
            return median(processesSeconds) / median(threadsSeconds);
        }

        private static double median(List<Double> figures) {
            List<Double> sorted = figures.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }

    public SweepMeasures {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a sweep has at least one point");
        }
    }

    /** Writes a new file. */
    public void write(Path file) throws IOException {
        TrialMeasures.writeJson(file, this);
    }

    static SweepMeasures read(Path file) throws IOException {
        return TrialMeasures.readJson(file, SweepMeasures.class);
    }
}
