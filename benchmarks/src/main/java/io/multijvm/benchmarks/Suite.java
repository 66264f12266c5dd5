// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import io.multijvm.task.Args;
import java.io.IOException;
import java.nio.file.Path;
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
        return List.of(apply(), submit(), mapByOne(), map(), rowsByMap(), rowsByStarmap(), argument(), result());
    }

    private Part apply() {
        int n = sizes.trips();
        String theirOne = "CPython Pool(1).apply";
        String theirs = "CPython Pool().apply";
        return new Part(
                "apply",
                "round trip of a no-op",
                Unit.MICROS,
                n,
                List.of(
                        ours("Multijvm processes(1).apply", List.of(theirOne, SOCKET), () -> PoolWork.apply(one, n)),
                        python.contender(theirOne, "one", "apply", n),
                        ours("Multijvm processes().apply", List.of(theirs, SOCKET), () -> PoolWork.apply(every, n)),
                        python.contender(theirs, "default", "apply", n),
                        Contender.peer(SOCKET, () -> socket.pingPong(n))));
    }

    private Part submit() {
        int n = sizes.submits();
        return pair("submit", n + " no-ops outstanding", n, "submit", () -> PoolWork.submit(every, n), "apply_async");
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

    /** One of ours against one of theirs, both with a worker for each core; the part's id is the Python program's word. */
    private Part pair(String id, String title, int items, String call, Contender.Work work, String theirCall) {
        String theirs = "CPython Pool()." + theirCall;
        return new Part(
                id,
                title,
                Unit.ITEMS_A_SECOND,
                items,
                List.of(
                        ours("Multijvm processes()." + call, List.of(theirs), work),
                        python.contender(theirs, "default", id, items)));
    }

    private Part argument() {
        byte[] bytes = new byte[sizes.payloadBytes()];
        String theirs = "CPython Pool(1).apply(len, (data,))";
        return new Part(
                "argument",
                "argument of " + inWords(bytes.length),
                Unit.MILLIS,
                1,
                List.of(
                        ours("Multijvm item of a map", List.of(theirs), () -> PoolWork.argument(one, bytes)),
                        ours("Multijvm captured by apply", List.of(theirs), () -> PoolWork.captured(one, bytes)),
                        python.contender(theirs, "one", "argument", bytes.length)));
    }

    private Part result() {
        int size = sizes.payloadBytes();
        String theirs = "CPython Pool(1).apply(bytes, (n,))";
        return new Part(
                "result",
                "result of " + inWords(size),
                Unit.MILLIS,
                1,
                List.of(
                        ours("Multijvm apply", List.of(theirs), () -> PoolWork.result(one, size)),
                        python.contender(theirs, "one", "result", size)));
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
