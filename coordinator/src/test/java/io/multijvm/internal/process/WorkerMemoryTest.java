// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.CrashReport;
import io.multijvm.internal.death.Circumstances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker's process may take, as the system sees it, and what it leaves when that was too little. */
@Timeout(60)
class WorkerMemoryTest {
    private Launches launches;

    @TempDir
    Path temporary;

    @BeforeEach
    void open() throws IOException {
        launches = new Launches();
    }

    @AfterEach
    void close() {
        launches.close();
    }

    private static LaunchSpec with(WorkerMemory memory) {
        return LaunchSpec.defaults().withMemory(memory);
    }

    @Test
    void aWorkerWithALimitRunsUnderAHardStopOfTheKernelsThatItsHeapDoesNotMeet() throws Exception {
        long limit = 200L << 20;
        LaunchedWorker worker =
                Launches.ready(launches.script("wait", with(new WorkerMemory("64m", null, null, limit, null))));
        assertThat(worker.lastOutput(10)).contains("ready");
        assertThat(limits(worker)).containsPattern("Max data size +" + HardStop.bytesFor(limit) + " ");
        assertThat(HardStop.bytesFor(limit)).isEqualTo(712L << 20);
        assertThat(HardStop.bytesFor(2L << 30)).isEqualTo(3L << 30);
    }

    @Test
    void aWorkerWithoutALimitHasNoHardStop() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("wait"));
        String own = Files.readString(Path.of("/proc/self/limits"));
        String row = own.lines()
                .filter(line -> line.startsWith("Max data size"))
                .findFirst()
                .orElseThrow();
        assertThat(limits(worker)).contains(row);
    }

    private static String limits(LaunchedWorker worker) throws IOException {
        return Files.readString(Path.of("/proc/" + worker.pid() + "/limits"));
    }

    @Test
    void whatIsAskedForStandsInTheFlagsAndATypingErrorIsRefused() {
        assertThat(new WorkerMemory("512m", "64m", "131072k", 0, null).flags())
                .containsExactly("-Xmx512m", "-XX:MaxDirectMemorySize=64m", "-XX:MaxMetaspaceSize=128m");
        assertThat(WorkerMemory.JVMS_CHOICE.flags()).isEmpty();
        assertThatThrownBy(() -> new WorkerMemory(null, "64mb", null, 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'64mb'");
    }

    @Test
    void ofTwoWorkersThatRunOutOfHeapTogetherOneLeavesADumpAndAThirdIsNotAskedForOne() throws Exception {
        LaunchSpec spec = with(new WorkerMemory("32m", null, null, 0, temporary));
        LaunchedWorker one = launches.script("heap", spec);
        LaunchedWorker other = launches.script("heap", spec);
        List<CrashReport> reports = List.of(report(one), report(other));

        Path dump;
        try (Stream<Path> files = Files.list(temporary)) {
            dump = files.toList().get(0);
        }
        assertThat(temporary).isDirectoryNotContaining(file -> !file.equals(dump));
        assertThat(Files.size(dump)).isGreaterThan(1 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dump)))
                .isEqualTo("rw-------");
        assertThat(reports).filteredOn(report -> report.files().contains(dump)).hasSize(1);
        assertThat(reports).allSatisfy(report -> assertThat(report.what()).startsWith("ran out of heap"));

        LaunchedWorker third = Launches.ready(launches.script("flags", spec));
        assertThat(third.lastOutput(100)).contains("flag -Xmx32m").noneMatch(line -> line.contains("HeapDump"));
        launches.close();
        assertThat(dump).exists();
    }

    @Test
    void noDumpIsAskedForWhereTheDiskHasNoRoomForIt() {
        HeapDump dump = HeapDump.of(temporary, "pool");
        assertThat(dump.flags(Long.MAX_VALUE)).isEmpty();
        assertThat(dump.flags(1 << 20))
                .containsExactly(
                        "-XX:+HeapDumpOnOutOfMemoryError",
                        "-XX:HeapDumpPath=" + temporary.toAbsolutePath().resolve("heap-pool.hprof"));
    }

    @Test
    void aDirectoryForDumpsIsMadeForThisUserAloneAndAFileInItsPlaceIsRefused() throws IOException {
        Path made = temporary.resolve("dumps");
        HeapDump.requireDirectory(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        HeapDump.requireDirectory(made);
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> HeapDump.requireDirectory(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heapDump: " + file + " is not a directory that can be written to");
        assertThatThrownBy(() -> HeapDump.requireDirectory(temporary.resolve("no/such")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be made");
    }

    private static CrashReport report(LaunchedWorker worker) throws Exception {
        ExitStatus status = Launches.ended(worker);
        return CrashReports.from(
                worker,
                status,
                new Circumstances(
                        Instant.now(),
                        CrashReport.Item.of(17, 1, Optional.empty()),
                        new CrashReport.Worker(3, 1, worker.pid(), 0),
                        0,
                        32L << 20,
                        "",
                        true,
                        null),
                MemoryReadings.Resident.UNKNOWN);
    }
}
