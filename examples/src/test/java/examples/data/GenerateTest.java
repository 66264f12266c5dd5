// SPDX-License-Identifier: Apache-2.0
package examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import examples.HowManyWithinRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
    @TempDir
    Path files;

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        Map<String, byte[]> first = generated("first", 5);
        Map<String, byte[]> again = generated("again", 5);
        Map<String, byte[]> other = generated("other", 6);

        assertThat(first.keySet()).isEqualTo(again.keySet());
        first.forEach((file, bytes) -> assertThat(again.get(file)).as(file).isEqualTo(bytes));
        first.remove("reader-names.txt"); // they are counted
        first.forEach((file, bytes) -> assertThat(other.get(file)).as(file).isNotEqualTo(bytes));
    }

    /** So that what a document shows of the data stays true, on every Java. */
    @Test
    void theBytesOfSeedFiveAreTheseOnEveryMachine() throws IOException {
        CRC32 sum = new CRC32();
        Map<String, byte[]> data = generated("sum", 5);
        data.keySet().stream().sorted().map(data::get).forEach(sum::update);

        assertThat(Long.toHexString(sum.getValue())).isEqualTo("e08daa88");
    }

    @Test
    void everyFileHasAsManyLinesAsWereAskedFor() throws IOException {
        generated("counted", 5);

        assertThat(lines("readers.txt")).hasSize(20);
        assertThat(lines("readers.jsonl")).hasSize(20);
        assertThat(lines("reader-names.txt")).hasSize(20).startsWith("r00000", "r00001");
        assertThat(lines("readings.csv")).hasSizeGreaterThan(20).startsWith("reader,book,price,genres");
        assertThat(lines("rows.txt")).hasSize(40).allMatch(line -> line.matches("[0-9]( [0-9]){4}"));
        assertThat(lines("names.txt")).hasSize(7).allMatch(line -> line.matches("[A-Z][a-z]+ [A-Z][a-z]+"));
        assertThat(lines("throws.txt")).hasSize(9).allMatch(line -> line.matches("[0-9]+\\.[0-9] [0-9]+\\.[0-9]"));
        assertThat(lines("throws-frozen.txt")).hasSize(9).allMatch(line -> line.endsWith(" | 0 1.62"));
        assertThat(lines("angles.txt")).hasSize(9);
        assertThat(lines("rows.txt").stream()
                        .mapToInt(HowManyWithinRange::countInLine)
                        .sum())
                .isBetween(60, 140);
    }

    @Test
    void jsonLinesSayWhatTheLinesSay() throws IOException {
        generated("counted", 5);

        List<String> lines = lines("readers.txt");
        List<String> json = lines("readers.jsonl");
        for (int i = 0; i < lines.size(); i++) {
            String asLine = json.get(i)
                    .replace("{\"reader\":\"", "")
                    .replaceAll("\",\"books\":\\[\\{\"book\":\"|\\},\\{\"book\":\"", "\t")
                    .replace("\",\"price\":", ":")
                    .replace("null", "-")
                    .replaceAll(",\"genres\":\\[\"", ":")
                    .replace("\",\"", "|")
                    .replace("\"]", "")
                    .replaceAll("\\}\\]\\}$", "");
            assertThat(asLine).isEqualTo(lines.get(i));
        }
    }

    @Test
    void argumentsThatCannotBeRightAreRefusedInOneLineThatSaysWhatToDo() {
        assertRefused("no directory for the data is given; usage: Generate DIR");
        assertRefused("--readers x is not a whole number; give one such as 100", "d", "--readers", "x");
        assertRefused("--books 0 is not within 1 to 10000000; give one that is", "d", "--books", "0");
        assertRefused("--seed wants a number behind it", "d", "--seed");
        assertRefused("\"--reader\" is not known", "d", "--reader", "3");
        assertRefused("\"e\" is not known", "d", "e");
    }

    private static void assertRefused(String message, String... args) {
        assertThatThrownBy(() -> GenerateOptions.parse(args))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }

    private Map<String, byte[]> generated(String directory, long seed) throws IOException {
        Path target = files.resolve(directory);
        Generate.write(new GenerateOptions(target, seed, 20, 10, 40, 7, 9));
        Map<String, byte[]> bytes = new HashMap<>();
        try (var listed = Files.list(target)) {
            for (Path file : listed.toList()) {
                bytes.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return bytes;
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(files.resolve("counted").resolve(file), StandardCharsets.UTF_8);
    }
}
