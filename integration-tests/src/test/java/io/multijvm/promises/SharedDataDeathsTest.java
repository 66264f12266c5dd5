// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.MemoryCoordinator;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process has done to shared data before it died is there; what it may have left half done is said to be suspect. */
@PromiseTest
class SharedDataDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COUNTED = 12_345;

    @TempDir
    Path directory;

    @Test
    void aWorkerThatDiesInTheMiddleOfWritesLeavesWhatItCountedAndAnArrayThatIsSuspect() {
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(1)) {
            SharedLong counter = manager.longValue(0);
            SharedLongArray written = manager.longArray(100_000);
            SharedLongArray read = manager.longArray(10);
            SharedMemory memory =
                    manager.memory("deaths-" + ProcessHandle.current().pid(), 1_000);
            long pid = pool.apply(() -> ProcessHandle.current().pid());

            assertThatThrownBy(() -> pool.apply(() -> {
                        read.get(0);
                        memory.buffer().put(0, (byte) 1);
                        for (int i = 0; i < COUNTED; i++) {
                            written.set(i, counter.incrementAndGet());
                        }
                        Runtime.getRuntime().halt(9);
                        return 0;
                    }))
                    .isInstanceOf(WorkerCrashedException.class);

            assertThat(counter.get()).isEqualTo(COUNTED);
            assertThat(written.get(COUNTED - 1)).isEqualTo(COUNTED);
            assertThat(written.get(COUNTED)).isZero();
            await().atMost(PATIENCE).until(written::isSuspect);
            String suspicion = written.suspicion().orElseThrow();
            assertThat(suspicion).contains("worker 0 (pid " + pid + ")").contains("20");
            await().atMost(PATIENCE).until(memory::isSuspect);
            assertThat(read.isSuspect()).isFalse();
            assertThat(pool.<Boolean>apply(written::isSuspect)).isTrue();
            written.clearSuspicion();
            assertThat(written.isSuspect()).isFalse();
            assertThat(written.suspicion()).isEmpty();
            assertThat(pool.<Long>apply(() -> written.addAndGet(0, 1) + counter.incrementAndGet()))
                    .isEqualTo(COUNTED + 3);
            System.out.printf(
                    "a worker that died after %d increments left %d; the array is suspect: %s%n",
                    COUNTED, counter.get() - 1, suspicion);
        }
    }

    @Test
    void aWorkerThatEndsInGoodOrderLeavesNoSuspicion() {
        try (Manager manager = Manager.start()) {
            SharedLongArray array = manager.longArray(10);
            String name = "stays " + ProcessHandle.current().pid();
            SharedMemory memory = manager.memory(name, 10);
            long pid;
            try (Pool pool = Pool.processes(1)) {
                pid = pool.apply(() -> {
                    array.set(3, 4);
                    SharedMemory.attach(name).buffer().put(5, (byte) 6);
                    return ProcessHandle.current().pid();
                });
            }
            // the owner hears of the end after the pool does
            await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
            await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !array.isSuspect());
            assertThat(array.suspicion()).isEmpty();
            assertThat(array.get(3)).isEqualTo(4);
            // the end of who attached frees nothing
            assertThat(memory.isSuspect()).isFalse();
            assertThat(memory.readOnly().get(5)).isEqualTo((byte) 6);
            assertThat(SharedMemory.attach(name)).isSameAs(memory);
        }
    }

    @Test
    void memoryIsFoundByItsNameAndNothingOfItStaysWhenItsOwnerIsKilled() throws Exception {
        String name = "found by name " + ProcessHandle.current().pid();
        Process owner = start(name);
        try {
            SharedMemory memory = SharedMemory.attach(name);
            assertThat(memory.size()).isEqualTo(MemoryCoordinator.BYTES);
            assertThat(memory.name()).isEqualTo(name);
            assertThat(memory.readOnly().getInt(8)).isEqualTo(4711);
            memory.buffer(8, 4).putInt(0, 4712);
            assertThat(memory.readOnly(4, 8).getInt(4)).isEqualTo(4712);
            try (Manager manager = Manager.start()) {
                assertThatThrownBy(() -> manager.memory(name, 10))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("process " + owner.pid());
            }
            assertThat(files(owner.pid())).hasSize(1);
            owner.destroyForcibly();
            assertThat(owner.waitFor(60, TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(memory::buffer).isInstanceOf(IllegalStateException.class));
            assertThatThrownBy(() -> SharedMemory.attach(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        } finally {
            owner.destroyForcibly();
        }
        Process next = start(name);
        try {
            await().atMost(PATIENCE).until(() -> files(owner.pid()).isEmpty());
            next.getOutputStream().close();
            assertThat(next.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(next.exitValue()).isZero();
        } finally {
            next.destroyForcibly();
        }
        assertThat(files(next.pid())).isEmpty();
    }

    private Process start(String name) throws Exception {
        Path output = directory.resolve("output.txt");
        Files.deleteIfExists(output);
        Process process = ChildJvm.start(ChildJvm.java(), List.of(), output, MemoryCoordinator.class, name);
        await().atMost(PATIENCE).until(() -> Files.readString(output).contains("ready"));
        return process;
    }

    private static List<Path> files(long pid) throws Exception {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("/dev/shm"), "multijvm-{memory-" + pid + "," + pid + "}-*")) {
            files.forEach(found::add);
        }
        return found;
    }
}
