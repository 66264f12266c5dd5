// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jobs.Own;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code multijvm compare} with JVMs as they are. */
@Timeout(180) // each; on a machine that is busy with other things a worker may take ten seconds to start
class ComparingTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                                .isEmpty());
        String ours = "-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(Path::toString))
                    .noneMatch(
                            file -> file.contains("multijvm-compare" + ours) || file.contains("multijvm-items" + ours));
        }
    }

    private Program compare(String method, String... further) {
        return compareWith("", method, further);
    }

    private Program compareWith(String stdin, String method, String... further) {
        List<String> args = new ArrayList<>(List.of("compare", jar, "--call", "jobs.Sample::" + method));
        args.addAll(List.of("--heap-total", "192m", "--no-sweep", "--warmup", "0"));
        args.addAll(List.of(further));
        return Program.runWith(stdin.getBytes(UTF_8), args.toArray(String[]::new));
    }

    private JsonArray trials(Path export) throws IOException {
        return JsonParser.parseString(Files.readString(export))
                .getAsJsonObject()
                .getAsJsonArray("trials");
    }

    private static List<JsonObject> objects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    @Test
    void eachModeIsMeasuredInJvmsOfItsOwnAndAllComeToTheSame() throws IOException {
        Path json = directory.resolve("out.json");
        Path markdown = directory.resolve("out.md");
        Path csv = directory.resolve("out.csv");
        Program program = Program.run(
                "compare",
                jar,
                "--call",
                "jobs.Sample::doubled",
                "--heap-total",
                "192m",
                "--warmup",
                "0",
                "--trial-timeout",
                "100s",
                "--range",
                "0..50",
                "--runs",
                "2",
                "-j",
                "2",
                "--export-json",
                json.toString(),
                "--export-md",
                markdown.toString(),
                "--export-csv",
                csv.toString());
        assertThat(program.exitCode()).as(String.join("\n", program.err())).isZero();
        assertThat(program.err())
                .hasSize(7)
                .filteredOn(line -> line.endsWith(", 50/50"))
                .hasSize(6);
        assertThat(program.out())
                .anyMatch(line -> line.startsWith("serial "))
                .anyMatch(line -> line.startsWith("threads "))
                .anyMatch(line -> line.startsWith("processes "))
                .anyMatch(line -> line.startsWith("results identical in all trials (50 of 50, sha256 "));

        List<JsonObject> trials = objects(trials(json));
        assertThat(trials).hasSize(6);
        Set<String> digests = new TreeSet<>();
        for (JsonObject trial : trials) {
            digests.add(trial.get("sha256").getAsString());
            assertThat(trial.get("ending").getAsString()).isEqualTo("finished");
            assertThat(trial.get("ok").getAsInt()).isEqualTo(50);
            double wall = trial.get("wall_seconds").getAsDouble();
            double startUp = trial.get("start_up_seconds").getAsDouble();
            assertThat(startUp).isPositive().isLessThan(wall);
            assertThat(trial.get("transfer_seconds").getAsDouble()).isBetween(0.0, wall - startUp);
            assertThat(trial.get("jvm_arguments").toString())
                    .contains(trial.get("mode").getAsString().equals("processes") ? "-Xmx64m" : "-Xmx192m");
            if (Files.exists(Path.of("/proc/self/stat"))) {
                assertThat(trial.get("cpu_seconds").getAsDouble()).isPositive();
                assertThat(trial.get("peak_resident_bytes").getAsLong()).isGreaterThan(10_000_000);
            }
        }
        assertThat(digests).hasSize(1);
        assertThat(Files.readAllLines(csv)).hasSize(7);
        assertThat(Files.readString(markdown)).contains("| mode | workers |", "| processes | 2 |");
        if (Files.getFileStore(json).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
                    .isEqualTo("rw-------");
        }
        sweepIsIn(json, program);
    }

    private static void sweepIsIn(Path json, Program program) throws IOException {
        assertThat(program.out())
                .filteredOn(line -> line.startsWith("break-even: "))
                .singleElement()
                .asString()
                .contains("(2 workers, spinning items, without start-up; ");
        JsonArray points = JsonParser.parseString(Files.readString(json))
                .getAsJsonObject()
                .getAsJsonObject("break_even")
                .getAsJsonArray("points");
        assertThat(points).hasSize(7);
        JsonObject longest = points.get(6).getAsJsonObject();
        double seconds = longest.getAsJsonArray("threads_seconds").get(0).getAsDouble();
        int items = longest.get("items").getAsInt();
        assertThat(seconds / items * 1e6)
                .as("µs for each item of 4096 µs, two at a time")
                .isBetween(1_000.0, 80_000.0);
    }

    @Test
    void aHaltCostsThreadsTheRunAndProcessesOneItem() throws IOException {
        Path json = directory.resolve("out.json");
        Program program = compare(
                "doubled",
                "--range",
                "0..40",
                "--runs",
                "1",
                "-j",
                "2",
                "--modes",
                "threads,processes",
                "--with-fault",
                "halt@37",
                "--export-json",
                json.toString());
        assertThat(program.exitCode()).as(String.join("\n", program.err())).isZero();
        String row = program.out().get(program.out().size() - 1);
        assertThat(row).matches("halt@37 +JVM died, [0-9]+/40 +39/40 ok, 1 reported \\(CRASH\\), [+-][0-9.]+ s");
        JsonObject inThreads = objects(trials(json)).stream()
                .filter(each ->
                        each.has("fault") && each.get("mode").getAsString().equals("threads"))
                .findFirst()
                .orElseThrow();
        assertThat(inThreads.get("ending").getAsString()).isEqualTo("died");
        assertThat(inThreads.get("how").getAsString()).startsWith("its JVM exited with code 9");
        assertThat(inThreads.get("results").getAsInt()).isLessThanOrEqualTo(37);
    }

    @Test
    void aHangNeverEndsInOneJvmAndItsTrialIsEnded() {
        Program program = compare(
                "doubled",
                "--range",
                "0..10",
                "--runs",
                "1",
                "--modes",
                "serial",
                "--with-fault",
                "hang@5",
                "--timeout",
                "2s",
                "--trial-timeout",
                "20s");
        assertThat(program.out().get(program.out().size() - 1)).matches("hang@5 +never ended \\(20 s\\), 5/10");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void aHangCostsProcessesOneItem() {
        Program program = compare(
                "doubled",
                "--range",
                "0..10",
                "--runs",
                "1",
                "-j",
                "1",
                "--modes",
                "processes",
                "--with-fault",
                "hang@5",
                "--timeout",
                "4s");
        assertThat(program.out().get(program.out().size() - 1))
                .as(String.join("\n", program.err()))
                .matches("hang@5 +9/10 ok, 1 reported \\(TIMEOUT\\), [+-][0-9.]+ s");
    }

    @Test
    void resultsThatDependOnTheModeEndTheComparisonAndTheFirstIsNamed() {
        Path json = directory.resolve("out.json");
        Program program = compare(
                "whereItRan",
                "--range",
                "3..6",
                "--runs",
                "1",
                "--modes",
                "serial,threads",
                "-j",
                "1",
                "--export-json",
                json.toString(),
                "-q");
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.out()).isEmpty();
        assertThat(program.err())
                .singleElement()
                .asString()
                .startsWith("error: item 0 has different results: ")
                .contains("\"main\" in serial", "\"multijvm-thread-0\" in threads/1");
        assertThat(json).as("an export of nothing").doesNotExist();
    }

    @Test
    void itemsThatCanBeReadOnlyOnceAreReadByEveryTrial() {
        Program program =
                compareWith("a\nbb\nccc\n", "length", "--lines", "-", "--runs", "1", "--modes", "serial,threads", "-q");
        assertThat(program.exitCode()).as(String.join("\n", program.err())).isZero();
        assertThat(program.out()).anyMatch(line -> line.startsWith("results identical in all trials (3 of 3, "));
    }

    @Test
    void itemsThatThrowInEveryModeAreNoDifference() {
        Program program = compare("oddOnly", "--range", "0..10", "--runs", "1", "--modes", "serial,threads", "-q");
        assertThat(program.exitCode()).as(String.join("\n", program.err())).isZero();
        assertThat(program.out()).anyMatch(line -> line.startsWith("note: 5 of 10 items failed in "));
    }

    @Test
    void aJobWithItemsOfItsOwnIsComparedOnThem() throws IOException {
        Path own = directory.resolve("own.jar");
        TestJar.of(own, "", List.of("jobs.Own"), Own.class, Own.Item.class);
        Program program = Program.run(
                "compare",
                own.toString(),
                "--modes",
                "serial,threads",
                "--runs",
                "1",
                "--warmup",
                "0",
                "--heap-total",
                "64m",
                "-q");
        assertThat(program.exitCode()).as(String.join("\n", program.err())).isZero();
        assertThat(program.out())
                .anyMatch(line -> line.startsWith("compare job of own.jar · 3 items"))
                .anyMatch(line -> line.startsWith("results identical in all trials (3 of 3, "));
    }

    @Test
    void trialsEndWithTheirComparison() throws IOException, InterruptedException {
        Process comparison = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MultijvmMain.class.getName(),
                        "compare",
                        jar,
                        "--call",
                        "jobs.Sample::waiting",
                        "--range",
                        "0..1",
                        "--modes",
                        "serial",
                        "--heap-total",
                        "64m")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> trialsOf(comparison).size() == 1);
            List<ProcessHandle> trials = trialsOf(comparison);
            comparison.toHandle().destroy(); // SIGTERM: it puts its files away, too
            assertThat(comparison.waitFor(30, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(30)).until(() -> trials.stream().noneMatch(ProcessHandle::isAlive));
            try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                assertThat(files.map(Path::toString))
                        .noneMatch(file -> file.contains("multijvm-compare-" + comparison.pid() + "-"));
            }
        } finally {
            comparison.destroyForcibly();
        }
    }

    /** Those that run: not what is still about to become one, of which its comparison does not know yet. */
    private static List<ProcessHandle> trialsOf(Process comparison) {
        return comparison
                .descendants()
                .filter(each -> each.info().commandLine().orElse("").contains(TrialMain.class.getName()))
                .filter(ProcessHandle::isAlive)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
