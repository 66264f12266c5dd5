// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Machine;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.NestingCoordinator;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that start processes. */
@PromiseTest
class PoolsInWorkersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static String deeper(int depth) {
        try (Pool pool = Pool.processes(1)) {
            return pool.<String>apply(() -> deeper(depth + 1));
        } catch (IllegalStateException e) {
            return depth + ": " + e.getMessage();
        }
    }

    @Test
    void poolsStandThreeDeepAndShareTheCores() {
        int workers = 2 * Machine.cpuCount();
        try (Pool pool = Pool.processes(o -> o.workers(workers).heap("256m"))) {
            String said = pool.<String>apply(() -> {
                try (Pool inner = Pool.processes()) {
                    return inner.map(x -> ProcessHandle.current().pid(), List.of(1, 2, 3, 4)).stream()
                                    .distinct()
                                    .count()
                            + " worker";
                }
            });
            assertThat(said).isEqualTo("1 worker");
        }
        assertThat(deeper(0))
                .startsWith("3: this process is a worker inside 3 pools of processes, and the limit is 3")
                .contains("-Dio.multijvm.nestedPools=N");
    }

    @Test
    void killingAnOuterWorkerEndsItsInnerWorkersAndLeavesNoFiles() throws IOException {
        String files = directory.toString();
        try (Pool pool = Pool.processes(1)) {
            TaskFuture<?> outer = pool.submit(() -> NestingCoordinator.outer(files));
            List<ProcessHandle> inner = awaitInner();

            ProcessHandle killed = processes("outer-").get(0);
            assertThat(filesOf(killed)).isNotEmpty();
            killed.destroyForcibly();

            assertThatThrownBy(outer::join).hasCauseInstanceOf(WorkerCrashedException.class);
            awaitEnd(inner);
            await().atMost(PATIENCE).until(() -> filesOf(killed).isEmpty());
        }
    }

    private static List<Path> filesOf(ProcessHandle process) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String place : List.of(System.getProperty("java.io.tmpdir"), "/dev/shm")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(
                    Path.of(place), "multijvm-{" + process.pid() + ",hub-" + process.pid() + "}-*")) {
                files.forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void killingTheCoordinatorEndsWorkersOfWorkers() throws IOException, InterruptedException {
        Process coordinator = ChildJvm.start(
                ChildJvm.java(),
                List.of(),
                directory.resolve("output.txt"),
                NestingCoordinator.class,
                directory.toString());
        List<ProcessHandle> all;
        try {
            all = new ArrayList<>(awaitInner());
            all.addAll(processes("outer-"));
        } finally {
            coordinator.destroyForcibly();
        }
        coordinator.waitFor();
        long begin = System.nanoTime();
        awaitEnd(all);
        System.out.printf(
                "coordinator killed with 3 workers on two levels: all gone after %d ms%n",
                (System.nanoTime() - begin) / 1_000_000);
    }

    private List<ProcessHandle> awaitInner() throws IOException {
        await().atMost(PATIENCE).until(() -> processes("inner-").size() == 2);
        return processes("inner-");
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> processes.stream().noneMatch(PoolsInWorkersTest::runs));
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

    private List<ProcessHandle> processes(String prefix) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path pid : pids) {
                ProcessHandle.of(Long.parseLong(pid.getFileName().toString().substring(prefix.length())))
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
