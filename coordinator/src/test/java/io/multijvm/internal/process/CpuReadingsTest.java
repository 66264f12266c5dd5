// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A quota counts wherever it is set; what cannot be read limits nothing. */
class CpuReadingsTest {
    @TempDir
    Path root;

    private CpuReadings readings;

    @BeforeEach
    void machine() {
        readings = new CpuReadings(root.resolve("proc"), root.resolve("cgroup"), root.resolve("cpu"));
    }

    @ParameterizedTest
    @CsvSource({"50000 100000, 1", "150000 100000, 2", "200000 100000, 2", "900000 100000, 8", "max 100000, 8"})
    void aBegunCoreOfAQuotaCounts(String quota, int cores) throws IOException {
        write("proc/self/cgroup", "0::/pod/box\n");
        write("cgroup/pod/cpu.max", quota + "\n");
        write("cgroup/pod/box/cpu.max", "max 100000\n");
        assertThat(readings.usable(8)).isEqualTo(cores);
    }

    @Test
    void theFirstVersionsQuotaCountsAndItsNoLimitDoesNot() throws IOException {
        write("proc/self/cgroup", "7:memory:/other\n4:cpu,cpuacct:/docker/1\n");
        write("cgroup/cpu/docker/1/cpu.cfs_quota_us", "-1\n");
        write("cgroup/cpu/docker/1/cpu.cfs_period_us", "100000\n");
        assertThat(readings.usable(8)).isEqualTo(8);
        write("cgroup/cpu/docker/cpu.cfs_quota_us", "250000\n");
        write("cgroup/cpu/docker/cpu.cfs_period_us", "100000\n");
        assertThat(readings.usable(8)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100000", "x 100000", "100000 x", "0 100000", "-5 100000", "100000 0", "1 2 3"})
    void aFileThatMakesNoSenseLimitsNothing(String content) throws IOException {
        write("proc/self/cgroup", "nonsense\n0::/a\n");
        write("cgroup/a/cpu.max", content);
        assertThat(readings.usable(4)).isEqualTo(4);
    }

    @Test
    void aSystemWithoutTheseFilesHasWhatTheJvmSays() {
        assertThat(readings.usable(3)).isEqualTo(3);
        assertThat(readings.physical()).isEmpty();
    }

    @Test
    void threadsOfOneCoreCountOnceAndOnlyThoseThatWeMayUse() throws IOException {
        write("proc/self/status", "Name:\tjava\nCpus_allowed_list:\t0-2,4\n");
        for (int cpu = 0; cpu < 6; cpu++) {
            write("cpu/cpu" + cpu + "/topology/thread_siblings_list", cpu / 2 * 2 + "-" + (cpu / 2 * 2 + 1) + "\n");
        }
        assertThat(readings.physical()).isEqualTo(OptionalInt.of(3));
    }

    @Test
    void thisMachineHasNoMorePhysicalCoresThanCores() {
        assertThat(Machine.physicalCpuCount()).isBetween(1, Machine.cpuCount());
        assertThat(Machine.cpuCount()).isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
