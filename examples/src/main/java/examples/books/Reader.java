// SPDX-License-Identifier: Apache-2.0
package examples.books;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A reader with all books that he or she has read: the wide form, one item that needs nothing but itself. */
public record Reader(String reader, List<Book> books) {
    private static final String TAB = "\t";

    public Reader {
        if (reader.isBlank() || books.isEmpty()) {
            throw new IllegalArgumentException(
                    "a reader has a name and a book, but here are \"" + reader + "\", " + books);
        }
        books = List.copyOf(books);
    }

    /** From a line such as {@code r00017 b0231:12.50:crime|history b0007:-:poetry}, with tabs between its words. */
    public static Reader ofLine(String line) {
        String[] words = line.split(TAB, -1);
        return new Reader(
                words[0], Arrays.stream(words).skip(1).map(Book::ofWord).toList());
    }

    /** As a line. */
    public String line() {
        return Stream.concat(Stream.of(reader), books.stream().map(Book::word)).collect(Collectors.joining(TAB));
    }
}
