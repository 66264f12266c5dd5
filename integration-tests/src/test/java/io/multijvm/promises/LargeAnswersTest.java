// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.CallingCoordinator;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collection has can be read as a whole, whatever way the answer takes: its owner needs no room for all of it once more. */
@PromiseTest
class LargeAnswersTest {
    @Test
    void aListThatFillsHalfOfItsOwnersHeapIsReadByWhoWaitsForEachAnswer(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output.txt");
        Process coordinator = ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx128m", "-XX:+UseSerialGC"),
                output,
                CallingCoordinator.class,
                "60",
                "512m");
        try {
            assertThat(coordinator.waitFor(120, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
        } finally {
            coordinator.destroyForcibly();
            coordinator.waitFor();
        }
        String said = Files.readString(output);
        System.out.print(said);
        assertThat(coordinator.exitValue()).as(said).isZero();
        assertThat(said.strip()).endsWith("OK");
    }
}
