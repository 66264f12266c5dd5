// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The word between two real processes, one of which is killed while it holds the lock. */
@Timeout(60)
class LockCellProcessTest {
    private static final int ROUNDS = 100_000;
    private static final int COUNT_AT = 2 * LockCell.BYTES;
    private static final int BEGUN_AT = COUNT_AT + Long.BYTES;
    private static final int CHILD = 2;
    private static final int PARENT = 1;

    /** The other process: counts, then takes the lock for ever. */
    static final class Counting {
        private Counting() {}

        public static void main(String[] args) throws IOException {
            ByteBuffer memory = map(Path.of(args[0]));
            LockCell cell = new LockCell(memory, LockCell.BYTES);
            count(memory, cell, CHILD);
            if (System.in.read() >= 0) { // the other has done with it as well
                take(cell, CHILD);
                System.out.println("holds it");
                while (System.in.read() == '\n') {} // until it is killed, or its parent is
            }
        }
    }

    @Test
    void twoProcessesCountTogetherAndAKilledHoldersWordStaysItsOwnUntilItIsReclaimed(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("cells");
        ByteBuffer memory = map(file);
        LockCell cell = new LockCell(memory, LockCell.BYTES);
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Counting.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            while (memory.getLong(BEGUN_AT) == 0 && child.isAlive()) {
                Thread.onSpinWait(); // so that both count at the same time
            }
            count(memory, cell, PARENT);
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            assertThat(child.inputReader().readLine()).isEqualTo("holds it");
            long held = cell.word();
            assertThat(memory.getLong(COUNT_AT)).isEqualTo(2L * ROUNDS);
            assertThat(LockWord.holder(held)).isEqualTo(CHILD);

            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();

            assertThat(cell.word()).isEqualTo(held);
            assertThat(cell.change(held, LockWord.reclaimed(held))).isTrue();
            assertThat(take(cell, PARENT)).as("told of the death").isTrue();
            assertThat(LockWord.epoch(cell.word())).isEqualTo(2L * ROUNDS + 2);
        } finally {
            child.destroyForcibly();
        }
    }

    /** Not atomic, nor visible to anybody without the lock. */
    private static void count(ByteBuffer memory, LockCell cell, int client) {
        for (int i = 0; i < ROUNDS; i++) {
            take(cell, client);
            memory.putLong(BEGUN_AT, 1);
            memory.putLong(COUNT_AT, memory.getLong(COUNT_AT) + 1);
            long word = cell.word();
            if (LockWord.holder(word) != client || !cell.change(word, LockWord.released(word))) {
                throw new AssertionError("client " + client + " held " + cell);
            }
        }
    }

    /** Whether the holder before had died. */
    private static boolean take(LockCell cell, int client) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20)) {
            long word = cell.word();
            if (LockWord.isFree(word) && cell.change(word, LockWord.taken(word, client))) {
                return LockWord.isAbandoned(word);
            }
            LockSupport.parkNanos(1);
        }
        throw new AssertionError("client " + client + " never got " + cell);
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, 4096).order(ByteOrder.nativeOrder());
        }
    }
}
