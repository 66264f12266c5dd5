// SPDX-License-Identifier: Apache-2.0
package examples.data;

import examples.books.Book;
import examples.books.Genres;
import examples.books.Reader;
import examples.books.Reading;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Readers, the books that they have read, prices and genres; all of it follows from a seed. */
public final class Library {
    private static final int MOST_READ = 8;
    private static final int MOST_GENRES = 3;
    private static final int LEAST_CENTS = 299;
    private static final int MOST_CENTS = 4999;

    /** One row in so many lacks its price. */
    private static final int MISSING_ONE_IN = 12;

    private final Random random;
    private final List<Book> books = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    private Library(long seed) {
        // Its numbers are specified: every Java makes the same from a seed.
        random = new Random(seed);
    }

    /** A library of so many readers and books, at least one of each. */
    public static Library of(long seed, int readers, int books) {
        if (readers < 1 || books < 1) {
            throw new IllegalArgumentException("a library of " + readers + " readers and " + books + " books");
        }
        Library library = new Library(seed);
        for (int book = 0; book < books; book++) {
            library.addBook(book);
        }
        for (int reader = 0; reader < readers; reader++) {
            library.addReader(reader);
        }
        return library;
    }

    /** In the order of their names, {@code r00000} first. */
    public List<Reader> readers() {
        return List.copyOf(readers);
    }

    /** The same as one long table, its rows in no order; the same order each time. */
    public List<Reading> readings() {
        List<Reading> table = new ArrayList<>();
        for (Reader reader : readers) {
            reader.books().forEach(book -> table.add(new Reading(reader.reader(), book)));
        }
        Collections.shuffle(table, new Random(table.size()));
        return List.copyOf(table);
    }

    private void addBook(int number) {
        int cents = between(LEAST_CENTS, MOST_CENTS);
        Set<String> genres = new TreeSet<>();
        for (int left = between(1, MOST_GENRES); left > 0; left--) {
            genres.add(Genres.ALL.get(random.nextInt(Genres.ALL.size())));
        }
        books.add(new Book(
                String.format(Locale.ROOT, "b%04d", number), BigDecimal.valueOf(cents, 2), List.copyOf(genres)));
    }

    private void addReader(int number) {
        Set<Integer> read = new TreeSet<>();
        for (int left = between(1, MOST_READ); left > 0; left--) {
            read.add(random.nextInt(books.size()));
        }
        List<Book> rows = read.stream().map(books::get).map(this::asRow).toList();
        readers.add(new Reader(String.format(Locale.ROOT, "r%05d", number), rows));
    }

    private Book asRow(Book book) {
        return random.nextInt(MISSING_ONE_IN) == 0 ? new Book(book.book(), null, book.genres()) : book;
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
