// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Pools one after the other: what one takes it gives back. The long form is {@code -Dmultijvm.rounds=500}. */
@PromiseTest
class ManyPoolsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = Math.max(5, Integer.getInteger("multijvm.rounds", 5));

    private record Taken(long descriptors, long threads, long children, long mappings) {
        /** But for descriptors, which a JVM has of its own. */
        boolean isNothing() {
            return threads + children + mappings == 0;
        }
    }

    private static Taken taken() throws IOException {
        long mappings;
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            mappings = lines.filter(line -> line.contains("multijvm-")).count();
        }
        long descriptors = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path ignored : open) {
                descriptors++;
            }
        }
        return new Taken(
                descriptors,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("multijvm-"))
                        .count(),
                ProcessHandle.current().children().count(),
                mappings);
    }

    private static void openMapClose() {
        try (Pool pool = Pool.processes(1)) {
            assertThat(pool.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void afterManyPoolsThisJvmHoldsWhatItHeldBefore() throws IOException {
        openMapClose(); // what is loaded once stays
        // the search for what killed runs have left may still be under way, and what it has open
        AtomicReference<Taken> last = new AtomicReference<>(taken());
        await().atMost(PATIENCE).until(() -> {
            Taken now = taken();
            return now.isNothing() && now.equals(last.getAndSet(now));
        });
        Taken before = last.get();
        long begin = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            openMapClose();
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(taken()).isEqualTo(before));
        System.out.printf(
                "%d pools opened, used and closed in %.1f s: %s before and after%n",
                ROUNDS, (System.nanoTime() - begin) / 1e9, before);
    }
}
