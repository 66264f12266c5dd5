// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.MultijvmException;
import io.multijvm.task.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** A hundred items, four workers, item 37 is killed by SIGKILL: what of the other 99, what is the caller told, and is the pool of use? */
final class BlastRadius {
    static final int ITEMS = 100;
    private static final int WORKERS = 4;
    private static final int CHUNK = 10;
    private static final int FATAL = 37;

    private static final List<BlastPeer> PEERS = List.of(
            new BlastPeer("CPython Pool.map, chunks of 1", "pool_map"),
            new BlastPeer("CPython Pool.imap_unordered", "pool_unordered"),
            new BlastPeer("CPython ProcessPoolExecutor.submit", "executor_submit"),
            new BlastPeer("CPython ProcessPoolExecutor.map, chunks of 10", "executor_map"),
            new BlastPeer("loky submit", "loky_submit"),
            new BlastPeer("joblib Parallel", "joblib_parallel"),
            new BlastPeer("pebble schedule", "pebble_schedule"),
            new BlastPeer("pebble map, chunks of 10", "pebble_map"));

    private BlastRadius() {}

    /**
     * What became of it.
     *
     * @param results in the caller's hands, of {@link #ITEMS}
     */
    record Row(String who, String results, String told, String afterwards) {}

    private static int work(int item) throws IOException, InterruptedException {
        if (item == FATAL) {
            new ProcessBuilder(
                            "kill",
                            "-KILL",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        }
        return item * item;
    }

    /**
     * All of them, one after another.
     *
     * @param limit what takes longer hangs
     */
    static List<Row> run(BlastPeer.Program program, Duration limit) throws BenchmarkException {
        List<Row> rows = new ArrayList<>(ours());
        for (BlastPeer peer : PEERS) {
            rows.add(peer.run(program, limit));
        }
        return rows;
    }

    private static List<Row> ours() {
        List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
        List<Row> rows = new ArrayList<>();
        try (Pool pool = Pool.processes(WORKERS)) {
            List<Outcome<Integer, Integer>> outcomes =
                    pool.with(o -> o.chunkSize(CHUNK)).<Integer, Integer>outcomes(BlastRadius::work, items).stream()
                            .toList();
            List<MultijvmException> errors = outcomes.stream()
                    .filter(Outcome.Failure.class::isInstance)
                    .map(outcome -> ((Outcome.Failure<Integer, Integer>) outcome).error())
                    .toList();
            rows.add(row("Multijvm outcomes, chunks of 10", errors, pool));
        }
        try (Pool pool = Pool.processes(WORKERS)) {
            List<TaskFuture<Integer>> futures =
                    items.stream().map(item -> pool.submit(() -> work(item))).toList();
            List<MultijvmException> errors = new ArrayList<>();
            for (TaskFuture<Integer> future : futures) {
                error(future).ifPresent(errors::add);
            }
            rows.add(row("Multijvm submit", errors, pool));
        }
        try (Pool pool = Pool.processes(WORKERS)) {
            rows.add(mapped(pool, items));
        }
        return rows;
    }

    private static Row mapped(Pool pool, List<Integer> items) {
        String results = "0";
        String told = "nothing";
        try {
            results = Integer.toString(
                    pool.<Integer, Integer>map(BlastRadius::work, items).size());
        } catch (MultijvmException e) {
            told = told(e);
        }
        return new Row("Multijvm map", results, told, afterwards(pool));
    }

    private static Optional<MultijvmException> error(TaskFuture<Integer> future) {
        try {
            future.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MultijvmException ours) {
                return Optional.of(ours);
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Row row(String who, List<MultijvmException> errors, Pool pool) {
        String told = errors.size() == 1 ? told(errors.get(0)) : errors.size() + " errors: " + errors;
        return new Row(who, Integer.toString(ITEMS - errors.size()), told, afterwards(pool));
    }

    /** The first line, without what differs from run to run. */
    private static String told(MultijvmException error) {
        String message = error.report().map(CrashReport::summary).orElse(String.valueOf(error.getMessage()));
        String first = message.lines().findFirst().orElse("");
        return error.getClass().getSimpleName() + ": "
                + first.replaceAll("worker [0-9]+ \\(pid [0-9]+\\)", "worker N (pid P)");
    }

    private static String afterwards(Pool pool) {
        return pool.<Integer>apply(() -> 42) == 42 ? "a new task runs" : "a new task gives nonsense";
    }

    /** For people. */
    static String table(List<Row> rows, Duration limit, Conditions conditions) {
        StringBuilder text = new StringBuilder(String.format(
                "%d items, %d workers, item %d sends itself SIGKILL; what takes over %d s hangs. %s, commit %s,"
                        + " CPython %s%n%n",
                ITEMS, WORKERS, FATAL, limit.toSeconds(), conditions.date(), conditions.commit(), conditions.python()));
        text.append("| who | results | what the caller is told | the pool afterwards |\n|---|---|---|---|\n");
        for (Row row : rows) {
            text.append(
                    String.format("| %s | %s | %s | %s |%n", row.who(), row.results(), row.told(), row.afterwards()));
        }
        return text.toString();
    }
}
