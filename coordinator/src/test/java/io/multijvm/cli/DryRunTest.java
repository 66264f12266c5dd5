// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --dry-run} says, and that it does nothing. */
@Timeout(60)
class DryRunTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
        System.clearProperty("jobs.Sample.initialised");
    }

    @Test
    void itemsAndPoolAreShownAndNothingOfTheJobRuns() {
        Path results = directory.resolve("results");
        Program program = dryRun(
                "doubled",
                "--range",
                "5..1000005",
                "-j",
                "2",
                "--heap",
                "100m",
                "--retry-heap",
                "200m",
                "--results",
                results.toString());
        assertThat(program.out())
                .startsWith(
                        "would run  jobs.Sample::doubled(long) of " + jar,
                        "items      1000000: number 5, number 6, number 7, ...",
                        "mode       processes",
                        "workers    2",
                        "heap       100m each; 200m for an item that ran out of heap, begun again alone",
                        "chunk      measured while it runs",
                        "retries    1",
                        "results    a new file " + results,
                        "job path   " + jar)
                .hasSize(10);
        assertThat(program.err()).isEmpty();
        assertThat(program.exitCode()).isZero();
        assertThat(results).doesNotExist();
        assertThat(System.getProperty("jobs.Sample.initialised")).isNull();
    }

    @Test
    void limitsOfMemoryAreShownWhetherTheWorkersJvmKeepsThemOrItsPool() {
        List<String> out = dryRun(
                        "doubled",
                        "--range",
                        "0..1",
                        "--memory-limit",
                        "600m",
                        "--memfree",
                        "1g",
                        "--direct-memory",
                        "32m",
                        "--metaspace",
                        "96m",
                        "--heap-dump",
                        directory.toString())
                .out();
        assertThat(out)
                .contains(
                        "heap       what fits below the memory limit; see -Xmx",
                        "memory     600m each at most, read every 50 ms; items one by one while less than 1g are available");
        assertThat(out.get(out.size() - 1))
                .contains(
                        "-Xmx352m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:+HeapDumpOnOutOfMemoryError",
                        "-XX:HeapDumpPath=" + directory.resolve("heap-POOL.hprof"));
    }

    /** A worker that nobody speaks to says so and ends, with a code of its own: the flags were right, the classes were found. */
    @Test
    void theWorkersCommandLineCanBeRunAsItStands() throws IOException, InterruptedException {
        List<String> out = dryRun("doubled", "--range", "0..1", "-j", "1", "--jvm-arg", "-Da=b c 'd'")
                .out();
        String command = out.get(out.size() - 1).replaceFirst("^worker +", "");
        assertThat(command).endsWith(" io.multijvm.worker.WorkerMain").contains("-Xmx", "-XX:ErrorFile=WORKER-FILES");
        Path said = directory.resolve("said");
        Process worker = new ProcessBuilder("/bin/sh", "-c", command + " </dev/null")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(worker.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).as(Files.readString(said)).isEqualTo(221);
    }

    @Test
    void theFirstLinesOfAFileAreShownAndStdinIsLeftAlone() throws IOException {
        Path lines = directory.resolve("lines");
        Files.writeString(lines, "a\nb\n");
        assertThat(dryRun("length", "--lines", lines.toString()).out())
                .contains("items      2: line 1: \"a\", line 2: \"b\"");
        Files.writeString(lines, "a\nb\nc\nd\n");
        assertThat(dryRun("length", "--lines", lines.toString()).out())
                .contains("items      more than 3, counted while they are read: line 1: \"a\", line 2: \"b\", "
                        + "line 3: \"c\", ...");
        ByteArrayInputStream stdin = new ByteArrayInputStream("a\n".getBytes(UTF_8));
        Program program =
                Program.runWith(stdin, "run", jar, "--call", "jobs.Sample::length", "--lines", "-", "--dry-run");
        assertThat(program.out()).contains("items      each line of stdin, which is not read now");
        assertThat(stdin.available()).isEqualTo(2);
    }

    @Test
    void whatARunWouldRefuseIsRefused() throws IOException {
        assertThat(dryRun("doubled", "--range", "0..1", "--results", jar).err())
                .containsExactly("error: --results " + jar + " exists already; name another file, or remove it first");
        Path broken = directory.resolve("broken");
        Files.writeString(broken, "{\n");
        Program program = dryRun("length", "--jsonl", broken.toString());
        assertThat(program.err()).singleElement().asString().contains(broken + " line 1 is not one JSON value");
        assertThat(program.exitCode()).isEqualTo(74);
    }

    private Program dryRun(String method, String... more) {
        List<String> args = new ArrayList<>(List.of("run", jar, "--call", "jobs.Sample::" + method, "--dry-run"));
        args.addAll(Arrays.asList(more));
        return Program.run(args.toArray(String[]::new));
    }
}
