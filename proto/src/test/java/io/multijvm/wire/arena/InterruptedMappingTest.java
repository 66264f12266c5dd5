// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who shares memory may be interrupted at any time, and an interrupt closes the file that a thread is at. */
@Timeout(60)
class InterruptedMappingTest {
    private static final int BYTES = 1 << 16;

    @TempDir
    Path directory;

    private int names;

    @BeforeEach
    void needProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    }

    @AfterEach
    void theNextTestIsNotInterrupted() {
        boolean unused = Thread.interrupted();
    }

    private Path name() {
        names++;
        return directory.resolve("memory" + names);
    }

    /** Of a thread that is interrupted already, and stays so. */
    private static <R> R interrupted(Undisturbed.Work<R> work) throws IOException {
        Thread.currentThread().interrupt();
        R done = work.run();
        assertThat(Thread.interrupted()).as("the interrupt stays").isTrue();
        return done;
    }

    @Test
    void aSegmentIsMadeReservedAndMapped() throws IOException {
        SharedSegment made = interrupted(() -> SharedSegment.create(name(), BYTES, () -> {}));
        boolean reserved = interrupted(() -> {
            made.reserve();
            return true;
        });
        assertThat(reserved).isTrue();
        made.set(64, 42);
        SharedSegment there = interrupted(() -> SharedSegment.open(made.address(), BYTES, true));
        assertThat(there.get(64)).isEqualTo(42);
        assertThat(SharedSegment.open(made.address(), BYTES, true).bytes())
                .as("its maker's file is still open")
                .isEqualTo(BYTES);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aWideFileIsMadeWrittenAndMapped() throws IOException {
        for (boolean named : new boolean[] {false, true}) {
            WideFile made = interrupted(() -> WideFile.create(name(), BYTES, named));
            boolean written = interrupted(() -> {
                made.write(8, ByteBuffer.wrap(new byte[] {1, 2}));
                return true;
            });
            assertThat(written).isTrue();
            ByteBuffer mapped = interrupted(() -> WideFile.map(made.address(), 0, BYTES))[0];
            ByteBuffer window = interrupted(() -> WideFile.window(made.address(), 8, 2));
            assertThat(new byte[] {mapped.get(8), window.get(1)}).containsExactly(1, 2);
            assertThat(WideFile.map(made.address(), 0, BYTES)).hasSize(1);
            made.free(true);
        }
    }

    @Test
    void whatIsNotThereIsStillSaidToWhoIsInterrupted() {
        Path nowhere = directory.resolve("nowhere");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> WideFile.map(nowhere.toString(), 0, BYTES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void interruptsInTheMiddleOfItDoNoHarmEither() throws Exception {
        int times = 100;
        WideFile file = WideFile.create(name(), BYTES, false);
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Boolean> maps = new FutureTask<>(() -> {
            begun.countDown();
            for (int i = 0; i < times; i++) {
                assertThat(WideFile.map(file.address(), 0, BYTES)).hasSize(1);
                file.write(0, ByteBuffer.wrap(new byte[] {1}));
                WideFile other = WideFile.create(directory.resolve("other" + i), BYTES, false);
                assertThat(WideFile.window(other.address(), 0, BYTES).capacity())
                        .isEqualTo(BYTES);
                other.free(false);
            }
            return true;
        });
        Thread thread = new Thread(maps, "maps");
        thread.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        while (thread.isAlive()) {
            thread.interrupt();
            LockSupport.parkNanos(20_000);
        }
        assertThat(maps.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(directory).isEmptyDirectory();
        file.free(true);
    }
}
