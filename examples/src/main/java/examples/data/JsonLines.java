// SPDX-License-Identifier: Apache-2.0
package examples.data;

import examples.books.Book;
import examples.books.Reader;
import java.util.stream.Collectors;

/** Readers as JSON, one on a line. The generated words hold nothing that JSON would want escaped. */
final class JsonLines {
    private JsonLines() {}

    static String of(Reader reader) {
        return reader.books().stream()
                .map(JsonLines::of)
                .collect(Collectors.joining(",", "{\"reader\":\"" + reader.reader() + "\",\"books\":[", "]}"));
    }

    private static String of(Book book) {
        String genres =
                book.genres().stream().map(genre -> '"' + genre + '"').collect(Collectors.joining(",", "[", "]"));
        String price = book.price() == null ? "null" : book.price().toPlainString();
        return "{\"book\":\"" + book.book() + "\",\"price\":" + price + ",\"genres\":" + genres + "}";
    }
}
