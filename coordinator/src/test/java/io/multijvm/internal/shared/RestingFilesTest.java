// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.arena.WideMaker;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.OwnerLine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the file of an array that was closed is cut: a thread that is late would have its JVM ended by that. */
class RestingFilesTest {
    private static final long LENGTH = 100_000;

    @TempDir
    Path directory;

    private final List<WideFile> made = new ArrayList<>();
    private final List<LeftBy.Memory> memories = new ArrayList<>();
    /** While it is not cut there is no room for another file. */
    private @Nullable FileChannel full;

    private CellStore cells;
    private BlockMaker blocks;

    @BeforeEach
    void start() {
        cells = new CellStore(null);
        blocks = new BlockMaker(cells, new Maker(), Runnable::run, (kind, cell, make, memory) -> {
            memories.add(memory);
            return new Nobody().client(new SharedHandle("unix:/nowhere", 1, "00", 1, kind.name()));
        });
    }

    @AfterEach
    void end() {
        cells.close();
        made.forEach(file -> file.free(true));
    }

    private final class Maker implements WideMaker {
        @Override
        public WideFile wide(long bytes) throws IOException {
            if (full != null && full.size() > 0) {
                throw new IOException("no room");
            }
            made.add(WideFile.create(directory.resolve("file" + made.size()), bytes, false));
            return made.get(made.size() - 1);
        }

        @Override
        public WideFile named(String prefix, String digits, long bytes) {
            throw new AssertionError("nothing has a name here");
        }

        @Override
        public SharedSegment make(int bytes) {
            throw new AssertionError("cells are in this process here");
        }
    }

    /** Nothing is said to anybody here. */
    private static final class Nobody extends OwnerLine {
        Nobody() {
            super(1, "");
        }

        @Override
        public int client() {
            throw new AssertionError();
        }

        @Override
        public void say(long object, long ticket, Said said) {
            throw new AssertionError();
        }

        @Override
        protected ValueCodec codec() {
            throw new AssertionError();
        }
    }

    /** Another process's look at an array's file, through a descriptor of its own. */
    private FileChannel array() throws IOException {
        blocks.array(ObjectKind.BYTE_ARRAY, ElementType.BYTE, LENGTH);
        return FileChannel.open(Path.of(made.get(made.size() - 1).address()));
    }

    @Test
    void aFileRestsWhenAllHaveLetItGoAndIsCutThenForWhoWaitsForItsRoom() throws Exception {
        try (FileChannel look = array()) {
            long from = System.nanoTime();
            memories.get(0).left(LeftBy.ALL);
            assertThat(look.size()).isEqualTo(LENGTH);
            full = look;
            array().close();
            assertThat(look.size()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThanOrEqualTo(CellStore.REST);
        }
    }

    @Test
    void whatRestsWhenTheManagerClosesIsNotCutButNoLongerHeld() throws Exception {
        try (FileChannel look = array();
                FileChannel second = array()) {
            memories.get(0).left(LeftBy.ALL);
            cells.close();
            memories.get(1).left(LeftBy.ALL);
            made.forEach(file -> file.free(true)); // cuts what is still held
            assertThat(look.size()).isEqualTo(LENGTH);
            assertThat(second.size()).isEqualTo(LENGTH);
        }
    }

    @Test
    void aFileThatSomeStillUseIsNotCutAndOneThatNobodyOpenedIsAtOnce() throws Exception {
        try (FileChannel used = array();
                FileChannel unused = array()) {
            memories.get(0).left(LeftBy.SOME_USE_IT);
            memories.get(1).left(LeftBy.NOBODY);
            assertThat(used.size()).isEqualTo(LENGTH);
            assertThat(unused.size()).isZero();
        }
    }
}
