// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Files by which processes of a test tell each other how far they are: each appears whole, or is not there. */
public final class Signs {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Signs() {}

    /** Writes one down. */
    public static void give(Path file, Object... lines) throws IOException {
        Path unfinished = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.write(unfinished, List.of(lines).stream().map(String::valueOf).toList());
        Files.move(unfinished, file);
    }

    /** Waits for one, and reads it. */
    public static List<String> await(Path file) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nobody made " + file);
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        return Files.readAllLines(file);
    }

    /** Whether such a process runs. One that is only unburied does not: who inherits an orphan may take his time. */
    public static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }
}
