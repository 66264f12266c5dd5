// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.SmallCoordinator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PromiseTest
class BoundedMemoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"map", "infinite", "stopped consumer", "big results", "hostile results"})
    void aCoordinatorOf128MebibytesHandlesMoreThanFits(String what) throws Exception {
        Path output = directory.resolve("output.txt");
        // the long form stops reading for a minute
        String seconds = Integer.getInteger("multijvm.rounds", 3) >= 50 ? "60" : "2";
        Process coordinator = ChildJvm.start(
                ChildJvm.java(),
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                output,
                SmallCoordinator.class,
                what,
                seconds);
        try {
            assertThat(coordinator.waitFor(150, TimeUnit.SECONDS))
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
