// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Manager;
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
    private final Pool two = Pool.processes(2);
    private final Pool four = Pool.processes(4);
    private final Pool every = Pool.processes();
    private final Manager manager = Manager.start();

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
                workers(),
                valueAdd(),
                arraySet(),
                lockFree(),
                lockByTwo(),
                queue(),
                queueByFour(),
                queueOfLarge(),
                mapPut(),
                ownIncrement(),
                pipeOfValues(),
                pipeOfBytes(),
                process());
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

    private Part process() {
        int n = sizes.processes();
        String spawn = "CPython Process, spawn";
        String fork = "CPython Process, fork";
        String bare = "bare JVM, an empty main";
        return new Part(
                "process",
                "a process that does nothing: start and join",
                Unit.MILLIS,
                1,
                List.of(
                        ours(
                                "Multijvm WorkerProcess, one kept ready",
                                List.of(spawn, fork, bare),
                                () -> ProcessWork.fromStandby(n)),
                        ours(
                                "Multijvm WorkerProcess, started anew",
                                List.of(spawn, fork, bare),
                                () -> ProcessWork.cold(n)),
                        python.contender(spawn, "none", "process_spawn", n),
                        python.contender(fork, "none", "process_fork", n),
                        Contender.peer(bare, () -> ProcessWork.bareJvm(n))));
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

    private Part valueAdd() {
        int n = sizes.numbers();
        String theirs = "CPython with v.get_lock(): v.value += 1";
        return new Part(
                "value_add",
                "adding 1 to a shared value",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours("Multijvm SharedLong.incrementAndGet", List.of(theirs), () -> SharedWork.add(manager, n)),
                        python.contender(theirs, "none", "value_add", n)));
    }

    private Part lockFree() {
        int n = sizes.numbers();
        String theirs = "CPython with lock: pass";
        return new Part(
                "lock_free",
                "a lock that nobody else wants",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedLock, lock and unlock",
                                List.of(theirs),
                                () -> SharedWork.lockAndUnlock(manager, n)),
                        python.contender(theirs, "none", "lock_free", n)));
    }

    private Part lockByTwo() {
        int n = sizes.numbers();
        String theirs = "CPython with lock: v.value += 1, two processes";
        return new Part(
                "lock_by_two",
                "two processes, a lock and a counter",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedLock and SharedLong, two processes",
                                List.of(theirs),
                                () -> SharedWork.countByTwo(two, manager, n)),
                        python.contender(theirs, "none", "lock_by_two", n)));
    }

    private Part queue() {
        int n = sizes.items();
        String theirs = "CPython Queue, one process to its parent";
        return new Part(
                "queue",
                "a queue, from one process to its parent",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedQueue, one process to its parent",
                                List.of(theirs),
                                () -> QueueTraffic.toParent(two, manager, n)),
                        python.contender(theirs, "none", "queue", n)));
    }

    private Part queueByFour() {
        int n = sizes.numbers(); // four processes are warm after so many more
        String theirs = "CPython Queue, two processes to two others";
        return new Part(
                "queue_by_four",
                "a queue, from two processes to two others",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedQueue, two processes to two others",
                                List.of(theirs),
                                () -> QueueTraffic.byFour(four, manager, n)),
                        python.contender(theirs, "none", "queue_by_four", n)));
    }

    private Part queueOfLarge() {
        int n = sizes.largeItems();
        String theirs = "CPython Queue(8), 1 MiB each";
        return new Part(
                "queue_large",
                "a queue of 1 MiB items, from one process to its parent",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedQueue, bound of 8, 1 MiB each",
                                List.of(theirs),
                                () -> QueueTraffic.largeToParent(two, manager, n)),
                        python.contender(theirs, "none", "queue_large", n)));
    }

    private Part mapPut() {
        int n = sizes.submits();
        String theirs = "CPython Manager().dict(): d[i] = x";
        return new Part(
                "map_put",
                "setting entries of a shared map",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm SharedMap.put, in its owner's program",
                                List.of(theirs),
                                () -> SharedWork.putHere(manager, n)),
                        ours(
                                "Multijvm SharedMap.put, in a worker",
                                List.of(theirs),
                                () -> SharedWork.putThere(one, manager, n)),
                        ours(
                                "Multijvm SharedMap.putAsync, in a worker",
                                List.of(theirs),
                                () -> SharedWork.putWithoutWaiting(one, manager, n)),
                        python.contender(theirs, "none", "map_put", n)));
    }

    private Part ownIncrement() {
        int n = sizes.submits();
        String theirs = "CPython BaseManager.register: counter.increment()";
        return new Part(
                "own_increment",
                "calling an object of one's own class at the manager",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours(
                                "Multijvm Manager.register, called in its owner's program",
                                List.of(theirs),
                                () -> SharedWork.incrementHere(manager, n)),
                        ours(
                                "Multijvm Manager.register, called in a worker",
                                List.of(theirs),
                                () -> SharedWork.incrementThere(one, manager, n)),
                        python.contender(theirs, "none", "own_increment", n)));
    }

    private Part pipeOfValues() {
        int n = sizes.trips();
        String theirs = "CPython Pipe: send, recv";
        return new Part(
                "pipe_value",
                "a number to a process and back by a pipe",
                Unit.MICROS,
                n,
                List.of(
                        ours(
                                "Multijvm PipeEnd.send, receive",
                                List.of(theirs, SOCKET),
                                () -> PipeWork.values(one, manager, n)),
                        python.contender(theirs, "none", "pipe_value", n),
                        Contender.peer(SOCKET, () -> socket.pingPong(n))));
    }

    private Part pipeOfBytes() {
        int n = sizes.trips() / 4;
        String theirs = "CPython Pipe: send_bytes, recv_bytes";
        return new Part(
                "pipe_bytes",
                "1 MiB to a process and back by a pipe",
                Unit.MICROS,
                n,
                List.of(
                        ours(
                                "Multijvm PipeEnd.sendBytes, receiveBytes",
                                List.of(theirs),
                                () -> PipeWork.bytes(one, manager, n)),
                        python.contender(theirs, "none", "pipe_bytes", n)));
    }

    private Part arraySet() {
        int n = sizes.numbers();
        String theirs = "CPython Array: a[i] = x";
        return new Part(
                "array_set",
                "setting elements of a shared array",
                Unit.ITEMS_A_SECOND,
                n,
                List.of(
                        ours("Multijvm SharedLongArray.set", List.of(theirs), () -> SharedWork.setElements(manager, n)),
                        python.contender(theirs, "none", "array_set", n)));
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
        two.close();
        four.close();
        every.close();
        manager.close();
        socket.close();
        python.close();
    }
}
