// SPDX-License-Identifier: Apache-2.0
package examples.books;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One row of the long table: this reader has read this book. */
public record Reading(String reader, Book book) {
    /** The first line of the table as CSV. */
    public static final String HEADER = "reader,book,price,genres";

    /** From a row such as {@code r00017,b0231,12.50,crime|history}; an empty price is a missing one. */
    public static Reading ofRow(String row) {
        String[] fields = row.split(",", -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException("the row \"" + row + "\" has not the four fields " + HEADER);
        }
        return new Reading(fields[0], Book.of(fields[1], fields[2], fields[3]));
    }

    /** As a row of CSV; no field of ours needs quoting. */
    public String row() {
        String price = book.price() == null ? "" : book.price().toPlainString();
        return String.join(",", reader, book.book(), price, book.genresText());
    }

    /** All rows of a table, in its order. */
    public static List<Reading> read(Path csv) {
        try (Stream<String> lines = Files.lines(csv)) {
            return lines.skip(1).map(Reading::ofRow).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the table " + csv + " cannot be read", e);
        }
    }
}
