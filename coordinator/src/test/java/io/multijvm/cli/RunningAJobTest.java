// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jobs.Borrowing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunningAJobTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serial", "threads"})
    void resultsComeOutInInputOrder(String mode) {
        Program program = Program.run("run", jar, "--call", "jobs.Sample::doubled", "--range", "-1..2", "--mode", mode);
        assertThat(program.out())
                .containsExactly(
                        "{\"index\":0,\"value\":-2}", "{\"index\":1,\"value\":0}", "{\"index\":2,\"value\":2}");
        assertThat(program.err())
                .singleElement()
                .asString()
                .matches("done: 3 items in [0-9.]+ s: 3 ok, 0 failed, [0-9.]+ items/s");
        assertThat(program.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serial", "threads"})
    void theJobsClassesComeFromItsJar(String mode) {
        Program program = Program.runWith(
                "x\n".getBytes(UTF_8), "run", jar, "--call", "jobs.Sample::loader", "--lines", "-", "--mode", mode);
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":\"JobClassLoader\"}");
    }

    @Test
    void theClassPathInTheJarsManifestIsHonoured() {
        String borrowing = TestJar.of(directory.resolve("b.jar"), "job.jar", Borrowing.class)
                .toString();
        Program program = serial("abc\n", borrowing, "jobs.Borrowing::length");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":3}");
    }

    @Test
    void recordsAndMapsAreJsonAndNaNIsAString() {
        Program program =
                Program.run("run", jar, "--call", "jobs.Sample::point", "--range", "4..5", "--mode", "serial", "-q");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":{\"points\":[{\"x\":4,\"y\":\"NaN\"}]}}");
        assertThat(program.err()).isEmpty();
    }

    @Test
    void anEmptyRangeIsARunOfNoItems() {
        Program program =
                Program.run("run", jar, "--call", "jobs.Sample::doubled", "--range", "5..5", "--mode", "serial");
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).singleElement().asString().startsWith("done: 0 items");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void everyLineIsAnItemWithoutItsEnd() {
        Program program = serial("\uFEFFab\r\n\n\u00e9\u20ac\nlast", jar, "jobs.Sample::length");
        assertThat(program.out())
                .containsExactly(
                        "{\"index\":0,\"value\":2}",
                        "{\"index\":1,\"value\":0}",
                        "{\"index\":2,\"value\":2}",
                        "{\"index\":3,\"value\":4}");
    }

    @Test
    void aLineThatIsNotUtf8FailsAlone() {
        byte[] lines = {'a', '\n', 'b', (byte) 0xFF, '\n', 'c', '\n'};
        String[] args = {"run", jar, "--call", "jobs.Sample::length", "--lines", "-", "--mode", "serial"};
        Program program = Program.runWith(lines, args);
        assertThat(program.out()).hasSize(3);
        assertThat(program.out().get(1)).contains("\"kind\":\"TASK\"", "not valid UTF-8");
        assertThat(program.err().get(0)).startsWith("TASK item 1 (line 2: ");
        assertThat(program.exitCode()).isEqualTo(1);

        args[3] = "jobs.Sample::bytes";
        assertThat(Program.runWith(lines, args).out()).contains("{\"index\":1,\"value\":2}");
    }

    @Test
    void theOverloadThatFitsTheItemsBestIsCalled() {
        assertThat(serial("7\n", jar, "jobs.Sample::both").out())
                .containsExactly("{\"index\":0,\"value\":\"String 7\"}");
        assertThat(Program.run("run", jar, "--call", "jobs.Sample::both", "--range", "7..8", "--mode", "serial")
                        .out())
                .containsExactly("{\"index\":0,\"value\":\"long 7\"}");
    }

    @Test
    void aMethodWithoutAResultGivesNull() {
        assertThat(Program.run("run", jar, "--call", "jobs.Sample::nothing", "--range", "0..1", "--mode", "serial")
                        .out())
                .containsExactly("{\"index\":0,\"value\":null}");
    }

    @Test
    void anItemThatFailsIsAnErrorInItsPlaceAndTheExitCodeIsOne() {
        Program program =
                Program.run("run", jar, "--call", "jobs.Sample::oddOnly", "--range", "1..4", "--mode", "serial");
        assertThat(program.out())
                .containsExactly(
                        "{\"index\":0,\"value\":1}",
                        "{\"index\":1,\"error\":{\"kind\":\"TASK\",\"message\":"
                                + "\"java.lang.IllegalArgumentException: 2 is even\",\"attempts\":1}}",
                        "{\"index\":2,\"value\":3}");
        assertThat(program.err().get(0))
                .isEqualTo("TASK item 1 (number 2): java.lang.IllegalArgumentException: 2 is even");
        assertThat(program.err().get(1)).contains("2 ok, 1 failed");
        assertThat(program.exitCode()).isEqualTo(1);
    }

    @Test
    void aTaskThatAlwaysFailsDoesNotFloodTheTerminalQuietOrNot() {
        Program program = Program.run(
                "run", jar, "--call", "jobs.Sample::oddOnly", "--range", "0..200", "--mode", "serial", "-q");
        assertThat(program.err()).hasSize(RunReport.SHOWN_TASK_FAILURES + 2);
        assertThat(program.err().get(RunReport.SHOWN_TASK_FAILURES)).contains("only in the results");
        assertThat(program.out()).hasSize(200);
    }

    @Test
    void resultsGoIntoANewFileThatOnlyItsOwnerReads() throws IOException {
        Path results = directory.resolve("results.jsonl");
        String[] args = {
            "run",
            jar,
            "--call",
            "jobs.Sample::doubled",
            "--range",
            "0..3",
            "--mode",
            "serial",
            "--results",
            "" + results
        };
        Program first = Program.run(args);
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).isEmpty();
        assertThat(Files.readAllLines(results)).hasSize(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(results)))
                .isEqualTo("rw-------");

        Program second = Program.run(args);
        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.err()).singleElement().asString().contains("exists already");
        assertThat(Files.readAllLines(results)).hasSize(3);
    }

    @Test
    void aResultIsSeenBeforeTheNextLineIsWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PipedOutputStream writer = new PipedOutputStream();
        try (PipedInputStream stdin = new PipedInputStream(writer)) {
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> MultijvmMain.run(
                    new String[] {"run", jar, "--call", "jobs.Sample::length", "--lines", "-", "--mode", "serial"},
                    stdin,
                    new PrintStream(out, false, UTF_8),
                    new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)));
            for (int i = 0; i < 3; i++) {
                writer.write("abc\n".getBytes(UTF_8));
                writer.flush();
                String expected = "{\"index\":" + i + ",\"value\":3}\n";
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> out.toString(UTF_8).endsWith(expected));
            }
            writer.close();
            assertThat(exit.orTimeout(20, TimeUnit.SECONDS).join()).isZero();
        }
    }

    @Test
    void anEndlessRunWhoseReaderGoesAwayEndsQuietly() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = MultijvmMain.run(
                new String[] {
                    "run", jar, "--call", "jobs.Sample::doubled", "--range", "0.." + Long.MAX_VALUE, "--mode", "serial"
                },
                InputStream.nullInputStream(),
                new PrintStream(new StreamThatBreaks(1 << 20), false, UTF_8),
                new PrintStream(err, true, UTF_8));
        assertThat(exit).isZero();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void anInputThatBreaksKeepsTheResultsBeforeAndNamesTheLine() {
        InputStream stdin =
                new SequenceInputStream(new ByteArrayInputStream("a\nbc\n".getBytes(UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk is gone");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return read();
                    }
                });
        Program program =
                Program.runWith(stdin, "run", jar, "--call", "jobs.Sample::length", "--lines", "-", "--mode", "serial");
        assertThat(program.out()).containsExactly("{\"index\":0,\"value\":1}", "{\"index\":1,\"value\":2}");
        assertThat(program.err())
                .contains("error: stdin cannot be read beyond line 2: the disk is gone")
                .noneMatch(line -> line.startsWith("\tat "));
        assertThat(program.exitCode()).isEqualTo(74);
    }

    /** As a pipe whose reader leaves after some bytes. */
    private static final class StreamThatBreaks extends OutputStream {
        private int left;

        StreamThatBreaks(int bytes) {
            left = bytes;
        }

        @Override
        public void write(int b) throws IOException {
            if (left-- <= 0) {
                throw new IOException("Broken pipe");
            }
        }
    }

    private static Program serial(String lines, String jar, String call) {
        return Program.runWith(lines.getBytes(UTF_8), "run", jar, "--call", call, "--lines", "-", "--mode", "serial");
    }
}
