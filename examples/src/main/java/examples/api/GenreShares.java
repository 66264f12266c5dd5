// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.books.Genres;
import examples.books.Reader;
import examples.data.Library;
import io.multijvm.Pool;
import io.multijvm.task.Args;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What part of each reader's reading each genre is: map for one argument, starmap for several. */
public final class GenreShares {
    private static final int READERS = 500;
    private static final List<String> DARK = List.of("crime", "fantasy", "history");
    private static final List<String> BRIGHT = List.of("poetry", "travel");

    private GenreShares() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<Reader> readers = Library.of(1, READERS, 100).readers();
        try (Pool pool = PoolKind.open(args, 2)) {
            // One argument: the list of genres is captured, and crosses once to each worker.
            print("all genres", pool.map(reader -> Genres.of(reader, Genres.ALL), readers));

            // Several: each reader has a list of his or her own.
            List<Args.Two<Reader, List<String>>> arguments = readers.stream()
                    .map(reader -> Args.of(reader, reader.books().size() > 4 ? DARK : BRIGHT))
                    .toList();
            print("dark or bright", pool.starmap(Genres::of, arguments));
        }
    }

    private static void print(String what, List<Map<String, Double>> shares) {
        Map<String, Double> sums = new TreeMap<>();
        shares.forEach(each -> each.forEach((genre, share) -> sums.merge(genre, share, Double::sum)));
        System.out.println(what + ", over " + shares.size() + " readers:");
        sums.forEach((genre, sum) -> System.out.printf(Locale.ROOT, "  %-8s %.3f%n", genre, sum / shares.size()));
    }
}
