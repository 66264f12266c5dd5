// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.task.Args;
import io.multijvm.task.SerializableCallable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What a user would write against a pool, and how long it takes. */
final class PoolWork {
    private static final SerializableCallable<Integer> NOTHING = () -> 0;
    private static final int WINDOW = 64;
    private static final int ITEMS_A_WORKER = 4;

    private PoolWork() {}

    /** The median of single round trips: a mean would tell of whoever else uses the machine. */
    static Measured apply(Pool pool, int trips) {
        long[] nanos = new long[trips];
        long check = 0;
        for (int i = 0; i < trips; i++) {
            long begin = System.nanoTime();
            check += pool.apply(NOTHING);
            nanos[i] = System.nanoTime() - begin;
        }
        return new Measured(median(nanos), check);
    }

    static long median(long[] nanos) {
        Arrays.sort(nanos);
        int middle = nanos.length / 2;
        return nanos.length % 2 == 1 ? nanos[middle] : (nanos[middle - 1] + nanos[middle]) / 2;
    }

    /** All are outstanding before the first answer is asked for. */
    static Measured submit(Pool pool, int tasks) {
        long begin = System.nanoTime();
        List<TaskFuture<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(pool.submit(NOTHING));
        }
        long check = 0;
        for (TaskFuture<Integer> future : futures) {
            check += future.join();
        }
        return new Measured(System.nanoTime() - begin, check);
    }

    /** What one task costs of many, of which {@link #WINDOW} are outstanding at any time. */
    static Measured future(Pool pool, int tasks) {
        long begin = System.nanoTime();
        ArrayDeque<TaskFuture<Integer>> waiting = new ArrayDeque<>(WINDOW);
        long check = 0;
        for (int i = 0; i < tasks; i++) {
            if (waiting.size() == WINDOW) {
                check += waiting.remove().join();
            }
            waiting.add(pool.submit(NOTHING));
        }
        for (TaskFuture<Integer> future : waiting) {
            check += future.join();
        }
        return new Measured((System.nanoTime() - begin) / tasks, check);
    }

    /** A pool's whole life: what a program pays that makes one for a single call. */
    static Measured startMapClose(int workers) {
        List<Integer> numbers =
                IntStream.range(0, workers * ITEMS_A_WORKER).boxed().toList();
        return sum(() -> {
            // heaps that so many workers can have on a small machine
            try (Pool pool = Pool.processes(o -> o.workers(workers).heap("64m"))) {
                return pool.map((Integer x) -> x, numbers);
            }
        });
    }

    static Measured mapByOne(Pool pool, List<Integer> numbers) {
        return sum(() -> pool.with(o -> o.chunkSize(1)).map((Integer x) -> x, numbers));
    }

    static Measured map(Pool pool, List<Integer> numbers) {
        return sum(() -> pool.map((Integer x) -> x + 1, numbers));
    }

    static Measured rowsByMap(Pool pool, List<int[]> rows) {
        return sum(() -> pool.map((int[] row) -> Rows.howManyWithinRange(row, Rows.LEAST, Rows.MOST), rows));
    }

    static Measured rowsByStarmap(Pool pool, List<Args.Three<int[], Integer, Integer>> rows) {
        return sum(() -> pool.starmap(Rows::howManyWithinRange, rows));
    }

    /** As the item of a map, which is an argument in the plainest sense. */
    static Measured argument(Pool pool, byte[] bytes) {
        return sum(() -> pool.map((byte[] data) -> data.length, List.of(bytes)));
    }

    /** As something that the task captures: what {@code apply} with an argument is in Java. */
    static Measured captured(Pool pool, byte[] bytes) {
        return sum(() -> List.of(pool.apply(() -> bytes.length)));
    }

    static Measured result(Pool pool, int size) {
        return sum(() -> List.of(pool.apply(() -> new byte[size]).length));
    }

    private static Measured sum(Supplier<List<Integer>> call) {
        long begin = System.nanoTime();
        List<Integer> results = call.get();
        long nanos = System.nanoTime() - begin;
        return new Measured(
                nanos, results.stream().mapToLong(Integer::longValue).sum());
    }
}
