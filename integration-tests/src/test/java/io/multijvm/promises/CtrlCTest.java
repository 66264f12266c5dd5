// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.testkit.HoldingJob;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.RunningProgram;
import io.multijvm.testkit.Screen;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first signal lets items finish, the second does not; either way the shell and the results say how far it came. */
@PromiseTest
class CtrlCTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CTRL_C = "\u0003";

    @TempDir
    Path files;

    private Path results = Path.of("");
    private List<String> arguments = List.of();

    @BeforeEach
    void packageTheJob() throws IOException {
        RunningProgram.assumeInterruptible();
        RunningProgram.jobJar(files.resolve("job.jar"), HoldingJob.class);
        results = files.resolve("results.jsonl");
        arguments = arguments("hold", "--range", "0..1000", "--results", results.toString());
    }

    private List<String> arguments(String method, String... more) {
        List<String> all =
                new ArrayList<>(List.of("run", files.resolve("job.jar").toString(), "--call"));
        all.add(HoldingJob.class.getName() + "::" + method);
        all.addAll(List.of("-j", "2", "--heap", "64m", "--jvm-arg", "-Dmultijvm.test.files=" + files));
        all.addAll(List.of(more));
        return all;
    }

    private void awaitHeld() {
        Path held = files.resolve("began-" + HoldingJob.HELD_FROM);
        await("an item that waits").atMost(PATIENCE).until(() -> Files.exists(held));
        awaitResults(results, (int) HoldingJob.HELD_FROM);
    }

    private static void awaitResults(Path file, int count) {
        await(count + " results")
                .atMost(PATIENCE)
                .until(() -> Files.exists(file) && Files.readAllLines(file).size() >= count);
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void theFirstSignalLetsItemsFinishAndKeepsThemAllInOrder(String signal, int exitCode) throws Exception {
        try (RunningProgram program = RunningProgram.piped(files, Map.of(), arguments)) {
            awaitHeld();
            program.signal(signal);
            program.awaitWritten("stopping: waiting for ");
            Files.createFile(files.resolve("go"));
            assertThat(program.exitCode()).isEqualTo(exitCode);
            List<String> finished = Files.readAllLines(results);
            assertThat(program.written())
                    .contains("stopped by SIG" + signal + ": " + finished.size() + " of 1000 items in ");
        }
        everyFinishedItemIsInTheResults();
        nobodyWorksAnyMore();
    }

    @Test
    void ctrlCOnATerminalDoesTheSame() throws Exception {
        try (RunningProgram program = RunningProgram.onTerminal(40, files, Map.of(), arguments)) {
            awaitHeld();
            program.type(CTRL_C);
            program.awaitWritten("stopping: waiting for ");
            Files.createFile(files.resolve("go"));
            assertThat(program.exitCode()).isEqualTo(130);
            assertThat(Screen.frames(program.written())).allMatch(frame -> frame.length() < 40);
            List<String> screen = Screen.after(program.written());
            assertThat(screen.get(screen.size() - 1)).startsWith("stopped by SIGINT: ");
        }
        everyFinishedItemIsInTheResults();
        nobodyWorksAnyMore();
    }

    @ParameterizedTest
    @CsvSource({"INT, INT, 130", "TERM, TERM, 143", "TERM, INT, 130"})
    void theSecondSignalStopsAtOnceAndKeepsWhatWasFinished(String first, String second, int exitCode) throws Exception {
        try (RunningProgram program = RunningProgram.piped(files, Map.of(), arguments)) {
            awaitHeld();
            program.signal(first);
            program.awaitWritten("stopping: waiting for ");
            program.signal(second);
            assertThat(program.exitCode()).isEqualTo(exitCode);
            assertThat(program.written())
                    .contains("stopped by SIG" + first + ": " + HoldingJob.HELD_FROM + " of 1000 items in ")
                    .doesNotContain("\tat ");
        }
        everyFinishedItemIsInTheResults();
        nobodyWorksAnyMore();
    }

    @Test
    void aRunThatWaitsForItsNextLineDoesNotWaitForIt() throws Exception {
        Path out = files.resolve("out");
        try (RunningProgram program = RunningProgram.piped(files, Map.of(), arguments("length", "--lines", "-"))) {
            program.type("a\nbc\n");
            awaitResults(out, 2);
            program.signal("INT");
            assertThat(program.exitCode()).isEqualTo(130);
            assertThat(program.written()).contains("stopped by SIGINT: 2 items in ");
        }
        assertThat(Files.readAllLines(out)).hasSize(2);
    }

    /** Each in its place, none twice, none missing; one of them is the failure of the item that throws. */
    private void everyFinishedItemIsInTheResults() throws IOException {
        List<String> lines = Files.readAllLines(results);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).startsWith("{\"index\":" + i + ",");
        }
        try (DirectoryStream<Path> ended = Files.newDirectoryStream(files, "ended-*")) {
            assertThat(ended).hasSize(lines.size() - 1);
        }
        assertThat(lines.size()).isBetween((int) HoldingJob.HELD_FROM, 999);
    }

    private void nobodyWorksAnyMore() throws IOException {
        List<ProcessHandle> workers = new ArrayList<>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(files, "pid-*")) {
            for (Path pid : pids) {
                long number = Long.parseLong(pid.getFileName().toString().substring("pid-".length()));
                ProcessHandle.of(number).ifPresent(workers::add);
            }
        }
        await("the workers' end").atMost(PATIENCE).until(() -> workers.stream().noneMatch(CtrlCTest::runs));
    }

    /** Not merely unburied: who inherits an orphan may take his time to reap it. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return process.isAlive();
        }
    }
}
