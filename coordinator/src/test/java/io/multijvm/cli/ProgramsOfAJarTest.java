// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jobs.Programs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A main class of the jar that makes its own pools. */
@Timeout(60)
class ProgramsOfAJarTest {
    @TempDir
    Path directory;

    private String jar = "";

    @BeforeEach
    void packageThePrograms() throws ClassNotFoundException {
        jar = TestJar.of(
                        directory.resolve("job.jar"),
                        "",
                        Programs.Pooling.class,
                        Class.forName("jobs.Programs$Pooling$Squared"),
                        Programs.Lingering.class,
                        Programs.Exiting.class)
                .toString();
    }

    @Test
    void theWorkersOfItsPoolsKnowItsClassesAndItsArgumentsStandBehindTwoDashes() throws IOException {
        Path said = directory.resolve("said");
        Program program =
                Program.run("run", jar, "--main", "jobs.Programs$Pooling", "--", said.toString(), "--lines", "-q");
        assertThat(program.err()).isEmpty();
        assertThat(program.exitCode()).isZero();
        assertThat(said)
                .content()
                .isEqualTo("3 [Squared[square=4, by=JobClassLoader], Squared[square=9, by=JobClassLoader]]");
    }

    @Test
    void itHasEndedOnlyWhenItsThreadsHave() {
        Path said = directory.resolve("said");
        assertThat(Program.run("run", jar, "--main", "jobs.Programs$Lingering", said.toString())
                        .exitCode())
                .isZero();
        assertThat(said).content().isEqualTo("written late");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "0, 0", ", 1"})
    void itsExitCodeIsThatOfTheCommand(@Nullable String argument, int code) throws IOException, InterruptedException {
        List<String> args = argument == null ? List.of() : List.of("--", argument);
        ProgramProcess ended =
                ProgramProcess.run(directory, List.of("run", jar, "--main", "jobs.Programs$Exiting"), args);
        assertThat(ended.exitCode()).isEqualTo(code);
        if (argument == null) {
            assertThat(ended.said())
                    .startsWith("Exception in thread \"main\" java.lang.IllegalStateException: no code was given");
        } else {
            assertThat(ended.said()).isEmpty();
        }
    }
}
