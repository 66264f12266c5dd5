// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The word of a shared lock and its place in mapped memory. */
@Timeout(60)
class LockCellTest {
    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(4 * LockCell.BYTES).alignedSlice(LockCell.BYTES);
    }

    private static boolean take(LockCell cell, int client) {
        long word = cell.word();
        return LockWord.isFree(word) && cell.change(word, LockWord.taken(word, client));
    }

    @Test
    void takingRaisesTheTokenAndReleasingTakesTheMarkAway() {
        long marked = LockWord.marked(LockWord.taken(0, 7), true, true);
        assertThat(LockWord.isWaitedFor(marked)).isTrue();
        assertThat(LockWord.text(marked)).isEqualTo("held by client 7, waited for, handed over, epoch 1");
        long word = LockWord.reclaimed(marked);
        assertThat(LockWord.isWaitedFor(word)).isFalse();

        assertThat(LockWord.isFree(word)).isTrue();
        assertThat(LockWord.isAbandoned(word)).isTrue();
        assertThat(LockWord.handsOff(word)).isTrue();
        assertThat(LockWord.epoch(word)).isEqualTo(1);
        long taken = LockWord.taken(word, LockWord.MOST_CLIENTS);
        assertThat(LockWord.holder(taken)).isEqualTo(65535);
        assertThat(LockWord.isAbandoned(taken)).isFalse();
        assertThat(LockWord.handsOff(taken)).isFalse();
        assertThat(LockWord.epoch(taken)).isEqualTo(2);
        assertThat(LockWord.released(LockWord.marked(taken, true, true))).isEqualTo(LockWord.marked(2, false, true));
        assertThat(LockWord.text(taken)).isEqualTo("held by client 65535, epoch 2");
    }

    @Test
    void theEpochNeverRunsIntoTheMarks() {
        long last = (1L << 45) - 1;

        assertThat(LockWord.taken(last, 1)).isEqualTo(1L << 48);
        assertThat(LockWord.renewed(last)).isZero();
    }

    @Test
    void aNumberThatIsNoClientsIsRefused() {
        assertThatThrownBy(() -> LockWord.taken(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LockWord.taken(0, 65536)).hasMessageContaining("65536");
        assertThatThrownBy(() -> new LockCell(memory(), 4)).hasMessageContaining("no cell at 4");
        assertThatThrownBy(() -> new LockCell(ByteBuffer.allocate(64), 0)).hasMessageContaining("no cell");
    }

    @Test
    void whoSawAWordBeforeTheCellWasFreedCannotChangeIt() {
        LockCell cell = new LockCell(memory(), LockCell.BYTES);
        assertThat(take(cell, 1)).isTrue();
        long held = cell.word();
        long generation = cell.generation();

        cell.free();

        assertThat(cell.generation()).isEqualTo(generation + 1);
        assertThat(LockWord.isFree(cell.word())).isTrue();
        assertThat(LockWord.epoch(cell.word())).isGreaterThan(LockWord.epoch(held));
        assertThat(cell.change(held, LockWord.released(held))).isFalse();
    }

    @Test
    void theHolderIsToldOfThisTakingOnly() {
        LockCell cell = new LockCell(memory(), 0);
        take(cell, 1);
        assertThat(cell.holder()).isEmpty();
        cell.tell(LockWord.epoch(cell.word()), 4711, 17, 99);
        assertThat(cell.holder()).contains(new LockCell.Holder(4711, 17, 99));
        cell.change(cell.word(), LockWord.released(cell.word()));
        assertThat(cell.holder()).isEmpty();
        take(cell, 2);
        assertThat(cell.holder()).as("client 2 has not said who it is").isEmpty();
    }

    /** Two mappings of one file, as two processes have them, and two cells that do not disturb each other. */
    @Test
    void whatIsCountedUnderItThroughTwoMappingsAddsUp(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("cells");
        int rounds = 20_000;
        long[] counts = new long[2];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<CompletableFuture<Void>> threads = IntStream.rangeClosed(1, 4)
                    .mapToObj(client -> started(channel, client, rounds, counts))
                    .toList();
            for (CompletableFuture<Void> thread : threads) {
                thread.get(50, TimeUnit.SECONDS);
            }
            assertThat(counts).containsExactly(2L * rounds, 2L * rounds);
            LockCell cell = new LockCell(channel.map(MapMode.READ_WRITE, 0, 128), 0);
            assertThat(cell.word()).as("free, and a token for each taking").isEqualTo(2L * rounds);
        }
    }

    private static CompletableFuture<Void> started(FileChannel channel, int client, int rounds, long[] counts) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                int which = client % 2;
                LockCell cell = new LockCell(channel.map(MapMode.READ_WRITE, 0, 128), which * LockCell.BYTES);
                for (int i = 0; i < rounds; i++) {
                    while (!take(cell, client)) {
                        Thread.onSpinWait();
                    }
                    counts[which]++;
                    cell.change(cell.word(), LockWord.released(cell.word()));
                }
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
