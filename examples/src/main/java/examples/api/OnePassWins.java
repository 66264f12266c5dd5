// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.books.MeanPrice;
import examples.books.OnePass;
import examples.books.Reader;
import examples.books.Reading;
import examples.books.Scan;
import examples.data.Library;
import io.multijvm.Pool;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The honest lesson. A scan of the whole table for each reader, in a loop and in a pool, against one pass for all
 * readers: the results are the same, and the times on stderr are not.
 */
public final class OnePassWins {
    private static final int READERS = 3000;

    private OnePassWins() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        Library library = Library.of(1, READERS, 200);
        List<Reading> table = library.readings();
        List<String> readers = library.readers().stream().map(Reader::reader).toList();
        try (Pool pool = PoolKind.open(args, 2)) {
            pool.apply(() -> {}); // the pool is up: its start is not what is compared here
            List<MeanPrice> looped = timed(
                    "a scan for each reader, in a loop",
                    () -> readers.stream()
                            .map(reader -> Scan.meanPrice(reader, table))
                            .toList());
            // The table is captured by the lambda, so it crosses once to each worker, not with every reader.
            List<MeanPrice> pooled = timed(
                    "a scan for each reader, in the pool",
                    () -> pool.map(reader -> Scan.meanPrice(reader, table), readers));
            List<MeanPrice> once = timed("one pass for all readers", () -> OnePass.meanPrices(table));

            System.out.println(table.size() + " rows, " + once.size() + " readers");
            System.out.println("the pool says what the loop says: " + pooled.equals(looped));
            System.out.println("one pass says what the loop says: " + once.equals(looped));
        }
    }

    private static <R> R timed(String what, Supplier<R> work) {
        long start = System.nanoTime();
        R result = work.get();
        System.err.println(
                what + ": " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
        return result;
    }
}
