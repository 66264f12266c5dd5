// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.growth.Collatz;
import examples.growth.Crossover;
import io.multijvm.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The same work in a loop and in a pool as the input grows. Results are on stdout; times, and the size from which on the
 * pool won, are on stderr, for they are this machine's.
 */
public final class SerialAgainstPool {
    private static final long LARGEST = 1024;
    private static final int GROWTH = 4;

    private SerialAgainstPool() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<Crossover.Timing> timings = new ArrayList<>();
        try (Pool pool = PoolKind.open(args, 2)) {
            // Both are warm before anything is measured: classes loaded, workers up.
            pool.map(Collatz::longestInBlock, blocks(LARGEST / 8));
            blocks(LARGEST / 8).forEach(Collatz::longestInBlock);
            for (long size = 1; size <= LARGEST; size *= GROWTH) {
                List<Long> blocks = blocks(size);
                long start = System.nanoTime();
                List<Collatz.Walk> looped =
                        blocks.stream().map(Collatz::longestInBlock).toList();
                long between = System.nanoTime();
                List<Collatz.Walk> pooled = pool.map(Collatz::longestInBlock, blocks);
                timings.add(new Crossover.Timing(size, between - start, System.nanoTime() - between));
                Collatz.Walk longest = pooled.stream()
                        .max(Comparator.comparingInt(Collatz.Walk::steps))
                        .orElseThrow();
                System.out.printf(
                        "%4d blocks: %d steps from %d, the same in both: %s%n",
                        size, longest.steps(), longest.from(), pooled.equals(looped));
            }
        }
        report(timings);
    }

    private static List<Long> blocks(long size) {
        return LongStream.range(0, size).boxed().toList();
    }

    private static void report(List<Crossover.Timing> timings) {
        for (Crossover.Timing timing : timings) {
            System.err.printf(
                    "%4d blocks: loop %6d us, pool %6d us%n",
                    timing.size(), timing.serialNanos() / 1000, timing.poolNanos() / 1000);
        }
        OptionalLong crossover = Crossover.of(timings);
        System.err.println(
                crossover.isPresent()
                        ? "the pool wins from " + crossover.getAsLong() + " blocks on"
                        : "the loop wins at every size up to " + LARGEST + " blocks, or the pool did not stay ahead");
    }
}
