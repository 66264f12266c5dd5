// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.shared.SharedMap;
import io.multijvm.testkit.CallingCoordinator;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.RemotePrograms;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
        assertThat(output(directory, "-Xmx128m", CallingCoordinator.class, "60", "512m"))
                .contains("60 MiB read at once")
                .endsWith("OK");
    }

    @Test
    void whatDoesNotFitIntoAProgramElsewhereCostsItThatMapAndNothingElse(@TempDir Path directory) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Manager manager = Manager.serve(anyPort, RemotePrograms.KEY)) {
            SharedMap<String, byte[]> large = manager.map();
            large.put("value", new byte[100 << 20]);
            manager.publish("large", large);
            SharedMap<String, Integer> small = manager.map();
            small.put("answer", 42);
            manager.publish("small", small);
            String where = RemotePrograms.text(manager.address());
            assertThat(output(directory, "-Xmx64m", RemotePrograms.class, "read", where))
                    .contains("refused: ", "there is no memory here for what its owner has answered")
                    .endsWith("OK");
            assertThat(large).containsOnlyKeys("value");
        }
    }

    private static String output(Path directory, String heap, Class<?> main, String... args) throws Exception {
        Path output = directory.resolve("output.txt");
        Process program = ChildJvm.start(ChildJvm.java(), List.of(heap, "-XX:+UseSerialGC"), output, main, args);
        try {
            assertThat(program.waitFor(120, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
        } finally {
            program.destroyForcibly();
            program.waitFor();
        }
        String said = Files.readString(output);
        System.out.print(said);
        assertThat(program.exitValue()).as(said).isZero();
        return said.strip();
    }
}
