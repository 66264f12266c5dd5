// SPDX-License-Identifier: Apache-2.0
package examples.api;

import io.multijvm.Manager;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A training set that is larger than any heap here: one process reads it, several learn from it, and between them is a
 * queue with a bound, so that no more than some batches are in memory at a time, however long it is. The argument says how many
 * megabytes; 200 if there is none.
 */
public final class TrainingStream {
    private static final String HEAP = "64m";
    private static final int LEARNERS = 2;
    private static final int BATCHES_AT_A_TIME = 8;
    private static final int ROWS_OF_BATCH = 4_000;
    private static final int ROW_BYTES = 2 * Double.BYTES;

    /** The features are 0, 1, ... 999, again and again, and the labels lie on a line. */
    private static final int PERIOD = 1_000;

    private static final double SLOPE = 3;
    private static final double INTERCEPT = 2;

    private TrainingStream() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        long megabytes = args.length == 0 ? 200 : Long.parseLong(args[0]);
        long batches = Math.max(1, megabytes * 1_000_000 / ROW_BYTES / ROWS_OF_BATCH);
        try (Manager manager = Manager.start()) {
            SharedQueue<double[]> queue = manager.queue(BATCHES_AT_A_TIME);
            SharedDoubleArray moments = manager.doubleArray(Moments.HOW_MANY);
            SharedLong largestHeap = manager.longValue(0);
            WorkerProcess reader = WorkerProcess.builder(() -> {
                        for (long i = 0; i < batches; i++) {
                            queue.put(batch()); // waits while the learners are behind
                        }
                    })
                    .name("the reader")
                    .heap(HEAP)
                    .start();
            List<WorkerProcess> all = new ArrayList<>(List.of(reader));
            for (int i = 0; i < LEARNERS; i++) {
                all.add(WorkerProcess.builder(() -> {
                            Moments own = new Moments();
                            queue.takeEach(own::add);
                            own.addTo(moments); // once, at the end: what a process keeps to itself costs nothing
                            largestHeap.accumulateAndGet(Runtime.getRuntime().maxMemory(), Math::max);
                        })
                        .name("learner " + (i + 1))
                        .heap(HEAP)
                        .start());
            }
            endWell(firstOf(all), all);
            queue.shutdown();
            for (WorkerProcess learner : all.subList(1, all.size())) {
                endWell(learner, all);
            }
            print(moments, batches * ROWS_OF_BATCH, largestHeap.get());
        }
    }

    /** The reader, or who has died before: without learners it would wait for room in the queue for ever. */
    private static WorkerProcess firstOf(List<WorkerProcess> all) {
        return (WorkerProcess)
                CompletableFuture.anyOf(all.stream().map(WorkerProcess::onExit).toArray(CompletableFuture<?>[]::new))
                        .join();
    }

    /** A learner that died would take with it what it has seen, so this must not pass without a word. */
    private static void endWell(WorkerProcess process, List<WorkerProcess> all) throws InterruptedException {
        process.join();
        if (process.exitCode().orElseThrow() != 0) {
            all.forEach(WorkerProcess::kill); // those that still live would work for nothing
            throw new IllegalStateException(
                    process.name() + ": " + process.crashReport().orElseThrow().what());
        }
        process.close();
    }

    /** The next rows, each a feature and its label; a real one would read them from a file. */
    private static double[] batch() {
        double[] rows = new double[2 * ROWS_OF_BATCH];
        for (int row = 0; row < ROWS_OF_BATCH; row++) {
            double x = row % PERIOD;
            rows[2 * row] = x;
            rows[2 * row + 1] = SLOPE * x + INTERCEPT;
        }
        return rows;
    }

    private static void print(SharedDoubleArray moments, long rows, long largestHeap) {
        double n = moments.get(Moments.N);
        double x = moments.get(Moments.X);
        double y = moments.get(Moments.Y);
        double xx = moments.get(Moments.XX);
        double xy = moments.get(Moments.XY);
        double slope = (n * xy - x * y) / (n * xx - x * x);
        System.out.println((long) n + " rows, more than a heap holds: " + (n * ROW_BYTES > largestHeap));
        System.out.println("the line: slope " + slope + ", intercept " + (y - slope * x) / n);
        System.out.println("gradient of the squared error at 0, 0: " + -2 * xy / n + ", " + -2 * y / n);

        // All sums are whole numbers that a double holds exactly, in whatever order they were added.
        double sum = rows * (PERIOD - 1) / 2.0;
        double squares = rows / 6.0 * (PERIOD - 1) * (2 * PERIOD - 1);
        System.out.println("as the closed form has it: "
                + (n == rows
                        && x == sum
                        && xx == squares
                        && y == SLOPE * sum + INTERCEPT * rows
                        && xy == SLOPE * squares + INTERCEPT * sum));
    }

    /** Running sums of what one learner has seen; all that it keeps of it. */
    private static final class Moments {
        static final int N = 0;
        static final int X = 1;
        static final int Y = 2;
        static final int XX = 3;
        static final int XY = 4;
        static final int HOW_MANY = 5;

        private final double[] sums = new double[HOW_MANY];

        void add(double[] rows) {
            for (int i = 0; i < rows.length; i += 2) {
                double x = rows[i];
                double y = rows[i + 1];
                sums[N]++;
                sums[X] += x;
                sums[Y] += y;
                sums[XX] += x * x;
                sums[XY] += x * y;
            }
        }

        void addTo(SharedDoubleArray all) {
            for (int i = 0; i < HOW_MANY; i++) {
                all.addAndGet(i, sums[i]);
            }
        }
    }
}
