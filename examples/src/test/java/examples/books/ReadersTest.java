// SPDX-License-Identifier: Apache-2.0
package examples.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import examples.data.Library;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each answer against one that is worked out here from the text of the files, in another way. */
class ReadersTest {
    private final Library library = Library.of(7, 300, 50);
    private final List<String> lines =
            library.readers().stream().map(Reader::line).toList();

    @Test
    void aMeanPriceIsThatOfTheRowsWithAPrice() {
        MeanPrice mean = MeanPrice.ofLine("r1\tb1:10.00:crime\tb2:-:poetry\tb3:5.50:crime|travel");

        assertThat(mean).isEqualTo(new MeanPrice("r1", 7.75, 2));
    }

    @Test
    void aReaderWithoutAnyPriceHasNoMean() {
        assertThat(MeanPrice.ofLine("r1\tb1:-:crime\tb2::poetry")).isEqualTo(new MeanPrice("r1", null, 0));
    }

    @Test
    void everyMeanIsWhatTheTextOfTheLineSays() {
        int withoutMean = 0;
        for (String line : lines) {
            List<Double> prices = new ArrayList<>();
            for (String word : List.of(line.split("\t", -1))) {
                String[] fields = word.split(":", -1);
                if (fields.length == 3 && !fields[1].equals("-")) {
                    prices.add(Double.parseDouble(fields[1]));
                }
            }
            MeanPrice mean = MeanPrice.ofLine(line);
            assertThat(mean.priced()).isEqualTo(prices.size());
            if (prices.isEmpty()) {
                withoutMean++;
                assertThat(mean.mean()).isNull();
            } else {
                double expected =
                        prices.stream().mapToDouble(Double::doubleValue).sum() / prices.size();
                assertThat(mean.mean()).isCloseTo(expected, within(1e-9));
            }
        }
        System.out.println(withoutMean + " of " + lines.size() + " readers have no price at all");
        assertThat(withoutMean).as("the data have such readers").isBetween(1, 30);
    }

    @Test
    void theSharesOfGenresMakeOneTogether() {
        for (String line : lines) {
            Map<String, Double> shares = Genres.ofLine(line);
            assertThat(shares).containsOnlyKeys(Genres.ALL);
            assertThat(shares.values().stream().mapToDouble(Double::doubleValue).sum())
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void aShareIsThatOfItsWordAmongTheGenresOfTheLine() {
        for (String line : lines) {
            List<String> words = List.of(line.replaceAll("\t[^:]*:[^:]*:", "|").split("\\|", -1));
            Map<String, Double> shares = Genres.ofLine(line);
            for (String genre : Genres.ALL) {
                double count = words.stream().filter(genre::equals).count();
                assertThat(shares.get(genre)).isCloseTo(count / (words.size() - 1), within(1e-9));
            }
        }
    }

    @Test
    void onlyTheGenresThatAreAskedForCount() {
        assertThat(Genres.amongInLine("crime|poetry\tr1\tb1:1.00:crime\tb2:1.00:crime|poetry\tb3:1.00:travel"))
                .isEqualTo(Map.of("crime", 2.0 / 3, "poetry", 1.0 / 3));
        assertThat(Genres.amongInLine("essay\tr1\tb1:1.00:crime")).isEqualTo(Map.of("essay", 0.0));
    }

    @Test
    void aScanForEachReaderAndOnePassForAllSayWhatTheReadersOwnLinesSay(@TempDir Path files) throws IOException {
        Path csv = files.resolve("readings.csv");
        List<String> rows = new ArrayList<>(List.of(Reading.HEADER));
        library.readings().forEach(row -> rows.add(row.row()));
        Files.write(csv, rows);

        Map<String, Map<String, Double>> genres = OnePass.genresOf(csv);
        Map<String, MeanPrice> means =
                OnePass.meanPricesOf(csv).stream().collect(Collectors.toMap(MeanPrice::reader, mean -> mean));

        assertThat(means).hasSize(lines.size());
        for (String line : lines) {
            String reader = Reader.ofLine(line).reader();
            assertThat(means.get(reader)).isEqualTo(MeanPrice.ofLine(line));
            assertThat(Scan.meanPriceInLine(reader + "\t" + csv)).isEqualTo(MeanPrice.ofLine(line));
            assertThat(genres.get(reader)).isEqualTo(Genres.ofLine(line));
            assertThat(Scan.genresInLine(reader + "\t" + csv)).isEqualTo(Genres.ofLine(line));
        }
    }

    @Test
    void linesAndRowsReadBackAsWhatTheyWereWrittenFrom() {
        assertThat(lines.stream().map(Reader::ofLine)).isEqualTo(library.readers());
        assertThat(library.readings().stream().map(Reading::row).map(Reading::ofRow))
                .isEqualTo(library.readings());
    }

    @Test
    void theTableHasTheReadersRowsAndNoOthersAndNotInTheirOrder() {
        Map<String, Integer> rows = new HashMap<>();
        library.readings().forEach(row -> rows.merge(row.reader(), 1, Integer::sum));

        library.readers()
                .forEach(reader -> assertThat(rows.get(reader.reader()))
                        .isEqualTo(reader.books().size()));
        List<String> order = library.readings().stream().map(Reading::reader).toList();
        assertThat(order).isNotEqualTo(order.stream().sorted().toList());
    }

    @Test
    void aLineThatIsNoReaderIsRefusedWithTheWordThatIsWrong() {
        assertThatThrownBy(() -> MeanPrice.ofLine("r1\tb1:ten:crime")).hasMessage("\"ten\" is not a price");
        assertThatThrownBy(() -> MeanPrice.ofLine("r1\tb1")).hasMessage("\"b1\" is not BOOK:PRICE:GENRE|GENRE");
        assertThatThrownBy(() -> MeanPrice.ofLine("r1")).hasMessageContaining("a reader has a name and a book");
        assertThatThrownBy(() -> new Book("b1", new BigDecimal("-1"), List.of("crime")))
                .hasMessage("the price of b1 is negative: -1");
        assertThatThrownBy(() -> Reading.ofRow("r1,b1,2.00")).hasMessageContaining("reader,book,price,genres");
        assertThatThrownBy(() -> Scan.meanPriceInLine("r1")).hasMessageContaining("a reader, a tab and a file");
        assertThatThrownBy(() -> Genres.amongInLine("crime")).hasMessageContaining("a tab and a reader");
    }

    @Test
    void someRowsOfTheLibraryLackTheirPrice() {
        long missing = library.readings().stream()
                .filter(row -> Objects.isNull(row.book().price()))
                .count();
        int rows = library.readings().size();
        System.out.println(missing + " of " + rows + " rows have no price");
        assertThat((double) missing / rows).isBetween(0.04, 0.13);
    }
}
