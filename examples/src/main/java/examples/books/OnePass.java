// SPDX-License-Identifier: Apache-2.0
package examples.books;

import examples.books.Genres.GenreCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answers of {@link Scan} for all readers in one pass over the table. One thread that goes through the rows once
 * beats any number of workers that each go through all of them for every reader: look at the algorithm first.
 *
 * <pre>echo data/readings.csv | multijvm run multijvm-examples.jar --call examples.books.OnePass::meanPricesOf --lines -</pre>
 */
public final class OnePass {
    private OnePass() {}

    /** Mean prices by reader; the item is the table's file. */
    public static List<MeanPrice> meanPricesOf(Path csv) {
        return meanPrices(Reading.read(csv));
    }

    /** Shares of genres by reader; the item is the table's file. */
    public static Map<String, Map<String, Double>> genresOf(Path csv) {
        Map<String, GenreCount> counts = new TreeMap<>();
        for (Reading row : Reading.read(csv)) {
            counts.computeIfAbsent(row.reader(), reader -> new GenreCount()).add(row.book());
        }
        Map<String, Map<String, Double>> shares = new TreeMap<>();
        counts.forEach((reader, count) -> shares.put(reader, count.shares(Genres.ALL)));
        return shares;
    }

    /** Mean prices, in the order of the readers' names. */
    public static List<MeanPrice> meanPrices(List<Reading> table) {
        Map<String, MeanPrice.Sum> sums = new TreeMap<>();
        for (Reading row : table) {
            sums.computeIfAbsent(row.reader(), reader -> new MeanPrice.Sum()).add(row.book());
        }
        return sums.entrySet().stream()
                .map(each -> each.getValue().mean(each.getKey()))
                .toList();
    }
}
