// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what the peers' tests check names tests of ours; each of them must be there. */
class ParityTableTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+?) \\| (.+?) \\| (same|differs|later|not ours): ?(.*) \\|$");

    @Test
    void everyTestThatTheTableNamesIsThere() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        Matcher test = TEST.matcher(Files.readString(Readme.home().resolve("docs/parity.md")));
        while (test.find()) {
            named++;
            String source = sources.get(test.group(1));
            if (source == null
                    || !Pattern.compile("\\b" + test.group(2) + "\\(")
                            .matcher(source)
                            .find()) {
                missing.add(test.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isPositive();
    }

    @Test
    void everyRowSaysWhetherItIsTheSameAndNamesATestOrAReason() throws IOException {
        List<String> wrong = Files.readAllLines(Readme.home().resolve("docs/parity.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| peer's case"))
                .filter(line -> !saysEnough(line))
                .toList();

        assertThat(wrong).isEmpty();
    }

    private static boolean saysEnough(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            return false;
        }
        return row.group(3).equals("same")
                ? TEST.matcher(row.group(4)).find()
                : !row.group(4).isBlank();
    }

    /** By simple name of the file's class. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(Readme.home(), 12)) {
            files = all.filter(file -> file.toString().contains("/src/test/java/")
                            && file.toString().endsWith(".java"))
                    .toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).replace(".java", "");
            sources.merge(name, Files.readString(file, StandardCharsets.UTF_8), String::concat);
        }
        return sources;
    }
}
