// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.HoldingJob;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.RunningProgram;
import io.multijvm.testkit.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of a run, on a terminal and without one. */
@PromiseTest
class TerminalTest {
    private static final String FAILURE = "TASK item 2 (number 2): java.lang.IllegalStateException: I do not like 2";

    @TempDir
    Path files;

    private List<String> arguments = List.of();

    @BeforeEach
    void packageTheJob() throws IOException {
        Path jar = RunningProgram.jobJar(files.resolve("job.jar"), HoldingJob.class);
        arguments = List.of(
                "run",
                jar.toString(),
                "--call",
                HoldingJob.class.getName() + "::hold",
                "--range",
                "0..20",
                "-j",
                "2",
                "--heap",
                "64m",
                "--jvm-arg",
                "-Dmultijvm.test.files=" + files);
    }

    private void letGo() throws IOException {
        Files.createFile(files.resolve("go"));
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 40, 24})
    void theBarNeverWrapsAndTheSummaryStandsInItsPlace(int columns) throws Exception {
        try (RunningProgram program = RunningProgram.onTerminal(columns, files, Map.of(), arguments)) {
            program.awaitWritten(" 20% ");
            letGo();
            assertThat(program.exitCode()).isEqualTo(1);
            List<String> frames = Screen.frames(program.written());
            assertThat(frames.get(0)).startsWith("starting 2 workers");
            assertThat(frames)
                    .anyMatch(frame -> frame.startsWith(" 20% "))
                    .allMatch(frame -> frame.length() < columns, "shorter than the terminal is wide");
            List<String> screen = Screen.after(program.written());
            assertThat(screen.get(0)).isEqualTo("\u2717 " + FAILURE);
            assertThat(screen.get(1)).startsWith("done: 20 items in ").contains("19 ok, 1 failed");
            assertThat(screen).hasSize(2);
            assertThat(program.written()).contains("\u001B[31mTASK\u001B[0m");
        }
        assertThat(Files.readAllLines(files.resolve("out"))).hasSize(20);
    }

    @Test
    void aTerminalOfTenColumnsGetsLines() throws Exception {
        List<String> eager = new ArrayList<>(arguments);
        eager.addAll(List.of("--progress", "bar"));
        try (RunningProgram program = RunningProgram.onTerminal(10, files, Map.of(), eager)) {
            program.awaitWritten(" multijvm 4/20 20% ");
            letGo();
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.written()).doesNotContain("\u001B[K");
        }
    }

    @Test
    void noColorTakesTheColoursAndLeavesTheSigns() throws Exception {
        letGo();
        try (RunningProgram program = RunningProgram.onTerminal(80, files, Map.of("NO_COLOR", "1"), arguments)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.written()).doesNotContain("\u001B[3").contains("\u2717 " + FAILURE);
        }
    }

    @Test
    void aLocaleOfAsciiGetsAscii() throws Exception {
        letGo();
        try (RunningProgram program = RunningProgram.onTerminal(80, files, Map.of("LANG", "C"), arguments)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.written()).matches("\\p{ASCII}*");
            assertThat(Screen.after(program.written())).contains("x " + FAILURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM=dumb", "CI=1"})
    void whereNoBarIsWantedThereIsNone(String variable) throws Exception {
        letGo();
        String[] pair = variable.split("=", 2);
        try (RunningProgram program = RunningProgram.onTerminal(80, files, Map.of(pair[0], pair[1]), arguments)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(Screen.frames(program.written())).isEmpty();
            assertThat(program.written()).doesNotContain("\u001B[K").contains("done: 20 items");
        }
    }

    @Test
    void aPipeGetsPlainLinesWithoutEscapeCodes() throws Exception {
        List<String> eager = new ArrayList<>(arguments);
        eager.addAll(List.of("--progress", "plain"));
        try (RunningProgram program = RunningProgram.piped(files, Map.of(), eager)) {
            program.awaitWritten(" multijvm 4/20 20% ");
            letGo();
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.written()).doesNotContain("\u001B", "\r").contains(FAILURE, " workers 2 failed 1");
        }
    }
}
