// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits that do not fit together are refused before anything is started, with the numbers. */
class MemoryOptionsTest {
    private static final long MIB = 1L << 20;

    @Test
    void aLimitBelowWhatTheHeapAndTheJvmNeedIsRefusedWithTheNumbers() {
        assertThatThrownBy(() -> Pool.processes(o -> o.heap("512m").memoryLimit("600m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memoryLimit 600 MiB is less than the 640 MiB that a worker may need: heap 512 MiB, and"
                        + " 128 MiB for the JVM itself; raise it, or ask for a smaller heap");
        assertThatThrownBy(() ->
                        WorkerCommand.of(o -> o.heap("512m").directMemory("64m").memoryLimit("700m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("704 MiB")
                .hasMessageContaining("direct memory 64 MiB");
    }

    @Test
    void withoutAHeapTheWorkersGetOneThatFitsBelowTheLimit() {
        assertThat(MemoryOptions.defaultHeap(2048 * MIB, 1024 * MIB, 0)).isEqualTo("716m");
        assertThat(MemoryOptions.defaultHeap(2048 * MIB, 1024 * MIB, 256 * MIB)).isEqualTo("512m");
        assertThat(MemoryOptions.defaultHeap(300 * MIB, 1024 * MIB, 0)).isEqualTo("300m");
        assertThat(MemoryOptions.defaultHeap(2048 * MIB, 0, 0)).isEqualTo("2048m");
        assertThatThrownBy(() -> WorkerCommand.of(o -> o.memoryLimit("150m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memoryLimit 150 MiB is less than the 192 MiB");
    }

    private static void refused(Consumer<ProcessOptions> options, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pool.processes(options).close())
                .withMessageContainingAll(words);
    }

    @Test
    void aSecondHeapThatCouldNotHelpIsRefused() {
        refused(o -> o.heap("64m").retryHeap("64m"), "retryHeap 64m is not more than the 64 MiB that each worker has");
        String tooMuch = (Machine.totalMemory() >> 20) + 1 + "m";
        refused(
                o -> o.heap("64m").retryHeap(tooMuch),
                "retryHeap " + tooMuch + " is more than the",
                "that this machine or container has");
        refused(
                o -> o.heap("64m").retryHeap("300m").memoryLimit("400m"),
                "memoryLimit 400 MiB is less than the 428 MiB that a worker may need: retryHeap 300 MiB",
                "ask for a smaller retryHeap");
        refused(
                o -> o.heap("64m").retryHeap("128m").jvmArgs("-Xmx80m"),
                "retryHeap 128m would be of no effect, since jvmArgs have -Xmx80m");
        refused(o -> o.retryHeap("much"), "not a memory size: 'much'");
    }

    @Test
    void aWorkersCommandLineShowsWhatItMayTake() throws IOException {
        String command = WorkerCommand.of(o -> o.heap("100m")
                .directMemory("32m")
                .metaspace("96m")
                .memoryLimit("1g")
                .heapDump(Path.of("/var/dumps")));
        assertThat(command)
                .contains(
                        "-Xmx100m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:HeapDumpPath=/var/dumps/heap-POOL.hprof");
    }

    @Test
    void aTypingErrorIsQuotedWhereItIsMade() {
        ProcessOptions options = new ProcessOptions();
        assertThatThrownBy(() -> options.memoryLimit("1gb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'1gb'");
        assertThatThrownBy(() -> options.directMemory("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.metaspace("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.memoryFloor("0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.heapDump(Path.of("/tmp/50%")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a % in it");
    }
}
