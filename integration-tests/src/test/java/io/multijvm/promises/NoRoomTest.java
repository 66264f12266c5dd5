// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.CrampedCoordinator;
import io.multijvm.testkit.PromiseTest;
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
        String said = run("unset XDG_RUNTIME_DIR", List.of("-Djava.io.tmpdir=/nowhere/at/all"));
        assertThat(said)
                .contains("UncheckedIOException: cannot make a directory for the pool's files")
                .contains("/nowhere/at/all", "set java.io.tmpdir");
    }

    @Test
    void aRecorderThatCannotBeWrittenBreaksThePoolAndLeavesNothing() throws Exception {
        // in blocks of 512 bytes: less than a recorder takes
        String said = run("ulimit -f 200", List.of("-Djava.io.tmpdir=" + directory));
        assertThat(said).contains("PoolBrokenException").contains("File too large");
        assertNothingLeft();
    }

    @Test
    void whereNoLargeFileCanBeWrittenLargePayloadsCrossInFramesAndOutputIsCut() throws Exception {
        // room for a recorder, and neither for a segment nor for what the items print
        String said = run("ulimit -f 1100", List.of("-Djava.io.tmpdir=" + directory));
        assertThat(said).startsWith("OK");
        assertNothingLeft();
    }

    @Test
    void onAFullDiskItemsGoOnWithoutTheirOutput() throws Exception {
        needMount();
        Path small = Files.createDirectory(directory.resolve("small"));
        String said =
                run(String.format(MOUNT, "1m", small) + " || exit 99", List.of("-Djava.io.tmpdir=" + small));
        assertThat(said).startsWith("OK");
    }

    @Test
    void withoutSharedMemoryToSpeakOfPayloadsCrossInFrames() throws Exception {
        needMount();
        String said = run(
                String.format(MOUNT, "1m", "/dev/shm") + " || exit 99",
                List.of("-Djava.io.tmpdir=" + directory));
        assertThat(said).startsWith("OK");
        assertNothingLeft();
    }

    private static void needMount() throws Exception {
        String reason = "a disk can only be made small by root, where mounts are allowed";
        boolean can;
        try {
            can = new ProcessBuilder("unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (java.io.IOException e) {
            can = false;
        }
        if (!can) {
            System.out.println("skipped: " + reason);
        }
        assumeTrue(can, reason);
    }

    private String run(String before, List<String> flags) throws Exception {
        Path output = directory.resolve("output.txt");
        List<String> arguments = new ArrayList<>(List.of("-m", "sh", "-c", before + "; exec \"$@\"", "sh"));
        boolean mounts = before.startsWith("mount");
        if (!mounts) {
            arguments.subList(0, 2).clear();
        }
        arguments.add(ChildJvm.java().toString());
        arguments.addAll(flags);
        Path program = Path.of(mounts ? "/usr/bin/unshare" : "/bin/sh");
        Process coordinator = ChildJvm.start(program, arguments, output, CrampedCoordinator.class);
        try {
            assertThat(coordinator.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            coordinator.destroyForcibly();
        }
        String said = Files.readString(output);
        System.out.println(before + ": " + said.strip());
        return said;
    }

    private void assertNothingLeft() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("multijvm-"));
        }
    }
}
