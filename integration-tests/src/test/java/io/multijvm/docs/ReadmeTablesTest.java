// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.cli.MultijvmMain;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's tables are made by its commands. Times differ from run to run; all else must not. */
@Timeout(180)
@PromiseTest
class ReadmeTablesTest {
    private final Readme readme = Readme.ofThisTree();

    @TempDir
    Path files;

    private Path jar = Path.of("");

    @BeforeEach
    void packageTheExample() throws IOException {
        Path classes = Files.createDirectory(files.resolve("classes"));
        Sources.compile(
                classes, List.of(Readme.home().resolve("examples/src/main/java/examples/HowManyWithinRange.java")));
        jar = files.resolve("job.jar");
        Sources.jar(jar, classes);
    }

    @Test
    void theComparisonIsWhatItsCommandPrints() throws IOException, InterruptedException {
        Readme.Block shown = comparisonWith(false);
        List<String> lines = shown.lines().subList(1, shown.lines().size());

        // fewer trials: they change figures, not what is said
        ProgramRun ran = compare(shown.lines().get(0), "--runs", "2", "--warmup", "0");

        assertThat(ran.exitCode()).as(String.join("\n", ran.err())).isZero();
        assertThat(linesLike(lines, "results identical")).isEqualTo(linesLike(ran.out(), "results identical"));
        for (String beginning : List.of("mode ", "  wall:", "  CPU-s:", "  start-up:")) {
            assertThat(words(linesLike(lines, beginning))).isEqualTo(words(linesLike(ran.out(), beginning)));
        }
        for (String mode : List.of("serial  ", "threads  ", "processes  ")) {
            assertThat(linesLike(lines, mode)).hasSize(1);
            assertThat(withoutFigures(linesLike(lines, mode))).isEqualTo(withoutFigures(linesLike(ran.out(), mode)));
        }
    }

    @Test
    void theTableOfFaultsIsWhatItsCommandPrints() throws IOException, InterruptedException {
        Readme.Block shown = comparisonWith(true);
        String command = shown.lines().get(0);
        assertThat(command).endsWith("| tail -n 4");

        ProgramRun ran = compare(command.substring(0, command.indexOf('|')), "--runs", "1", "--warmup", "0");

        List<String> last = ran.out().subList(ran.out().size() - 4, ran.out().size());
        assertThat(withoutFigures(last))
                .isEqualTo(withoutFigures(shown.lines().subList(1, shown.lines().size())));
    }

    @Test
    void theBenchmarksAreThoseOfASavedRun() throws IOException {
        List<String> lines = readme.lines();
        int from = lines.indexOf("<!-- benchmarks -->");
        int to = lines.lastIndexOf("<!-- benchmarks -->");
        List<String> table = lines.subList(from + 1, to);
        assertThat(table).hasSizeGreaterThan(10);
        try (Stream<Path> saved = Files.list(Readme.home().resolve("benchmarks/results"))) {
            assertThat(saved.filter(file -> file.toString().endsWith(".md")))
                    .anySatisfy(file -> assertThat(Files.readAllLines(file)).containsAll(table));
        }
    }

    private Readme.Block comparisonWith(boolean faults) {
        return readme.blocksIn("console").stream()
                .filter(each -> each.lines().get(0).startsWith("$ bin/multijvm compare "))
                .filter(each -> each.lines().get(0).contains("--with-fault") == faults)
                .findFirst()
                .orElseThrow();
    }

    /** The command of the README on our jar, with other counts. */
    private ProgramRun compare(String command, String... instead) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Arrays.asList(command.trim().split(" +", -1)));
        List<String> arguments = new ArrayList<>(words.subList(2, words.size()));
        arguments.set(1, jar.toString());
        int runs = arguments.indexOf("--runs");
        arguments.subList(runs, runs + 2).clear();
        arguments.addAll(List.of(instead));
        return ProgramRun.run(files, files, MultijvmMain.class.getName(), arguments);
    }

    private static List<String> linesLike(List<String> lines, String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).toList();
    }

    /** How wide a table's columns are depends on its figures. */
    private static List<String> words(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll(" +", " ")).toList();
    }

    private static List<String> withoutFigures(List<String> lines) {
        return words(lines).stream()
                .map(line -> line.replaceAll("[+-]?[0-9]+([.][0-9]+)?", "N").replaceAll("(MB|GB)", "SIZE"))
                .toList();
    }
}
