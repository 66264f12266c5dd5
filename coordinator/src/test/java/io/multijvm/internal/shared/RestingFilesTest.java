// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ObjectKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the file of an array that was closed is cut: a thread that is late would have its JVM ended by that. */
class RestingFilesTest {
    private static final long LENGTH = 100_000;

    @TempDir
    Path directory;

    private final List<LeftBy.Memory> memories = new ArrayList<>();
    private FewFiles maker;
    private CellStore cells;
    private BlockMaker blocks;

    @BeforeEach
    void start() {
        cells = new CellStore(null);
        maker = new FewFiles(directory);
        blocks = new BlockMaker(cells, maker, Runnable::run, (kind, cell, make, memory) -> {
            memories.add(memory);
            return NobodysLine.client(1, kind);
        });
    }

    @AfterEach
    void end() {
        cells.close();
        maker.freeAll();
    }

    /** Another process's look at an array's file, through a descriptor of its own. */
    private FileChannel array() throws IOException {
        blocks.array(ObjectKind.BYTE_ARRAY, ElementType.BYTE, LENGTH);
        return maker.look(maker.count() - 1);
    }

    @Test
    void aFileRestsWhenAllHaveLetItGoAndIsCutThenForWhoWaitsForItsRoom() throws Exception {
        try (FileChannel look = array()) {
            long from = System.nanoTime();
            memories.get(0).left(LeftBy.ALL);
            assertThat(look.size()).isEqualTo(LENGTH);
            maker.noRoomBeside(look);
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
            maker.freeAll(); // cuts what is still held
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
