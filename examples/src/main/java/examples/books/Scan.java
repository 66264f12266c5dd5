// SPDX-License-Identifier: Apache-2.0
package examples.books;

import examples.books.Genres.GenreCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The same questions asked of the long table as they are first written: for each reader, go through all rows and keep
 * the reader's. The work grows with readers times rows, so more workers help; {@link OnePass} helps more.
 *
 * <pre>
 * sed 's|$|\tdata/readings.csv|' data/reader-names.txt |
 *     multijvm run multijvm-examples.jar --call examples.books.Scan::meanPriceInLine --lines -
 * </pre>
 */
public final class Scan {
    /** Read once in each JVM: a table that changes meanwhile is not looked at again. */
    private static final Map<Path, List<Reading>> TABLES = new ConcurrentHashMap<>();

    private Scan() {}

    /** Two arguments in one line: a reader, a tab, and the table's file. */
    public static MeanPrice meanPriceInLine(String line) {
        Question question = Question.parse(line);
        return meanPrice(question.reader(), question.table());
    }

    /** Two arguments in one line: a reader, a tab, and the table's file. */
    public static Map<String, Double> genresInLine(String line) {
        Question question = Question.parse(line);
        GenreCount count = new GenreCount();
        question.table().stream()
                .filter(row -> row.reader().equals(question.reader()))
                .forEach(row -> count.add(row.book()));
        return count.shares(Genres.ALL);
    }

    /** The mean price of one reader's books, after a look at every row. */
    public static MeanPrice meanPrice(String reader, List<Reading> table) {
        MeanPrice.Sum sum = new MeanPrice.Sum();
        table.stream().filter(row -> row.reader().equals(reader)).forEach(row -> sum.add(row.book()));
        return sum.mean(reader);
    }

    private record Question(String reader, List<Reading> table) {
        static Question parse(String line) {
            String[] arguments = line.split("\t", -1);
            if (arguments.length != 2) {
                throw new IllegalArgumentException("this is not a reader, a tab and a file: \"" + line + '"');
            }
            return new Question(arguments[0], TABLES.computeIfAbsent(Path.of(arguments[1]), Reading::read));
        }
    }
}
