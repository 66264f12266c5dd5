// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every program on the library that uses a pool prints the same with each kind. The others {@link ExamplesReadmeTest} runs. */
@Timeout(180)
@PromiseTest
class ProgramsTest {
    private static final long MOST_SECONDS = 120;

    @TempDir
    Path files;

    @Test
    void everyProgramPrintsTheSameWithProcessesWithThreadsAndSerially()
            throws IOException, InterruptedException, URISyntaxException {
        List<String> programs = programs();
        assertThat(programs).hasSizeGreaterThanOrEqualTo(8);

        Map<String, String> serial = printed("serial", programs);

        assertThat(serial.values()).noneMatch(String::isBlank);
        assertThat(serial.values()).noneMatch(text -> text.contains("false"));
        assertThat(printed("threads", programs)).isEqualTo(serial);
        assertThat(printed("processes", programs)).isEqualTo(serial);
    }

    @Test
    void aWordThatIsNoKindOfPoolIsRefusedInOneLine() throws IOException, InterruptedException, URISyntaxException {
        Path output = files.resolve("refused");
        String program = programs().get(0);

        int exitCode = end(ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx64m"),
                output,
                AllPrograms.class,
                "fork",
                Files.createDirectory(files.resolve("refusing")).toString(),
                program));

        assertThat(exitCode).isEqualTo(2);
        assertThat(Files.readAllLines(output))
                .containsExactly("error: \"fork\" is not a kind of pool; give one of processes, threads, serial");
    }

    private List<String> programs() throws IOException, URISyntaxException {
        Path jar = Files.createTempDirectory(files, "jar").resolve("jobs.jar");
        return ExamplesJar.at(jar).programsOfAnyPool();
    }

    private Map<String, String> printed(String kind, List<String> programs) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(files.resolve(kind));
        Path errors = files.resolve(kind + "-errors");
        List<String> arguments = new ArrayList<>(List.of(kind, directory.toString()));
        arguments.addAll(programs);

        int exitCode = end(ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                errors,
                AllPrograms.class,
                arguments.toArray(String[]::new)));

        assertThat(exitCode).as(Files.readString(errors)).isZero();
        Map<String, String> printed = new TreeMap<>();
        for (String program : programs) {
            printed.put(program, Files.readString(directory.resolve(program)));
        }
        return printed;
    }

    private static int end(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("it ends within " + MOST_SECONDS + " s")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
