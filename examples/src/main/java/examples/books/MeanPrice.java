// SPDX-License-Identifier: Apache-2.0
package examples.books;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a book costs on the average that a reader has read. Rows without a price do not count.
 *
 * <pre>multijvm run multijvm-examples.jar --call examples.books.MeanPrice::ofLine --lines data/readers.txt</pre>
 *
 * @param mean null if none of the reader's rows has a price
 * @param priced how many rows had one
 */
public record MeanPrice(String reader, @Nullable Double mean, int priced) {

    /** Of the reader in a {@link Reader#ofLine line}. */
    public static MeanPrice ofLine(String line) {
        return of(Reader.ofLine(line));
    }

    /** Of a reader. */
    public static MeanPrice of(Reader reader) {
        Sum sum = new Sum();
        reader.books().forEach(sum::add);
        return sum.mean(reader.reader());
    }

    /** Of one reader, while rows are added. */
    static final class Sum {
        private BigDecimal prices = BigDecimal.ZERO;
        private int priced;

        void add(Book book) {
            BigDecimal price = book.price();
            if (price != null) {
                prices = prices.add(price);
                priced++;
            }
        }

        MeanPrice mean(String reader) {
            return new MeanPrice(reader, priced == 0 ? null : prices.doubleValue() / priced, priced);
        }
    }
}
