// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSegmentTest {
    private static final int BYTES = 1 << 20;

    @TempDir
    Path directory;

    private final AtomicInteger closed = new AtomicInteger();

    @BeforeEach
    void needProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    }

    private SharedSegment make() throws IOException {
        return SharedSegment.create(directory.resolve("segment"), BYTES, closed::incrementAndGet);
    }

    @Test
    void theFileHasNoNameFromTheBeginningAndTheOtherSideReadsWhatWasWritten() throws IOException {
        SharedSegment here = make();
        assertThat(directory).isEmptyDirectory();
        SharedSegment there = SharedSegment.open(here.address(), BYTES, false);

        here.writeNew(4096, new byte[] {1, 2, 3}, 1, 2);
        here.set(64, 42);

        byte[] read = new byte[4];
        there.read(4096, read, 1, 2);
        assertThat(read).containsExactly(0, 2, 3, 0);
        assertThat(there.get(64)).isEqualTo(42);
        assertThatThrownBy(() -> there.write(0, read, 0, 1))
                .as("it was mapped to be read only")
                .isNotNull();
        there.release();
        here.release();
        assertThat(mappings()).isZero();
        assertThat(closed).hasValue(1);
    }

    @Test
    void itStaysMappedAsLongAsSomebodyReadsAndNoLonger() throws IOException {
        SharedSegment segment = make();
        segment.reserve();
        assertThat(segment.lease()).isTrue();
        segment.release();
        assertThat(closed).hasValue(0);
        segment.read(BYTES - 10, new byte[10], 0, 10);

        segment.release();

        assertThat(closed).hasValue(1);
        assertThat(mappings()).isZero();
        assertThat(segment.lease()).isFalse();
        assertThatThrownBy(segment::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whenItsMakerIsDoneItsMemoryIsFreeThoughTheOtherSideStillMapsIt() throws IOException {
        SharedSegment here = make();
        here.reserve();
        SharedSegment there = SharedSegment.open(here.address(), BYTES, false);
        here.release();

        assertThatThrownBy(() -> {
                    there.read(0, new byte[100_000], 0, 100_000);
                    // compiled code hears of it only when the JVM is asked for something
                    throw new AssertionError(new byte[BYTES].length + " bytes that are gone were read");
                })
                .isInstanceOfAny(IOException.class, InternalError.class);
        there.release();
    }

    @Test
    void aPlantedFileOrLinkIsRefusedAndStaysAsItIs() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "untouched");
        Files.createSymbolicLink(directory.resolve("segment"), victim);

        assertThatThrownBy(this::make).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void whatIsNotAsLongAsItWasSaidIsNotMapped() throws IOException {
        SharedSegment segment = make();

        assertThatThrownBy(() -> SharedSegment.open(segment.address(), BYTES + 1, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(BYTES));
        assertThatThrownBy(() -> SharedSegment.open(segment.address(), Long.MAX_VALUE, true))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SharedSegment.open("/proc/1/fd/99999", BYTES, false))
                .isInstanceOf(IOException.class);
        segment.release();
    }

    @Test
    void thousandsOfThemLeaveNoMappingAndNoDescriptor() throws IOException {
        long descriptors = descriptors();
        for (int i = 0; i < 2_000; i++) {
            SharedSegment here = make();
            SharedSegment there = SharedSegment.open(here.address(), BYTES, true);
            there.release();
            here.release();
        }
        assertThat(closed).hasValue(2_000);
        assertThat(mappings()).isZero();
        assertThat(descriptors()).isLessThan(descriptors + 10);
    }

    private long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).count();
        }
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
