// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.HowManyWithinRange;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.task.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** How many numbers of each row are within 4 to 8: apply, map, starmap and the asynchronous form of each. */
public final class RowsWithinRange {
    private static final int ROWS = 2000;

    /** A row each for apply and submit, which cross one by one. */
    private static final int FEW = 20;

    private static final int LEAST = 4;
    private static final int MOST = 8;

    private RowsWithinRange() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<int[]> rows =
                LongStream.range(0, ROWS).mapToObj(HowManyWithinRange::row).toList();
        List<Args.Three<int[], Integer, Integer>> arguments =
                rows.stream().map(row -> Args.of(row, LEAST, MOST)).toList();
        try (Pool pool = PoolKind.open(args, 2)) {
            List<Integer> applied = new ArrayList<>();
            List<TaskFuture<Integer>> submitted = new ArrayList<>();
            for (int[] row : rows.subList(0, FEW)) {
                applied.add(pool.apply(() -> HowManyWithinRange.howManyWithin(row, LEAST, MOST)));
                submitted.add(pool.submit(() -> HowManyWithinRange.howManyWithin(row, LEAST, MOST)));
            }
            print("apply", applied);
            print("submit", submitted.stream().map(TaskFuture::join).toList());

            // One argument varies, and the lambda holds the two that do not.
            print("map", pool.map(row -> HowManyWithinRange.howManyWithin(row, LEAST, MOST), rows));
            print(
                    "mapAsync",
                    pool.mapAsync(row -> HowManyWithinRange.howManyWithin(row, LEAST, MOST), rows)
                            .join());

            // Three arguments cross for each row; spread makes a function of one of them for the asynchronous form.
            print("starmap", pool.starmap(HowManyWithinRange::howManyWithin, arguments));
            print(
                    "starmapAsync",
                    pool.mapAsync(
                                    Args.<int[], Integer, Integer, Integer>spread(HowManyWithinRange::howManyWithin),
                                    arguments)
                            .join());
        }
    }

    private static void print(String call, List<Integer> counts) {
        int total = counts.stream().mapToInt(Integer::intValue).sum();
        System.out.printf("%-12s %d rows, %s..., %d in all%n", call, counts.size(), counts.subList(0, 8), total);
    }
}
