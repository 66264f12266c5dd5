// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.death.LifeSigns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LifeReadingsTest {
    @TempDir
    Path proc;

    /** One line as the kernel writes it: the name may hold anything, CPU time is in fields 14 and 15. */
    private static void stat(Path of, String name, char state, long user, long system) throws IOException {
        Files.createDirectories(of);
        Files.writeString(
                of.resolve("stat"),
                "7 (" + name + ") " + state + " 1 7 7 0 -1 4194304 900 0 0 0 " + user + " " + system
                        + " 0 0 20 0 25 0\n");
    }

    private void process(char state, char... threads) throws IOException {
        stat(proc.resolve("7"), "java", state, 30, 12);
        for (int i = 0; i < threads.length; i++) {
            stat(proc.resolve("7/task").resolve(Integer.toString(7 + i)), "a) R (b", threads[i], 1, 1);
        }
    }

    private LifeSigns signs() {
        return new LifeReadings(proc).of(7).orElseThrow();
    }

    @Test
    void aProcessThatSleepsNeitherWantsACoreNorWaitsForADisk() throws IOException {
        process('S', 'S', 'S');
        assertThat(signs()).isEqualTo(new LifeSigns(false, false, false, 42, 0));
    }

    @Test
    void oneThreadThatWaitsForACoreOrADiskIsEnough() throws IOException {
        process('S', 'S', 'R', 'D', 'S');
        assertThat(signs()).isEqualTo(new LifeSigns(false, true, true, 42, 0));
    }

    @Test
    void aHeapDumpThatItWritesIsMeasuredAsAWholeOrInParts() throws IOException {
        process('S', 'S');
        Path fds = Files.createDirectories(proc.resolve("7/fd"));
        Path place = Files.createDirectory(proc.resolve("dumps"));
        Files.write(place.resolve("heap-1.hprof"), new byte[100]);
        Files.write(place.resolve("heap-1.hprof.p0"), new byte[23]);
        Files.write(place.resolve("other.log"), new byte[1000]);
        Files.createSymbolicLink(fds.resolve("2"), Path.of("/"));
        Files.createSymbolicLink(fds.resolve("3"), place.resolve("other.log"));
        Files.createSymbolicLink(fds.resolve("4"), place.resolve("heap-1.hprof"));
        Files.createSymbolicLink(fds.resolve("5"), place.resolve("heap-1.hprof.p0"));
        assertThat(signs()).isEqualTo(new LifeSigns(false, false, false, 42, 123));
    }

    @Test
    void aProcessIsStoppedByASignalOrByADebugger() throws IOException {
        process('T', 'T');
        assertThat(signs().stopped()).isTrue();
        process('t', 't');
        assertThat(signs().stopped()).isTrue();
    }

    @Test
    void nothingIsKnownOfAProcessThatIsGoneOrOfALineThatMeansNothing() throws IOException {
        assertThat(new LifeReadings(proc).of(7)).isEmpty();
        process('S', 'S');
        Files.writeString(
                proc.resolve("7/stat"), "7 (java) S one two three four five six seven eight nine ten x y z\n");
        assertThat(new LifeReadings(proc).of(7)).isEmpty();
        Files.writeString(proc.resolve("7/stat"), "");
        assertThat(new LifeReadings(proc).of(7)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisProcessRunsAndHasUsedCpu() {
        LifeSigns own =
                LifeReadings.ofThisMachine().of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(own.stopped()).isFalse();
        assertThat(own.wantsCpu()).as("the thread that asks").isTrue();
        assertThat(own.cpuTicks()).isPositive();
    }
}
