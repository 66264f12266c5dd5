// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tightest limit counts, wherever it is set. */
class MemoryReadingsTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path root;

    private MemoryReadings readings;

    @BeforeEach
    void machineOf16Gib() throws IOException {
        write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree: 1 kB\nMemAvailable:    8388608 kB\n");
        readings = new MemoryReadings(root.resolve("proc"), root.resolve("cgroup"));
    }

    @Test
    void withoutGroupsItIsTheMachines() {
        assertThat(readings.totalBytes()).isEqualTo(16 * GIB);
        assertThat(readings.availableBytes()).isEqualTo(8 * GIB);
    }

    @Test
    void aLimitOfAParentGroupCountsAndAFileCacheIsAvailable() throws IOException {
        write("proc/self/cgroup", "0::/pod/box\n");
        write("cgroup/pod/memory.max", 2 * GIB + "\n");
        write("cgroup/pod/memory.current", GIB + "\n");
        write("cgroup/pod/memory.stat", "anon 1\ninactive_file " + GIB / 2 + "\n");
        write("cgroup/pod/box/memory.max", "max\n");
        assertThat(readings.totalBytes()).isEqualTo(2 * GIB);
        assertThat(readings.availableBytes()).isEqualTo(2 * GIB - GIB / 2);
    }

    @Test
    void theFirstVersionsLimitCountsAndItsNoLimitDoesNot() throws IOException {
        write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/1\n");
        write("cgroup/memory/docker/1/memory.limit_in_bytes", "9223372036854771712\n");
        write("cgroup/memory/memory.limit_in_bytes", GIB + "\n");
        assertThat(readings.totalBytes()).isEqualTo(GIB);
    }

    @Test
    void aGroupFromOutsideOfTheContainerFallsBackToItsRoot() throws IOException {
        write("proc/self/cgroup", "0::/../../other\n");
        write("cgroup/memory.max", GIB + "\n");
        assertThat(readings.totalBytes()).isEqualTo(GIB);
    }

    @Test
    void aSystemWithoutTheseFilesAsksTheJvm() {
        MemoryReadings elsewhere = new MemoryReadings(root.resolve("none"), root.resolve("none"));
        assertThat(elsewhere.totalBytes()).isPositive();
        assertThat(elsewhere.availableBytes()).isPositive();
    }

    @Test
    void aProcesssMemoryIsReadWithItsPeakAndAGoneOnesIsUnknown() throws IOException {
        write("proc/42/status", "Name:\tjava\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\n");
        assertThat(readings.resident(42)).isEqualTo(new MemoryReadings.Resident(1 << 20, 2 << 20));
        write("proc/43/status", "Name:\tjava\nState:\tZ (zombie)\n");
        assertThat(readings.resident(43)).isEqualTo(MemoryReadings.Resident.UNKNOWN);
        assertThat(readings.resident(44)).isEqualTo(MemoryReadings.Resident.UNKNOWN);
    }

    @Test
    void thisMachineHasCoresAndMemory() {
        assertThat(Machine.cpuCount()).isPositive();
        assertThat(Machine.availableMemory()).isPositive().isLessThanOrEqualTo(Machine.totalMemory());
    }

    @Test
    void defaultHeapsShareTheMemoryAndNeverGetTooSmall() {
        long one = Machine.defaultWorkerHeapBytes(1);
        assertThat(one).isLessThan(Machine.totalMemory());
        assertThat(Machine.defaultWorkerHeapBytes(2)).isBetween(one / 2 - 1, one / 2 + 1);
        assertThat(Machine.defaultWorkerHeapBytes(1_000_000)).isEqualTo(64L << 20);
        assertThatThrownBy(() -> Machine.defaultWorkerHeapBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
