// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import io.multijvm.task.Args;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The parts, with all their processes running. */
final class Suite implements AutoCloseable {
    private static final String SOCKET = "raw Unix socket, 100 bytes";

    private final Sizes sizes;
    private final Python python;
    private final SocketPeer socket;
    private final Pool one = Pool.processes(1);
    private final Pool every = Pool.processes();

    private Suite(Sizes sizes, Python python, SocketPeer socket) {
        this.sizes = sizes;
        this.python = python;
        this.socket = socket;
    }

    static Suite open(Sizes sizes, String pythonCommand, Path home) throws BenchmarkException {
        Python python = Python.open(pythonCommand, home.resolve("peers").resolve("pool_peer.py"));
        try {
            return new Suite(sizes, python, SocketPeer.start());
        } catch (IOException e) {
            python.close();
            throw new BenchmarkException("the socket's second JVM could not be started: " + e.getMessage(), e);
        } catch (BenchmarkException e) {
            python.close();
            throw e;
        }
    }

    /** Of the interpreter, or why there is none. */
    String pythonVersion() {
        return python.version();
    }

    List<Part> parts() {
        return List.of(
                apply(),
                future(),
                submit(),
                outstanding(),
                mapByOne(),
                map(),
                rowsByMap(),
                rowsByStarmap(),
                argument(),
                result(),
                workers());
    }

    private Part apply() {
        int n = sizes.trips();
        String theirOne = "CPython Pool(1).apply";
        String theirs = "CPython Pool().apply";
        String executorOne = "CPython ProcessPoolExecutor(1).submit(f).result()";
        return new Part(
                "apply",
                "round trip of a no-op",
                Unit.MICROS,
                n,
                List.of(
                        ours(
                                "Multijvm processes(1).apply",
                                List.of(theirOne, executorOne, SOCKET),
                                () -> PoolWork.apply(one, n)),
                        python.contender(theirOne, "one", "apply", n),
                        python.contender(executorOne, "executor_one", "executor_apply", n),
                        ours("Multijvm processes().apply", List.of(theirs, SOCKET), () -> PoolWork.apply(every, n)),
                        python.contender(theirs, "default", "apply", n),
                        Contender.peer(SOCKET, () -> socket.pingPong(n))));
    }

    private Part future() {
        int n = sizes.submits();
        String theirs = "CPython Pool().apply_async";
        String executor = "CPython ProcessPoolExecutor().submit";
        return new Part(
                "future",
                "one of many futures, 64 at a time",
                Unit.MICROS,
                n,
                List.of(
                        ours("Multijvm processes().submit", List.of(theirs, executor), () -> PoolWork.future(every, n)),
                        python.contender(theirs, "default", "future", n),
                        python.contender(executor, "executor", "executor_future", n)));
    }

    private Part submit() {
        return outstanding("submit", sizes.submits());
    }

    private Part outstanding() {
        return outstanding("outstanding", sizes.outstanding());
    }

    private Part outstanding(String id, int n) {
        String theirs = "CPython Pool().apply_async";
        String executor = "CPython ProcessPoolExecutor().submit";
        return new Part(
                id,
                n + " no-ops outstanding",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours("Multijvm processes().submit", List.of(theirs, executor), () -> PoolWork.submit(every, n)),
                        python.contender(theirs, "default", "submit", n),
                        python.contender(executor, "executor", "executor_submit", n)));
    }

    private Part workers() {
        int n = sizes.workers();
        String theirs = "CPython Pool(" + n + ").map";
        String executor = "CPython ProcessPoolExecutor(" + n + ").map";
        return new Part(
                "workers",
                n + " workers: start, a small map, close",
                Unit.MILLIS,
                1,
                List.of(
                        ours(
                                "Multijvm processes(" + n + ").map",
                                List.of(theirs, executor),
                                () -> PoolWork.startMapClose(n)),
                        python.contender(theirs, "none", "workers", n),
                        python.contender(executor, "none", "executor_workers", n)));
    }

    private Part mapByOne() {
        List<Integer> numbers = numbers(sizes.submits());
        return pair(
                "map_by_one",
                "map of x, chunks of 1",
                numbers.size(),
                "map, chunkSize(1)",
                () -> PoolWork.mapByOne(every, numbers),
                "map(chunksize=1)");
    }

    private Part map() {
        List<Integer> numbers = numbers(sizes.numbers());
        return pair(
                "map", "map of x+1, default chunks", numbers.size(), "map", () -> PoolWork.map(every, numbers), "map");
    }

    private Part rowsByMap() {
        List<int[]> rows = Rows.table(sizes.rows());
        return pair(
                "rows_map",
                "howmany_within_range, rows of 5",
                rows.size(),
                "map",
                () -> PoolWork.rowsByMap(every, rows),
                "map");
    }

    private Part rowsByStarmap() {
        List<Args.Three<int[], Integer, Integer>> rows = Rows.table(sizes.rows()).stream()
                .map(row -> Args.of(row, Rows.LEAST, Rows.MOST))
                .toList();
        return pair(
                "rows_starmap",
                "howmany_within_range, row and range",
                rows.size(),
                "starmap",
                () -> PoolWork.rowsByStarmap(every, rows),
                "starmap");
    }

    /** One of ours against theirs, all with a worker for each core; the part's id is the Python program's word. */
    private Part pair(String id, String title, int items, String call, Contender.Work work, String theirCall) {
        String theirs = "CPython Pool()." + theirCall;
        List<Contender> contenders = new ArrayList<>();
        List<String> against = new ArrayList<>(List.of(theirs));
        contenders.add(python.contender(theirs, "default", id, items));
        if (!id.equals("rows_starmap")) {
            // it has no starmap
            String executor = "CPython ProcessPoolExecutor().map";
            against.add(executor);
            contenders.add(python.contender(executor, "executor", "executor_" + id, items));
        }
        if (id.equals("rows_map")) {
            // at tens of microseconds an item, the other maps would take it minutes
            String joblib = "CPython joblib Parallel()";
            against.add(joblib);
            contenders.add(python.joblib(joblib, "joblib_rows_map", items));
        }
        contenders.add(0, ours("Multijvm processes()." + call, against, work));
        return new Part(id, title, Unit.ITEMS_A_SECOND, items, contenders);
    }

    private Part argument() {
        byte[] bytes = new byte[sizes.payloadBytes()];
        String theirs = "CPython Pool(1).apply(len, (data,))";
        String executor = "CPython ProcessPoolExecutor(1).submit(len, data)";
        return new Part(
                "argument",
                "argument of " + inWords(bytes.length),
                Unit.MILLIS,
                1,
                List.of(
                        ours("Multijvm item of a map", List.of(theirs, executor), () -> PoolWork.argument(one, bytes)),
                        ours(
                                "Multijvm captured by apply",
                                List.of(theirs, executor),
                                () -> PoolWork.captured(one, bytes)),
                        python.contender(theirs, "one", "argument", bytes.length),
                        python.contender(executor, "executor_one", "executor_argument", bytes.length)));
    }

    private Part result() {
        int size = sizes.payloadBytes();
        String theirs = "CPython Pool(1).apply(bytes, (n,))";
        String executor = "CPython ProcessPoolExecutor(1).submit(bytes, n)";
        return new Part(
                "result",
                "result of " + inWords(size),
                Unit.MILLIS,
                1,
                List.of(
                        ours("Multijvm apply", List.of(theirs, executor), () -> PoolWork.result(one, size)),
                        python.contender(theirs, "one", "result", size),
                        python.contender(executor, "executor_one", "executor_result", size)));
    }

    private static Contender ours(String name, List<String> against, Contender.Work work) {
        return Contender.ours(name, against, work);
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static String inWords(int bytes) {
        return (bytes >> 20) + " MiB";
    }

    @Override
    public void close() {
        one.close();
        every.close();
        socket.close();
        python.close();
    }
}
