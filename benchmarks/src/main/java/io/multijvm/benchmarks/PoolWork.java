// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.task.Args;
import io.multijvm.task.SerializableCallable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** What a user would write against a pool, and how long it takes. */
final class PoolWork {
    private static final SerializableCallable<Integer> NOTHING = () -> 0;

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
