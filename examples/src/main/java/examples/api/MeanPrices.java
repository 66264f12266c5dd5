// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.books.MeanPrice;
import examples.books.Reader;
import examples.data.Library;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The mean price of each reader's books: map gives the list, imap one after the other while the rest is worked on. */
public final class MeanPrices {
    private static final int READERS = 500;
    private static final int SHOWN = 3;

    private MeanPrices() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<Reader> readers = Library.of(1, READERS, 100).readers();
        try (Pool pool = PoolKind.open(args, 2)) {
            List<MeanPrice> means = pool.map(MeanPrice::of, readers);
            means.stream().limit(SHOWN).forEach(MeanPrices::print);

            OptionalDouble highest = OptionalDouble.empty();
            try (ResultStream<MeanPrice> stream = pool.imap(MeanPrice::of, readers)) {
                for (MeanPrice mean : stream) {
                    Double price = mean.mean();
                    if (price != null && price > highest.orElse(0)) {
                        highest = OptionalDouble.of(price);
                    }
                }
            }
            long without = means.stream().filter(mean -> mean.priced() == 0).count();
            System.out.printf(
                    Locale.ROOT,
                    "%d readers, %d without any price, highest mean %.2f%n",
                    means.size(),
                    without,
                    highest.orElseThrow());
        }
    }

    private static void print(MeanPrice mean) {
        System.out.printf(Locale.ROOT, "%s %.2f, of %d books%n", mean.reader(), mean.mean(), mean.priced());
    }
}
