// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program runs from end to end; how fast is no matter of a test. */
@Timeout(value = 400, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BenchmarksTest {
    private static final Path HOME = Path.of(System.getProperty(BenchmarksMain.HOME_PROPERTY, "."));
    private static final String NO_SUCH_PYTHON = "no-such-python";

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    private Report smoke(String... more) throws BenchmarkException {
        List<String> words = new ArrayList<>(List.of("--smoke"));
        words.addAll(List.of(more));
        return BenchmarksMain.measure(Arguments.parse(words), HOME, "a test", stream());
    }

    private PrintStream stream() {
        return new PrintStream(heard, true, StandardCharsets.UTF_8);
    }

    @Test
    void ofAHundredItemsOursLoseTheOneThatDiesAndThePoolGoesOn() throws Exception {
        List<BlastRadius.Row> rows = BlastRadius.run(
                new BlastPeer.Program("python3", HOME.resolve("peers").resolve("blast_peer.py")),
                Duration.ofSeconds(2));

        assertThat(rows).hasSize(11);
        assertThat(rows.subList(0, 2)).allSatisfy(row -> {
            assertThat(row.results()).isEqualTo("99");
            assertThat(row.told()).contains("WorkerCrashedException: item").contains("SIGKILL");
            assertThat(row.afterwards()).isEqualTo("a new task runs");
        });
        assertThat(rows.get(0).told()).contains("item 37");
        assertThat(rows.get(2).told()).contains("item 37");
        // whatever there is of the others has said something, or is missing
        assertThat(rows.subList(3, rows.size()))
                .allSatisfy(row -> assertThat(row.told()).as(row.who()).isNotEmpty());
    }

    @Test
    void everyPartHasPositiveFiguresOfEveryContenderThatCanRun(@TempDir Path directory) throws Exception {
        Report report = smoke();

        assertThat(report.parts())
                .extracting(Report.PartResult::id)
                .containsExactly(
                        "apply",
                        "future",
                        "submit",
                        "outstanding",
                        "map_by_one",
                        "map",
                        "rows_map",
                        "rows_starmap",
                        "argument",
                        "result",
                        "workers",
                        "value_add",
                        "array_set",
                        "lock_free",
                        "lock_by_two",
                        "queue",
                        "queue_by_four",
                        "queue_large",
                        "map_put",
                        "own_increment",
                        "pipe_value",
                        "pipe_bytes",
                        "process");
        boolean python = !report.conditions().python().equals("none");
        for (Report.PartResult part : report.parts()) {
            assertThat(part.rows()).as(part.id()).hasSizeGreaterThanOrEqualTo(2);
            for (Report.Row row : part.rows()) {
                if (row.contender().startsWith("CPython") && !python) {
                    assertThat(row.skipped()).isNotEmpty();
                    continue;
                }
                if (row.contender().contains("joblib") && !row.skipped().isEmpty()) {
                    assertThat(row.skipped()).contains("python3-joblib");
                    continue;
                }
                assertThat(row.figures())
                        .as("%s of %s", row.contender(), part.id())
                        .hasSize(1)
                        .allMatch(figure -> figure > 0 && Double.isFinite(figure));
                long ran = part.rows().stream()
                        .filter(peer -> !peer.contender().startsWith("Multijvm")
                                && peer.skipped().isEmpty())
                        .count();
                // of the two kinds of a round trip each is compared with those of its own kind
                assertThat(row.ratios())
                        .as("%s of %s", row.contender(), part.id())
                        .hasSizeBetween(
                                row.contender().startsWith("Multijvm") && ran > 0 ? 1 : 0,
                                row.contender().startsWith("Multijvm") ? (int) ran : 0);
            }
        }

        BenchmarksMain.save(report, directory, stream());
        Path json = directory.resolve(report.conditions().fileName() + ".json");
        assertThat(new Gson().fromJson(Files.readString(json), Report.class)).isEqualTo(report);
        assertThat(directory.resolve(report.conditions().fileName() + ".md"))
                .content()
                .contains(report.conditions().jdk(), report.conditions().commit(), "raw Unix socket");
        assertThat(MarkdownTable.of(report).lines().filter(line -> line.startsWith("| ")))
                .allSatisfy(line -> assertThat(peersOf(line)).doesNotHaveDuplicates());
    }

    /** With whom it is compared, as its last cell names them. */
    private static List<String> peersOf(String line) {
        String ratios = line.substring(line.lastIndexOf('|', line.length() - 2));
        return Pattern.compile("\\) ([\\w ]+)")
                .matcher(ratios)
                .results()
                .map(found -> found.group(1).strip())
                .toList();
    }

    @Test
    void withoutPythonItsRowsAreSkippedAndSayWhy() throws Exception {
        Report report = smoke("--python", NO_SUCH_PYTHON);

        for (Report.PartResult part : report.parts()) {
            assertThat(part.rows())
                    .filteredOn(row -> row.contender().startsWith("CPython"))
                    .isNotEmpty()
                    .allSatisfy(row -> {
                        assertThat(row.figures()).isEmpty();
                        assertThat(row.skipped()).contains(NO_SUCH_PYTHON, "--python");
                    });
        }
        assertThat(MarkdownTable.of(report)).contains("skipped", NO_SUCH_PYTHON);
    }

    @Test
    void contendersThatDisagreeEndTheRun() {
        Part part = new Part(
                "sum",
                "a sum",
                Unit.MICROS,
                1,
                List.of(
                        Contender.peer("right", () -> new Measured(1, 42)),
                        Contender.peer("wrong", () -> new Measured(1, 41))));

        assertThatThrownBy(() -> new Runner(Sizes.smoke(), text -> {}).run(List.of(part)))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContainingAll("wrong", "a sum", "41", "42");
    }

    @Test
    void theOrderOfContendersIsAnotherOneEachRound() throws Exception {
        StringBuilder order = new StringBuilder();
        Part part = new Part(
                "order",
                "an order",
                Unit.MICROS,
                1,
                List.of(
                        Contender.peer("a", () -> noted(order, 'a')),
                        Contender.peer("b", () -> noted(order, 'b')),
                        Contender.peer("c", () -> noted(order, 'c'))));

        new Runner(Sizes.smoke().withRounds(3), text -> {}).run(List.of(part));

        assertThat(order).hasToString("abc" + "abc" + "bca" + "cab"); // the first is the warm-up
    }

    private static Measured noted(StringBuilder order, char name) {
        order.append(name);
        return new Measured(1, 0);
    }

    @Test
    void timesAsFastIsTakenRoundByRoundAndAboveOneIsFaster() throws Exception {
        List<Long> ours = new ArrayList<>(List.of(1L, 10L, 20L, 90L));
        List<Long> theirs = new ArrayList<>(List.of(1L, 40L, 40L, 30L));
        Part part = new Part(
                "ratio",
                "a ratio",
                Unit.MICROS,
                1,
                List.of(
                        Contender.ours("ours", List.of("theirs"), () -> new Measured(ours.remove(0), 0)),
                        Contender.peer("theirs", () -> new Measured(theirs.remove(0), 0))));

        Report.PartResult result = new Runner(Sizes.smoke().withRounds(3), text -> {})
                .run(List.of(part))
                .get(0);

        Report.Row row = result.rows().get(0);
        assertThat(row.spread()).isEqualTo(new Spread(0.02, 0.01, 0.09));
        Spread ratio = row.ratios().get(0).timesAsFast();
        assertThat(ratio.median()).isEqualTo(2);
        assertThat(ratio.max()).isEqualTo(4);
        assertThat(ratio.min()).isBetween(0.33, 0.34);
    }

    @Test
    void theThreadsCostsNameOurEventLoopsAndTheTaskThread() {
        assertThat(BenchmarksMain.run(List.of("--smoke", "--threads"), stream(), System.err))
                .isZero();
        assertThat(heard.toString(StandardCharsets.UTF_8))
                .contains(
                        "apply, one worker: 200 calls", "map of x+1", "| worker | multijvm-task", "| caller's JVM | ");
    }

    @Test
    void aMistakeIsOneLine() {
        for (List<String> words : List.of(
                List.of("--fast"), List.of("--rounds"), List.of("--rounds", "0"), List.of("--rounds", "many"))) {
            heard.reset();
            assertThat(BenchmarksMain.run(words, stream(), stream())).isEqualTo(1);
            assertThat(heard.toString(StandardCharsets.UTF_8))
                    .startsWith("error: ")
                    .contains(words.get(words.size() - 1))
                    .hasLineCount(1);
        }
    }
}
