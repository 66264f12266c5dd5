// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Pool;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;

/** Where the time of the calls goes, thread by thread: what explains the table of {@code benchmarks/run}. */
final class Profile {
    private Profile() {}

    static void run(Sizes sizes, PrintStream out) throws BenchmarkException {
        int trips = sizes.trips() * 10;
        List<Integer> few = numbers(sizes.submits());
        List<Integer> many = numbers(sizes.numbers());
        try (Pool one = Pool.processes(1)) {
            PoolWork.apply(one, trips);
            measure(out, "apply, one worker", trips, () -> PoolWork.apply(one, trips));
        }
        try (Pool all = Pool.processes()) {
            repeat(3, () -> PoolWork.mapByOne(all, few));
            measure(out, "map of x, chunks of 1", few.size(), () -> PoolWork.mapByOne(all, few));
            repeat(3, () -> PoolWork.map(all, many));
            measure(out, "map of x+1, default chunks", many.size(), () -> PoolWork.map(all, many));
        }
    }

    private static void measure(PrintStream out, String what, int calls, Runnable work) throws BenchmarkException {
        ThreadCosts costs = ThreadCosts.begin();
        long begin = System.nanoTime();
        work.run();
        out.print(costs.table(what, calls, System.nanoTime() - begin));
    }

    private static void repeat(int times, Runnable work) {
        for (int i = 0; i < times; i++) {
            work.run();
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
