// SPDX-License-Identifier: Apache-2.0
package examples.books;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A book as one reader's row has it.
 *
 * @param price exact, so that a sum does not depend on the order of its rows; null where the row lacks it
 * @param genres at least one
 */
public record Book(String book, @Nullable BigDecimal price, List<String> genres) {
    private static final String NO_PRICE = "-";
    private static final String BETWEEN_GENRES = "|";

    public Book {
        if (book.isBlank() || genres.isEmpty()) {
            throw new IllegalArgumentException(
                    "a book has a name and a genre, but here are \"" + book + "\", " + genres);
        }
        if (price != null && price.signum() < 0) {
            throw new IllegalArgumentException("the price of " + book + " is negative: " + price);
        }
        genres = List.copyOf(genres);
    }

    /** A book from the text of its three fields; {@code -} or nothing is a missing price. */
    static Book of(String book, String price, String genres) {
        boolean missing = price.isEmpty() || price.equals(NO_PRICE);
        return new Book(book, missing ? null : number(price), List.of(genres.split("\\|")));
    }

    /** One word of a reader's line, such as {@code b0231:12.50:crime|history}. */
    static Book ofWord(String word) {
        String[] fields = word.split(":", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("\"" + word + "\" is not BOOK:PRICE:GENRE|GENRE");
        }
        return of(fields[0], fields[1], fields[2]);
    }

    /** As a word of a reader's line. */
    String word() {
        return book + ":" + (price == null ? NO_PRICE : price.toPlainString()) + ":" + genresText();
    }

    String genresText() {
        return String.join(BETWEEN_GENRES, genres);
    }

    private static BigDecimal number(String price) {
        try {
            return new BigDecimal(price);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + price + "\" is not a price", e);
        }
    }
}
