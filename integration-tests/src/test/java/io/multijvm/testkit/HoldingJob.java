// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A job whose items wait until the test lets them go; what happens to them is told by files. */
public final class HoldingJob {
    /** Items before this one wait for nothing. */
    public static final long HELD_FROM = 4;
    /** The one that throws. */
    public static final long THROWS = 2;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private HoldingJob() {}

    /** Runs in workers whose property {@code multijvm.test.files} names the directory. */
    public static long hold(long number) throws IOException {
        Path files = Path.of(System.getProperty("multijvm.test.files"));
        mark(files.resolve("pid-" + ProcessHandle.current().pid()));
        if (number == THROWS) {
            throw new IllegalStateException("I do not like " + number);
        }
        mark(files.resolve("began-" + number));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (number >= HELD_FROM && !Files.exists(files.resolve("go"))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nobody let item " + number + " go");
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        mark(files.resolve("ended-" + number));
        return number;
    }

    /** An item of no trouble. */
    public static int length(String line) {
        return line.length();
    }

    private static void mark(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
    }
}
