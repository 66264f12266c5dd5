// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import examples.api.TenAroundAQueue;
import examples.api.TrainingStream;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program whose processes work for each other ends when those have died that the others wait for, and says so. */
@Timeout(180)
@PromiseTest
class ProgramsWithDeathsTest {
    private static final long MOST_SECONDS = 60;

    @TempDir
    Path files;

    @Test
    void whoPutsIntoAFullQueueDoesNotWaitForTakersThatHaveAllDied() throws Exception {
        String[] consumers =
                IntStream.rangeClosed(5, 10).mapToObj(i -> "process-" + i).toArray(String[]::new);
        assertThat(failure(TenAroundAQueue.class, consumers))
                .contains("all consumers have died; process-5: killed by SIGKILL");
    }

    @Test
    void whoReadsDoesNotWaitForLearnersThatHaveAllDied() throws Exception {
        assertThat(failure(TrainingStream.class, "learner 1", "learner 2"))
                .containsPattern("learner [12]: killed by SIGKILL");
    }

    @Test
    void whatOneLearnerHasSeenIsMissedAtOnce() throws Exception {
        assertThat(failure(TrainingStream.class, "learner 2")).contains("learner 2: killed by SIGKILL");
    }

    /** What a program writes that ends with an exit code as after an exception; those that it ends itself say nothing. */
    private String failure(Class<?> program, String... victims) throws Exception {
        Path output = files.resolve("output");
        List<String> arguments = new ArrayList<>(List.of(program.getName()));
        arguments.addAll(List.of(victims));
        Process process = ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx128m"),
                output,
                ProgramWithDeaths.class,
                arguments.toArray(String[]::new));
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("it ends within " + MOST_SECONDS + " s")
                    .isTrue();
            String written = Files.readString(output);
            assertThat(process.exitValue()).as(written).isEqualTo(1);
            assertThat(written).containsOnlyOnce("Exception in thread");
            return written;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
