// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jobs.Saboteur;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Items, jar and disk do not stand still while a run is on its way. */
@Timeout(60)
class ChangingFilesTest {
    @TempDir
    Path directory;

    private Path jar = Path.of("");
    private Path items = Path.of("");

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.of(directory.resolve("job.jar"), "", Saboteur.class);
        items = directory.resolve("items");
    }

    @Test
    void linesThatAreAppendedMeanwhileAreNoItems() throws IOException {
        Files.writeString(items, items + "\n".repeat(100_000));
        Program program = run("appends", "serial");
        assertThat(program.out()).hasSize(100_000).noneMatch(line -> line.contains("late"));
        assertThat(items).content().endsWith("\nlate\n");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void aLastLineOfWhichOnlyAPartWasThereIsReadToItsEnd() throws IOException {
        Files.writeString(items, "one\ntw");
        try (InputStream in = FileAsItBegan.open(items)) {
            Files.writeString(items, "o\nthree\n", StandardOpenOption.APPEND);
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aFileThatBecomesShorterIsAnErrorAndTheResultsBeforeItStay() throws IOException {
        Files.writeString(items, items + "\n".repeat(200_000));
        Program program = run("cuts", "serial");
        assertThat(program.out()).isNotEmpty();
        assertThat(program.out().get(0))
                .isEqualTo("{\"index\":0,\"value\":" + items.toString().length() + "}");
        assertThat(program.err())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("error: " + items + " cannot be read beyond line ")
                        .contains("it became shorter while it was read: "));
        assertThat(program.exitCode()).isEqualTo(74);
    }

    @Test
    void aJarThatIsBuiltAnewWhileItsJobRunsIsToldAtTheEnd() throws IOException {
        Files.writeString(items, jar + "\n");
        Program program = run("touches", "serial");
        assertThat(program.out()).hasSize(1);
        assertThat(program.err())
                .contains("warning: " + jar + " changed while its job ran; classes that were loaded after that may be "
                        + "of either version");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void noWorkerIsStartedWithAJarThatWasBuiltAnew() throws IOException {
        Files.writeString(items, jar + "\n\n\n");
        Program program = run("touchesAndHalts", "processes", "-j", "1", "--retries", "0");
        assertThat(program.out()).hasSize(1);
        assertThat(program.out().get(0)).contains("\"kind\":\"CRASH\"");
        assertThat(program.err())
                .anySatisfy(
                        line -> assertThat(line).startsWith("error: ").contains(jar + " changed while its job ran"));
        assertThat(program.exitCode()).isEqualTo(3);
    }

    /** The system's own limit on the size of a file gives the same short write as a disk that is full. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs ulimit -f")
    void aFullDiskIsSaidAndTheFileEndsWithAWholeResult() throws IOException, InterruptedException {
        Path results = directory.resolve("results.jsonl");
        ProgramProcess ended = ProgramProcess.run(
                directory,
                List.of("/bin/sh", "-c", "ulimit -f 1001; exec \"$@\"", "sh"),
                List.of("run", jar.toString(), "--call", "jobs.Saboteur::fills", "--range", "0..100000"),
                List.of("--mode", "serial", "--results", results.toString()));
        assertThat(ended.said())
                .contains("error: the results cannot be written: ")
                .doesNotContain("done: ", "\tat ");
        assertThat(ended.exitCode()).isEqualTo(74);
        assertThatItHoldsWholeResults(results, 100);
    }

    @Test
    void aFullFileSystemIsSaidAndTheFileEndsWithAWholeResult() throws IOException, InterruptedException {
        Path small = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                ended("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()),
                "only root may make a file system that is small enough to be filled");
        try {
            Path results = small.resolve("results.jsonl");
            Program program = Program.run(
                    "run",
                    jar.toString(),
                    "--call",
                    "jobs.Saboteur::fills",
                    "--range",
                    "0..100000",
                    "--mode",
                    "serial",
                    "--results",
                    results.toString());
            assertThat(program.err())
                    .singleElement()
                    .asString()
                    .startsWith("error: the results cannot be written: ")
                    .endsWith("; the run was stopped");
            assertThat(program.exitCode()).isEqualTo(74);
            assertThatItHoldsWholeResults(results, 10);
        } finally {
            assertThat(ended("umount", small.toString())).isTrue();
        }
    }

    private static boolean ended(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program here
        }
    }

    private static void assertThatItHoldsWholeResults(Path results, int least) throws IOException {
        String written = Files.readString(results);
        assertThat(written).endsWith("}\n");
        List<String> lines = written.lines().toList();
        assertThat(lines).hasSizeGreaterThan(least);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(JsonParser.parseString(lines.get(i))
                            .getAsJsonObject()
                            .get("index")
                            .getAsInt())
                    .isEqualTo(i);
        }
    }

    private Program run(String method, String mode, String... more) {
        return Program.run(Stream.concat(
                        List.of(
                                "run",
                                jar.toString(),
                                "--no-progress",
                                "--call",
                                "jobs.Saboteur::" + method,
                                "--lines",
                                items.toString(),
                                "--mode",
                                mode)
                                .stream(),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }
}
