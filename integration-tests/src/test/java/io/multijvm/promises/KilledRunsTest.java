// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.EventfulCoordinator;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.SharingCoordinator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator may be killed at any moment: its processes end by themselves, and the next start deletes its files. */
@PromiseTest
class KilledRunsTest {
    private static final int ROUNDS = Integer.getInteger("multijvm.rounds", 3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A JVM and its workers come up within, on a machine that does a lot else. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final long SEED = 20_251_121;

    /** The JVM takes half a second to its first pool, which takes another one to its first item. */
    private static final int LATEST_KILL_MILLIS = 1_500;

    private static final List<String> NO_ARCHIVE = List.of("-Dio.multijvm.archives=read");

    @TempDir
    Path directory;

    /** Elsewhere nobody can tell whether a process is one of ours, so neither can this test. */
    @BeforeEach
    void onlyWhereProcessesCanBeListed() {
        assumeTrue(
                Files.isDirectory(Path.of("/proc/self")), "there is no /proc to find processes by their environment");
    }

    @Test
    void wheneverItIsKilledNoProcessAndAfterTheNextStartNoFileIsLeft() throws Exception {
        killAndLook(
                EventfulCoordinator.class, "coordinators", pid -> filesOf(pid).size() >= 2);
    }

    @Test
    void whenItOwnedSharedObjectsThatItsProcessesAreInsideOfTheSameIsTrue() throws Exception {
        killAndLook(
                SharingCoordinator.class,
                "owners of shared objects of every kind",
                pid -> Files.readString(output()).contains("sharing"));
    }

    /** Whether it has come so far that it may be killed; else it may also be before there is a pool. */
    private interface Progress {
        boolean of(long pid) throws IOException;
    }

    private void killAndLook(Class<?> victims, String called, Progress begun) throws Exception {
        Random random = new Random(SEED);
        List<Long> killed = new ArrayList<>();
        long longest = 0;
        int left = 0;
        // whatever else is started on this machine sweeps too: one more, then
        for (int round = 0; round < ROUNDS || (left == 0 && round < 2 * ROUNDS); round++) {
            Process coordinator = start(victims, "endless");
            try {
                if (round % 3 > 0) {
                    await().atMost(START).until(() -> begun.of(coordinator.pid()));
                }
                assertThat(coordinator.waitFor(random.nextInt(LATEST_KILL_MILLIS), TimeUnit.MILLISECONDS))
                        .isFalse();
            } finally {
                coordinator.destroyForcibly();
            }
            coordinator.waitFor();
            killed.add(coordinator.pid());
            long begin = System.nanoTime();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> processesOf(coordinator.pid()).isEmpty());
            longest = Math.max(longest, System.nanoTime() - begin);
            // now, for whichever is started next sweeps
            left += filesOf(coordinator.pid()).size();
        }
        Process living = start(EventfulCoordinator.class, "calm");
        try {
            await().atMost(PATIENCE).until(() -> filesOf(living.pid()).size() >= 2);
            TreeSet<Path> before = new TreeSet<>(filesOf(living.pid()));
            before.removeIf(file -> file.startsWith("/dev/shm"));

            Process next = start(EventfulCoordinator.class, "last");
            assertThat(next.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(next.exitValue()).isZero();

            for (long pid : killed) {
                assertThat(filesOf(pid)).as("files of run " + pid).isEmpty();
                assertThat(processesOf(pid)).as("processes of run " + pid).isEmpty();
            }
            assertThat(left).as("files that were there to be swept").isPositive();
            assertThat(filesOf(next.pid())).isEmpty();
            assertThat(before).isNotEmpty().allMatch(Files::exists);
            System.out.printf(
                    "%d %s killed at random: 0 processes left after %d ms at most, %d files left and"
                            + " none of them after the next start%n",
                    killed.size(), called, longest / 1_000_000, left);
        } finally {
            living.destroy();
            assertThat(living.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(filesOf(living.pid())).isEmpty();
    }

    private Process start(Class<?> main, String what) throws IOException {
        return ChildJvm.start(ChildJvm.java(), NO_ARCHIVE, output(), main, what);
    }

    private Path output() {
        return directory.resolve("output.txt");
    }

    /** By what they have inherited from it; and what nobody has reaped yet is no process any more. */
    private static List<String> processesOf(long coordinator) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains("MULTIJVM_STARTED_BY=" + coordinator + "-")) {
                        found.add(process + " " + Files.readString(process.resolve("cmdline")));
                    }
                } catch (IOException e) {
                    // it has ended since it was listed, or is another user's
                }
            }
        }
        return found;
    }

    private static List<Path> filesOf(long pid) throws IOException {
        List<Path> found = new ArrayList<>();
        TreeSet<String> places = new TreeSet<>(List.of(System.getProperty("java.io.tmpdir"), "/dev/shm", "/tmp"));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null) {
            places.add(runtime);
        }
        for (String place : places) {
            if (Files.isDirectory(Path.of(place))) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(
                        Path.of(place), "multijvm-{" + pid + ",hub-" + pid + ",memory-" + pid + "}-*")) {
                    files.forEach(found::add);
                }
            }
        }
        return found;
    }
}
