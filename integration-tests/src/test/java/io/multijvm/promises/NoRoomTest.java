// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.CrampedCoordinator;
import io.multijvm.testkit.CrampedManager;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files cannot be made or written, a pool works without them or fails once and says why. */
@PromiseTest
class NoRoomTest {
    /** A mount of its own goes with the processes that see it. */
    private static final String MOUNT = "mount -t tmpfs -o size=%s none %s";

    @TempDir
    Path directory;

    @Test
    void aRunDirectoryThatCannotBeMadeIsOneErrorThatSaysWhatToDo() throws Exception {
        // not merely missing: the sockets' library would make it
        Path nowhere = Files.writeString(directory.resolve("file"), "x").resolve("at/all");
        String said = run("unset XDG_RUNTIME_DIR", List.of("-Djava.io.tmpdir=" + nowhere));
        assertThat(said)
                .contains("UncheckedIOException: cannot make a directory for the pool's files")
                .contains(nowhere.toString(), "set java.io.tmpdir");
    }

    @Test
    void aRecorderThatCannotBeWrittenBreaksThePoolAndLeavesNothing() throws Exception {
        // in blocks of 512 bytes: less than a recorder takes
        String said = run("ulimit -f 200", List.of("-Djava.io.tmpdir=" + directory));
        assertThat(said).contains("PoolBrokenException").contains("File too large");
        assertNothingLeft(directory);
    }

    @Test
    void onAFullDiskAndWithoutSharedMemoryItemsGoOnAndOnlyTheirOutputIsLost() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        // without the right to mount: room for a recorder in a file, and neither for a segment nor for what is printed
        String before = mayMount()
                ? String.format(MOUNT, "3m", small) + " && " + String.format(MOUNT, "1m", "/dev/shm") + " || exit 99"
                : "ulimit -f 1100";
        String said = run(before, List.of("-Djava.io.tmpdir=" + small));
        assertThat(said).contains("OK (");
        assertNothingLeft(small);
    }

    @Test
    void aFullQueueIsRefusedWhatItHasNoMemoryForAndNothingElseIsLost() throws Exception {
        assumeTrue(mayMount(), "a small /dev/shm of its own needs the right to mount");
        String before = String.format(MOUNT, "3m", "/dev/shm") + " || exit 99";
        String said = run(CrampedManager.class, before, List.of("-Djava.io.tmpdir=" + directory));
        assertThat(said.lines())
                .anySatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "put [1-9]\\d*: there is no memory for what is put into this queue: no room for .* enlarge /dev/shm"))
                .anySatisfy(line -> assertThat(line)
                        .matches("pipe: java.io.UncheckedIOException: a pipe: no room for .* enlarge /dev/shm"))
                .contains("calls by a worker: 5000", "as many again: true", "a pipe, when there is room again")
                .endsWith("OK");
        assertNothingLeft(directory);
    }

    private static boolean mayMount() throws Exception {
        try {
            return new ProcessBuilder("/usr/bin/unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private String run(String before, List<String> flags) throws Exception {
        return run(CrampedCoordinator.class, before, flags);
    }

    private String run(Class<?> main, String before, List<String> flags) throws Exception {
        Path output = directory.resolve("output.txt");
        List<String> arguments = new ArrayList<>(List.of("-m", "sh", "-c", before + "; exec \"$@\"", "sh"));
        boolean mounts = before.startsWith("mount");
        if (!mounts) {
            arguments.subList(0, 2).clear();
        }
        arguments.add(ChildJvm.java().toString());
        arguments.addAll(flags);
        Path program = Path.of(mounts ? "/usr/bin/unshare" : "/bin/sh");
        Process coordinator = ChildJvm.start(program, arguments, output, main);
        try {
            assertThat(coordinator.waitFor(150, TimeUnit.SECONDS)).isTrue();
        } finally {
            coordinator.destroyForcibly();
        }
        String said = Files.readString(output);
        System.out.println(before + ": " + said.strip());
        return said;
    }

    private static void assertNothingLeft(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("multijvm-"));
        }
    }
}
