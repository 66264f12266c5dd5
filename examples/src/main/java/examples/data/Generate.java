// SPDX-License-Identifier: Apache-2.0
package examples.data;

import examples.books.Reader;
import examples.books.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the data that the examples read into a directory, over what is there. The same flags give the same bytes.
 *
 * <pre>java -cp multijvm-examples.jar examples.data.Generate data --seed 1 --readers 1000</pre>
 */
public final class Generate {
    /** Of the moon, without air: the frozen arguments. */
    private static final String FROZEN = " | 0 1.62";

    private static final int BAD_INPUT = 2;
    private static final int NOT_WRITTEN = 74;

    private Generate() {}

    /** Writes the files and says which. Exits with 2 for bad arguments, 74 if the files cannot be written. */
    public static void main(String[] args) {
        GenerateOptions options;
        try {
            options = GenerateOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(BAD_INPUT);
            return;
        }
        try {
            write(options).forEach((file, lines) -> System.out.printf("%8d lines in %s%n", lines, file));
        } catch (IOException e) {
            System.err.println("error: the data cannot be written to " + options.directory() + ": "
                    + e.getClass().getSimpleName() + " " + e.getMessage()
                    + "; give a directory that can be written to");
            System.exit(NOT_WRITTEN);
        }
    }

    /** Writes all files; returns how many lines each has. */
    static Map<String, Integer> write(GenerateOptions options) throws IOException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        Library library = Library.of(options.seed(), options.readers(), options.books());
        files.put("readers.txt", library.readers().stream().map(Reader::line).toList());
        files.put("readers.jsonl", library.readers().stream().map(JsonLines::of).toList());
        files.put(
                "reader-names.txt",
                library.readers().stream().map(Reader::reader).toList());
        files.put("readings.csv", csv(library.readings()));
        files.put("rows.txt", Numbers.rows(options.seed(), options.rows()));
        files.put("names.txt", NameList.of(options.seed(), options.names()));
        List<String> cases = Numbers.cases(options.seed(), options.cases());
        files.put(
                "angles.txt", cases.stream().map(each -> each.split(" ", 2)[0]).toList());
        files.put("throws.txt", cases);
        files.put("throws-frozen.txt", cases.stream().map(each -> each + FROZEN).toList());

        Files.createDirectories(options.directory());
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> file : files.entrySet()) {
            Path path = options.directory().resolve(file.getKey());
            // With \n everywhere, so that the bytes are the same on every system.
            Files.writeString(path, String.join("\n", file.getValue()) + "\n");
            lines.put(file.getKey(), file.getValue().size());
        }
        return lines;
    }

    private static List<String> csv(List<Reading> table) {
        List<String> lines = new ArrayList<>();
        lines.add(Reading.HEADER);
        table.forEach(row -> lines.add(row.row()));
        return lines;
    }
}
