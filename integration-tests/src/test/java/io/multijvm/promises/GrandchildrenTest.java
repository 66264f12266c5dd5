// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tasks have started ends with the worker that dies, and only with that one. */
@SharedPoolTest
class GrandchildrenTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIMIT_OF_ITEMS = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Pool pool = unopened();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void open() {
        pool = Pool.processes(2);
    }

    @AfterAll
    void close() {
        pool.close();
    }

    /** Writes down a child, its child, and a process that is nobody's child any more. */
    private static void startFamily(Path file) throws IOException {
        String script = "sleep 600 & echo $!; (sleep 600 & echo $!); wait";
        Process child = new ProcessBuilder("/bin/sh", "-c", script).start();
        BufferedReader lines = child.inputReader();
        String text = child.pid() + "\n" + lines.readLine() + "\n" + lines.readLine() + "\n";
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(unfinished, text);
        Files.move(unfinished, file);
    }

    private static void awaitFile(Path file) {
        long deadline = System.nanoTime() + LIMIT_OF_ITEMS.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nobody made " + file);
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeathEndsWhatItsTasksHaveStartedAndNothingOfAnotherWorker(Faults.Death how) throws IOException {
        String files = directory.toString();
        TaskFuture<?> healthy = pool.submit(() -> {
            startFamily(Path.of(files, "spared"));
            awaitFile(Path.of(files, "go"));
        });
        awaitFile(directory.resolve("spared"));
        TaskFuture<?> dying = pool.submit(() -> {
            startFamily(Path.of(files, "doomed"));
            Faults.die(how);
        });
        assertThatThrownBy(dying::join).hasCauseInstanceOf(WorkerCrashedException.class);

        long begin = System.nanoTime();
        List<Long> doomed = pids("doomed");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> doomed.stream().noneMatch(GrandchildrenTest::runs));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        List<Long> spared = pids("spared");
        assertThat(spared).hasSize(3).allMatch(GrandchildrenTest::runs);
        Files.createFile(directory.resolve("go"));
        healthy.join();
        spared.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        System.out.printf(
                "%s: 3 processes that the task had started were gone %d ms after its failure was told%n", how, millis);
    }

    @Test
    void anItemThatIsBegunAgainDoesNotMeetWhatItsFirstAttemptHasStarted() throws IOException {
        String files = directory.toString();
        List<Long> left = pool.with(options -> options.retries(1))
                .submit(() -> {
                    Path file = Path.of(files, "first");
                    if (Files.exists(file)) {
                        return pids(file).stream()
                                .filter(GrandchildrenTest::runs)
                                .toList();
                    }
                    startFamily(file);
                    Faults.die(Faults.Death.SEGMENTATION_FAULT);
                    return List.<Long>of();
                })
                .join();
        assertThat(left).isEmpty();
        assertThat(pids("first")).hasSize(3);
    }

    private List<Long> pids(String file) throws IOException {
        return pids(directory.resolve(file));
    }

    private static List<Long> pids(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(Long::valueOf).toList();
        }
    }

    /** Not merely unburied: who inherits an orphan may take his time to reap it. */
    private static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }
}
