// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.arena.WideFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipeMakerTest {
    @TempDir
    Path directory;

    /** What it makes cannot be mapped: it is shorter than a pipe. */
    private final class Maker implements WideMaker {
        @Override
        public WideFile wide(long bytes) throws IOException {
            return WideFile.create(directory.resolve("pipe"), 1, true);
        }

        @Override
        public WideFile named(String prefix, String digits, long bytes) {
            throw new AssertionError("nothing is looked for by its name");
        }

        @Override
        public SharedSegment make(int bytes) {
            throw new AssertionError("cells are in this process here");
        }
    }

    @Test
    void memoryThatCannotBeMappedIsNotLeftBehind() throws Exception {
        PipeMaker maker = new PipeMaker(
                new CellStore(null),
                new Maker(),
                Runnable::run,
                client -> null,
                (object, why) -> {},
                (kind, cell, make, memory) -> {
                    throw new AssertionError("there is none to be added");
                });
        assertThatThrownBy(() -> maker.pipe(true)).isInstanceOf(UncheckedIOException.class);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
