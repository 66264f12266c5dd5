// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.wire.lineage.Mark;
import io.multijvm.wire.lineage.ProcessStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the dead have left goes, and nothing else. */
@Timeout(60)
class LeavingsTest {
    private static final ProcessStamp OURS = ProcessStamp.ofThisProcess();

    /** It had our pid before us. */
    private static final ProcessStamp DEAD = new ProcessStamp(OURS.pid(), OURS.start() + 1, OURS.place());

    private static final String RANDOM = "-0123456789abcdef";

    @TempDir
    Path place;

    private void sweep() {
        new Leavings(List.of(place, place.resolve("no such place"))).delete(owner -> true);
    }

    private static void onlyWithProc(String what) {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc, from which " + what + " is read");
    }

    private Path directory(String name) throws IOException {
        Path directory = place.resolve(name);
        PrivateFiles.createDirectory(directory);
        Files.createDirectories(directory.resolve("w0-1/deep"));
        Files.writeString(directory.resolve("w0-1/stdout.log"), "x");
        return directory;
    }

    @Test
    void filesAndDirectoriesOfTheDeadGo() throws IOException {
        directory("multijvm-" + DEAD + RANDOM);
        directory("multijvm-hub-" + DEAD + RANDOM);
        PrivateFiles.write(place.resolve("multijvm-" + DEAD + "-fedcba9876543210"), java.nio.ByteBuffer.allocate(1));
        sweep();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void filesOfTheLivingStay() throws Exception {
        onlyWithProc("the start of another process, as its files tell it,");
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(other.pid()), "stat"));
            String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
            ProcessStamp living = new ProcessStamp(other.pid(), Long.parseLong(start), OURS.place());
            Path ours = directory(OwnName.of("multijvm", 4));
            Path theirs = directory("multijvm-hub-" + living + RANDOM);
            sweep();
            assertThat(ours.resolve("w0-1/stdout.log")).exists();
            assertThat(theirs.resolve("w0-1/stdout.log")).exists();

            other.destroyForcibly().waitFor();
            sweep();
            assertThat(ours).exists();
            assertThat(theirs).doesNotExist();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void whatTellsNoOwnerOrOneElsewhereStays() throws IOException {
        List<Path> all = List.of(
                directory("multijvm-" + new ProcessStamp(DEAD.pid(), DEAD.start(), "elsewhere") + RANDOM),
                directory("multijvm-" + DEAD),
                directory("multijvm-" + DEAD + "-notes"),
                directory("multijvm-" + DEAD + RANDOM + ".bak"),
                directory("multijvm-bench123"),
                directory("my-multijvm-" + DEAD + RANDOM));
        sweep();
        assertThat(all)
                .allSatisfy(path -> assertThat(path.resolve("w0-1/stdout.log")).exists());
    }

    @Test
    void linksAreNeitherFollowedNorRemoved() throws IOException {
        Path victim = directory("victim");
        Path link = Files.createSymbolicLink(place.resolve("multijvm-" + DEAD + RANDOM), victim);
        Path dead = directory("multijvm-hub-" + DEAD + RANDOM);
        Files.createSymbolicLink(dead.resolve("inside"), victim);
        sweep();
        assertThat(victim.resolve("w0-1/stdout.log")).exists();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(dead).doesNotExist();
    }

    @Test
    void whatOthersCanWriteToStays() throws IOException {
        Path open = directory("multijvm-" + DEAD + RANDOM);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        sweep();
        assertThat(open.resolve("w0-1/stdout.log")).exists();
    }

    @Test
    void whatBelongsToAnotherUserStays() throws IOException {
        onlyWithProc("whether this is root");
        Path theirs = directory("multijvm-" + DEAD + RANDOM);
        assumeTrue(isRoot(), "only root can give a file away");
        Files.setAttribute(theirs, "unix:uid", 65534);
        sweep();
        assertThat(theirs.resolve("w0-1/stdout.log")).exists();
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void aWorkerThatNothingElseCanReachIsEnded() throws Exception {
        onlyWithProc("whose worker a process is");
        directory("multijvm-" + DEAD + RANDOM);
        Mark ours = Mark.next();
        ProcessBuilder builder = new ProcessBuilder("sleep", "600");
        builder.environment().put(Mark.VARIABLE, new Mark(DEAD, ours.session(), 1).after(null));
        Process stopped = builder.start();
        builder.environment().put(Mark.VARIABLE, ours.after(null));
        Process another = builder.start();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> stopped.info().command().orElse("").contains("sleep"));
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(stopped.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            sweep();
            assertThat(stopped.waitFor()).isEqualTo(128 + 9);
            assertThat(another.isAlive()).isTrue();
        } finally {
            stopped.destroyForcibly();
            another.destroyForcibly();
        }
    }

    @Test
    void aPrefixThatNobodyWouldFindAgainIsRefused() {
        assertThatThrownBy(() -> OwnName.of("other", 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
        assertThat(OwnName.ownerOf(OwnName.of("multijvm-items", 4))).hasValue(OURS);
    }
}
