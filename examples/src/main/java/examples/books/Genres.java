// SPDX-License-Identifier: Apache-2.0
package examples.books;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What part of a reader's reading each genre is: the one-hot rows of the books added up, then divided so that they make
 * 1 together.
 *
 * <pre>multijvm run multijvm-examples.jar --call examples.books.Genres::ofLine --lines data/readers.txt</pre>
 */
public final class Genres {
    /** All genres that there are. */
    public static final List<String> ALL =
            List.of("crime", "essay", "fantasy", "history", "poetry", "romance", "science", "travel");

    private Genres() {}

    /** One argument: the shares of all genres in a {@link Reader#ofLine line} with a reader. */
    public static Map<String, Double> ofLine(String line) {
        return of(Reader.ofLine(line), ALL);
    }

    /**
     * Several arguments in one line: the genres that count, as {@code crime|poetry}, a tab, and the reader. A reader of
     * none of these has zeros only.
     */
    public static Map<String, Double> amongInLine(String line) {
        String[] arguments = line.split("\t", 2);
        if (arguments.length != 2) {
            throw new IllegalArgumentException("this is not GENRE|GENRE, a tab and a reader: \"" + line + '"');
        }
        return of(Reader.ofLine(arguments[1]), Arrays.asList(arguments[0].split("\\|")));
    }

    /** The share of each of {@code genres}, by name. */
    public static Map<String, Double> of(Reader reader, List<String> genres) {
        GenreCount count = new GenreCount();
        reader.books().forEach(count::add);
        return count.shares(genres);
    }

    /** Of one reader, while rows are added. */
    static final class GenreCount {
        private final Map<String, Integer> books = new TreeMap<>();

        void add(Book book) {
            book.genres().forEach(genre -> books.merge(genre, 1, Integer::sum));
        }

        Map<String, Double> shares(List<String> genres) {
            int total = genres.stream().mapToInt(this::count).sum();
            Map<String, Double> shares = new TreeMap<>();
            genres.forEach(genre -> shares.put(genre, total == 0 ? 0 : (double) count(genre) / total));
            return shares;
        }

        private int count(String genre) {
            return books.getOrDefault(genre, 0);
        }
    }
}
