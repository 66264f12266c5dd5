// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Pool;
import io.multijvm.cli.compare.SweepMeasures;
import io.multijvm.cli.compare.TrialFiles;
import io.multijvm.worker.job.SpinTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Items of several lengths in threads and in as many worker JVMs, with both pools ready: what an item costs on its way.
 * One JVM for all, and the two pools in turns, so that a machine that slows down does so for both.
 */
@Command(name = "sweep")
final class SweepCommand implements Callable<Integer> {
    private static final double[] ITEM_MICROS = {1, 4, 16, 64, 256, 1024, 4096};
    private static final int REPETITIONS = 3;
    private static final int MOST_ITEMS = 20_000;
    private static final int FEWEST_ITEMS_A_WORKER = 16;
    private static final double MICROS_A_WORKER = 100_000;

    /** Long enough for the compiler in every worker. */
    private static final double WARM_UP_ITEM_MICROS = 500;

    private static final int WARM_UP_ITEMS_A_WORKER = 1_000;

    private static final long CALIBRATION_ROUNDS = 20_000_000;
    private static final int CALIBRATIONS = 5;

    @Option(names = "--workers", required = true)
    private int workers;

    @Option(names = "--worker-heap", required = true)
    private String workerHeap = "";

    @Option(names = "--directory", required = true)
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException {
        double roundsAMicro = roundsAMicro();
        List<SweepMeasures.Point> points = new ArrayList<>();
        try (Pool processes = Pool.processes(options -> options.workers(workers).heap(workerHeap));
                Pool threads = Pool.threads(workers)) {
            long warmUp = (long) (WARM_UP_ITEM_MICROS * roundsAMicro);
            seconds(threads, warmUp, WARM_UP_ITEMS_A_WORKER * workers);
            seconds(processes, warmUp, WARM_UP_ITEMS_A_WORKER * workers);
            for (double micros : ITEM_MICROS) {
                points.add(point(threads, processes, micros, Math.max(1, (long) (micros * roundsAMicro))));
            }
        }
        new SweepMeasures(points).write(new TrialFiles(Objects.requireNonNull(directory)).measures());
        return ExitCode.OK.code();
    }

    private SweepMeasures.Point point(Pool threads, Pool processes, double micros, long rounds) {
        int items = (int) Math.max(
                FEWEST_ITEMS_A_WORKER * (double) workers, Math.min(MOST_ITEMS, MICROS_A_WORKER * workers / micros));
        List<Double> inThreads = new ArrayList<>();
        List<Double> inProcesses = new ArrayList<>();
        for (int i = 0; i < REPETITIONS; i++) {
            inThreads.add(seconds(threads, rounds, items));
            inProcesses.add(seconds(processes, rounds, items));
        }
        return new SweepMeasures.Point(micros, items, inThreads, inProcesses);
    }

    private static double seconds(Pool pool, long rounds, int items) {
        long begin = System.nanoTime();
        List<Long> results = pool.map(new SpinTask(), Collections.nCopies(items, rounds));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (results.size() != items) {
            throw new IllegalStateException(results.size() + " results of " + items);
        }
        return seconds;
    }

    /** By the fastest of some tries: others' work can only make it slower. */
    private static double roundsAMicro() {
        long fastest = Long.MAX_VALUE;
        long sum = 0;
        for (int i = 0; i < CALIBRATIONS; i++) {
            long begin = System.nanoTime();
            sum += SpinTask.spin(CALIBRATION_ROUNDS + i);
            fastest = Math.min(fastest, System.nanoTime() - begin);
        }
        if (sum == 0) {
            throw new AssertionError("it only has to be used, or it need not be worked out");
        }
        return CALIBRATION_ROUNDS / (double) fastest * TimeUnit.MICROSECONDS.toNanos(1);
    }
}
