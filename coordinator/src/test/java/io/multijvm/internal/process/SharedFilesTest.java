// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFilesTest {
    private static final int GIBIBYTE = 1 << 30;

    @TempDir
    Path directory;

    @Test
    void noMoreIsMadeThanAQuarterOfWhatWasFreeAndWhatWasGivenBackCountsNoMore() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
        SharedFiles files = new SharedFiles(directory);
        long quarter = Files.getFileStore(directory).getUsableSpace() / 4;
        List<SharedSegment> made = new ArrayList<>();
        // sparse: nothing is reserved before it is written to
        long fits = Math.min(200, quarter / GIBIBYTE);
        assumeTrue(fits < 200, "the disk is too large to be tried out");
        assertThatThrownBy(() -> {
                    while (made.size() <= fits + 1) {
                        made.add(files.make(GIBIBYTE));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(directory));
        assertThat((long) made.size())
                .as("others use the disk too, and so it is the next number at times")
                .isBetween(fits - 1, fits + 1);
        assertThat(directory).isEmptyDirectory();
        made.forEach(SharedSegment::release);
        files.make(1 << 20).release();
    }

    @Test
    void anUnknownWayIsRefused() {
        System.setProperty(SharedFiles.PROPERTY, "pigeons");
        try {
            assertThatThrownBy(SharedFiles::wanted)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(SharedFiles.PROPERTY)
                    .hasMessageContaining("pigeons");
        } finally {
            System.clearProperty(SharedFiles.PROPERTY);
        }
    }
}
