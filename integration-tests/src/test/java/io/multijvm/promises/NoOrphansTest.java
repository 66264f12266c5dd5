// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.SpinningCoordinator;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PromiseTest
class NoOrphansTest {
    /** What is promised is half a second; a test machine may be busy with other things. */
    private static final Duration PROMISE = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "counted loop",
                "native loop",
                "native wait",
                "shutdown hook",
                "counted loop, with children",
                SpinningCoordinator.IDLE_WITH_CHILDREN
            })
    void killingTheCoordinatorEndsItsWorkersAndWhatTheyHaveStarted(String how) throws Exception {
        makePipe();
        Path output = directory.resolve("output.txt");
        // the worker that makes an archive keeps the name of its recorder until it is up, and nothing here leaves it a
        // core
        Process coordinator = ChildJvm.start(
                ChildJvm.java(),
                List.of("-Dio.multijvm.archives=read"),
                output,
                SpinningCoordinator.class,
                how,
                directory.toString());
        List<ProcessHandle> workers;
        try {
            int family = how.endsWith("children") ? 2 * (1 + 3) : 2;
            await().atMost(Duration.ofSeconds(60)).until(() -> workers().size() == family);
            workers = workers();
            assertThat(workers).allMatch(ProcessHandle::isAlive);
            // what has no name cannot be left behind
            await().atMost(PATIENCE).until(() -> sharedMemoryOf(coordinator).isEmpty());
        } finally {
            coordinator.destroyForcibly();
        }
        coordinator.waitFor();
        long begin = System.nanoTime();

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> workers.stream().noneMatch(NoOrphansTest::runs));
        assertThat(sharedMemoryOf(coordinator)).isEmpty();

        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.printf(
                "coordinator killed, its workers and their children, %d processes, in a %s: all gone after %d ms"
                        + " (promised: %d)%n",
                workers.size(), how, millis, PROMISE.toMillis());
    }

    private static List<Path> sharedMemoryOf(Process coordinator) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("/dev/shm"), "multijvm-" + coordinator.pid() + "-*")) {
            files.forEach(found::add);
        }
        return found;
    }

    /** Not merely unburied: who inherits an orphan may take his time to reap it. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    private void makePipe() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<ProcessHandle> workers() throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(directory, "pid-*")) {
            for (Path pid : pids) {
                ProcessHandle.of(Long.parseLong(pid.getFileName().toString().substring(4)))
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
