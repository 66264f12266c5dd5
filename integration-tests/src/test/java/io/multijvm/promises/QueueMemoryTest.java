// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.QueueCoordinator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes through a queue is not bounded by what fits into anybody's heap. */
@PromiseTest
class QueueMemoryTest {
    private static final int MEBIBYTES = Integer.getInteger("multijvm.queue.mebibytes", 300);

    @Test
    void moreThanAllHeapsHoldGoesThroughAQueueWithABound(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output.txt");
        Process coordinator = ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                output,
                QueueCoordinator.class,
                String.valueOf(MEBIBYTES),
                "64m");
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
