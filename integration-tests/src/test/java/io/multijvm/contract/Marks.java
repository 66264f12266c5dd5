// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Signals between a test and its tasks, which may be in other JVMs: empty files in a directory. */
final class Marks {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Marks() {}

    static void set(String directory, String name) throws IOException {
        Path mark = Path.of(directory, name);
        if (!Files.exists(mark)) {
            Files.write(mark, new byte[0]);
        }
    }

    static boolean isSet(String directory, String name) {
        return Files.exists(Path.of(directory, name));
    }

    /** The test's: waits until a task has set the mark. */
    static void awaitSet(String directory, String name) {
        await("mark " + name).atMost(PATIENCE).until(() -> isSet(directory, name));
    }

    /** A task's: waits for the mark; whoever stops the task interrupts this. */
    static void waitFor(String directory, String name) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isSet(directory, name)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("mark " + name + " was not set within " + PATIENCE);
            }
            if (never.await(2, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("nobody counts down");
            }
        }
    }
}
