// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of results: readable before they are closed, and once only. */
@Timeout(60)
class RunTest {
    private static final int RING = 4096;
    private static final long CHUNK = 5;

    @TempDir
    Path directory;

    private Path file;
    private int written;
    private int read;

    @BeforeEach
    void create() throws Exception {
        file = directory.resolve("recorder");
        RecorderFile.create(file, RING);
    }

    /** Result {@code i} takes one to five units, each of them {@code i}. */
    private static int units(int i) {
        return 1 + Math.floorMod(i * 31, 5);
    }

    static int value(int i, byte[] into) {
        ByteBuffer bytes = ByteBuffer.wrap(into).order(ByteOrder.nativeOrder());
        for (int unit = 0; unit < units(i); unit++) {
            bytes.putInt(i);
        }
        return bytes.position();
    }

    /** Checks the results of a record, the next of which is {@code first}; how many they are. */
    static int check(RingRecord record, int first) {
        if (record.kind() != ResultKind.RUN) {
            if (record.position() != first || record.data()[0] != (byte) first) {
                throw new AssertionError(record + " where " + first + " was expected");
            }
            return 1;
        }
        RecorderReader.Run run = record.run();
        if (run == null || record.position() != first || run.type() != 7) {
            throw new AssertionError(record + " where " + first + " was expected");
        }
        ByteBuffer bytes = ByteBuffer.wrap(record.data()).order(ByteOrder.nativeOrder());
        for (int i = first; i < first + run.count(); i++) {
            for (int unit = 0; unit < units(i); unit++) {
                if (bytes.getInt() != i) {
                    throw new AssertionError("result " + i + " is not what was written");
                }
            }
        }
        if (bytes.hasRemaining()) {
            throw new AssertionError("bytes behind the results of " + record);
        }
        return run.count();
    }

    private boolean write(RecorderWriter writer, byte[] scratch) {
        int length = value(written, scratch);
        boolean done = writer.tryExtendRun(scratch, length);
        if (!done) {
            writer.closeRun(1);
            done = writer.tryBeginRun(CHUNK, written, 7, scratch, length);
        }
        written += done ? 1 : 0;
        return done;
    }

    private boolean readOne(RecorderReader reader) {
        RingRecord record = reader.poll();
        if (record == null) {
            return false;
        }
        read += check(record, read);
        return true;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverIsClosedWhenAndHoweverFarTheReaderLagsEachResultIsReadOnce(long seed) throws Exception {
        Random random = new Random(seed);
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] scratch = new byte[64];
        int refused = 0;
        int open = 0;
        try (RecorderReader reader = RecorderReader.open(file)) {
            for (int step = 0; step < 40_000; step++) {
                int what = random.nextInt(100);
                if (what < (step / 500 % 2 == 0 ? 80 : 40)) {
                    refused += write(writer, scratch) ? 0 : 1;
                } else if (what < 85) {
                    boolean any = readOne(reader);
                    open += any && writer.runCount() > 0 ? 1 : 0;
                } else if (what < 90) {
                    writer.closeRun(1);
                } else if (what < 93) {
                    writer.closeRun(1);
                    boolean done =
                            writer.tryCommit(CHUNK, written, ResultKind.VALUE, 1, new byte[] {(byte) written}, 0, 1);
                    written += done ? 1 : 0;
                }
            }
            while (readOne(reader)) {
                // to the end
            }
            assertThat(read).as("seed %d", seed).isEqualTo(written);
            assertThat(writer.finished()).isEqualTo(written);
        }
        assertThat(refused).as("seed %d: the ring was full at times", seed).isPositive();
        assertThat(open).as("seed %d: open runs were read", seed).isPositive();
    }

    /** Short runs go round most often: a reader then meets a run that was opened beyond the ring's end since it looked. */
    @ParameterizedTest
    @ValueSource(ints = {20, 3, 1})
    void aReaderInStepWithNobodyReadsEveryResultOnceWhileItIsWritten(int mostlySoLong) throws Exception {
        int results = 300_000;
        AtomicBoolean givenUp = new AtomicBoolean();
        CompletableFuture<@Nullable Void> done = CompletableFuture.runAsync(() -> {
            try {
                RecorderWriter writer = RecorderWriter.open(file);
                byte[] scratch = new byte[64];
                Random random = new Random(3);
                int inVain = 0;
                while (written < results && !givenUp.get()) {
                    if (!write(writer, scratch)) {
                        leaveACore(++inVain);
                        continue;
                    }
                    inVain = 0;
                    if (random.nextInt(mostlySoLong) == 0) {
                        writer.closeRun(1);
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        try (RecorderReader reader = RecorderReader.open(file)) {
            int inVain = 0;
            while (read < results) {
                if (readOne(reader)) {
                    inVain = 0;
                } else if (done.isCompletedExceptionally()) {
                    break;
                } else {
                    leaveACore(++inVain);
                }
            }
        } finally {
            givenUp.set(true);
        }
        done.get(30, TimeUnit.SECONDS);
        assertThat(read).isEqualTo(results);
    }

    /** While both run they meet at any moment; where one core is left for both, the other one must have it soon. */
    private static void leaveACore(int inVain) {
        if (inVain > 1000) {
            LockSupport.parkNanos(1);
        } else {
            Thread.onSpinWait();
        }
    }

    @Test
    void aRunThatIsOpenedBeyondTheEndJustAfterTheReaderLookedIsFoundThere() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] scratch = new byte[64];
        try (RecorderReader reader = RecorderReader.open(file)) {
            for (long seen = 0; seen < 2 * RING; seen = word(Layout.COMMITTED_AT, null)) {
                write(writer, scratch);
                read += check(Objects.requireNonNull(reader.next(seen)), read);
                writer.closeRun(1);
                while (readOne(reader)) {
                    // to the end
                }
                assertThat(read).isEqualTo(written);
            }
        }
    }

    @Test
    void aClosedRunTellsWhatAllOfItTookWhateverWasReadBefore() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] scratch = new byte[64];
        try (RecorderReader reader = RecorderReader.open(file)) {
            write(writer, scratch);
            write(writer, scratch);
            RingRecord early = Objects.requireNonNull(reader.poll());
            assertThat(early.run()).isEqualTo(new RecorderReader.Run(7, 2, 0, early.data().length));
            assertThat(reader.poll()).isNull();
            writer.closeRun(99);
            RingRecord rest = Objects.requireNonNull(reader.poll());
            assertThat(rest.data()).isEmpty();
            assertThat(rest.elapsedNanos()).isEqualTo(99);
            assertThat(rest.run()).isEqualTo(new RecorderReader.Run(7, 0, 2, early.data().length));
            assertThat(reader.poll()).isNull();
        }
    }

    @Test
    void aWordThatWasNotClearedBeforeItsWriterDiedNamesNothing() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] scratch = new byte[64];
        write(writer, scratch);
        long word = word(Layout.OPEN_RUN_AT, null);
        writer.closeRun(1);
        word(Layout.OPEN_RUN_AT, word);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(readOne(reader)).isTrue();
            assertThat(reader.poll()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damageToAnOpenRunIsNoticed(long seed) throws Exception {
        Random random = new Random(seed);
        int unnoticed = 0;
        for (int round = 0; round < 300; round++) {
            file = directory.resolve(seed + "-" + round);
            RecorderFile.create(file, RING);
            RecorderWriter writer = RecorderWriter.open(file);
            byte[] scratch = new byte[64];
            written = 0;
            for (int i = 0; i < 20; i++) {
                write(writer, scratch);
            }
            int values = (int) ((word(Layout.OPEN_RUN_AT, null) >>> 16) & 0xffff) * Layout.UNIT;
            int at = Layout.RING_AT + Layout.RUN_HEADER + random.nextInt(values / 8) * 8;
            word(at, word(at, null) ^ (random.nextLong() | 1));
            try (RecorderReader reader = RecorderReader.open(file)) {
                reader.poll();
                unnoticed++;
            } catch (CorruptRingException noticed) {
                assertThat(noticed).hasMessageContaining("checksum");
            }
        }
        assertThat(unnoticed).as("seed %d", seed).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aWordOfAnyBitsEndsInNothingButTheOneException(long seed) throws Exception {
        Random random = new Random(seed);
        RecorderWriter writer = RecorderWriter.open(file);
        write(writer, new byte[64]);
        long honest = word(Layout.OPEN_RUN_AT, null);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            long lie = random.nextBoolean() ? random.nextLong() & ~(0xfffL << 52) : honest ^ (1L << random.nextInt(64));
            word(Layout.OPEN_RUN_AT, lie);
            try (RecorderReader reader = RecorderReader.open(file)) {
                RingRecord found = reader.poll();
                assertThat(found).as("%x", lie).isNull();
            } catch (CorruptRingException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void aRunMustBeClosedBeforeAnythingElseIsWritten() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] scratch = new byte[64];
        assertThat(writer.tryExtendRun(scratch, 4)).as("none is open").isFalse();
        write(writer, scratch);
        assertThat(writer.runCount()).isEqualTo(1);
        assertThatThrownBy(() -> writer.tryCommit(1, 1, ResultKind.VALUE, 0, scratch, 0, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.tryBeginRun(1, 1, 7, scratch, 4)).isInstanceOf(IllegalStateException.class);
        writer.closeRun(1);
        writer.closeRun(1);
        assertThat(writer.runCount()).isZero();
        assertThatThrownBy(() -> writer.tryBeginRun(1, 1, 7, new byte[RING], RING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Reads a long of the file and, if there is a new one, writes that. */
    private long word(int at, @Nullable Long fresh) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            channel.read(bytes, at);
            long old = bytes.getLong(0);
            if (fresh != null) {
                channel.write(bytes.putLong(0, fresh).position(0), at);
            }
            return old;
        }
    }
}
