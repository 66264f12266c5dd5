// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTest {
    private static final int RING = 4096;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void create() throws Exception {
        file = directory.resolve("recorder");
        RecorderFile.create(file, RING);
    }

    @Test
    void theFileIsForItsOwnerOnlyAndHasItsSpace() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.size(file)).isEqualTo(Layout.RING_AT + RING);
    }

    @Test
    void anExistingFileIsNeitherOverwrittenNorDeleted() {
        assertThatThrownBy(() -> RecorderFile.create(file, RING)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).exists();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4096, 2048, 4097, 5000})
    void aRingIsAPowerOfTwo(int bytes) {
        assertThatThrownBy(() -> RecorderFile.create(directory.resolve("other"), bytes))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverTheSizesAndHoweverFarTheReaderLagsItReadsWhatWasCommitted(long seed) throws Exception {
        Random random = new Random(seed);
        RecorderWriter writer = RecorderWriter.open(file);
        Deque<RingRecord> committed = new ArrayDeque<>();
        int refused = 0;
        try (RecorderReader reader = RecorderReader.open(file)) {
            for (int step = 0; step < 20_000; step++) {
                // lags for a while, then catches up: the ring gets full and empty again and again
                boolean write = random.nextInt(100) < (step / 500 % 2 == 0 ? 70 : 30);
                if (write) {
                    RingRecord next = record(random, step, writer.maxPayload());
                    if (commit(writer, next)) {
                        committed.add(next);
                    } else {
                        refused++;
                        assertThat(committed.isEmpty())
                                .as("seed %d: refused only while something lies in the ring", seed)
                                .isFalse();
                    }
                } else {
                    assertSame(reader.poll(), committed.poll(), seed);
                }
            }
            while (!committed.isEmpty()) {
                assertSame(reader.poll(), committed.poll(), seed);
            }
            assertThat(reader.poll()).isNull();
        }
        assertThat(refused).as("seed %d: the ring was full at times", seed).isPositive();
    }

    @Test
    void theLargestPayloadFitsFourTimesAndNoLargerOneIsTaken() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        byte[] largest = new byte[writer.maxPayload()];
        for (int i = 0; i < 4; i++) {
            assertThat(writer.tryCommit(1, i, ResultKind.VALUE, 0, largest, 0, largest.length))
                    .isTrue();
        }
        assertThat(writer.tryCommit(1, 4, ResultKind.CANCELLED, 0, largest, 0, 0))
                .isFalse();
        byte[] larger = new byte[largest.length + 1];
        assertThatThrownBy(() -> writer.tryCommit(1, 4, ResultKind.VALUE, 0, larger, 0, larger.length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheNamedPartOfAnArrayIsCommitted() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        writer.tryCommit(1, 0, ResultKind.VALUE, 5, new byte[] {1, 2, 3, 4, 5}, 1, 3);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertSame(reader.poll(), new RingRecord(1, 0, ResultKind.VALUE, 5, new byte[] {2, 3, 4}), 0);
        }
    }

    @Test
    void aWriterAndAReaderInStepWithNobodyLoseNothing() throws Exception {
        int records = 100_000;
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(records));
        try (RecorderReader reader = RecorderReader.open(file)) {
            Random random = new Random(42);
            for (int i = 0; i < records; i++) {
                RingRecord expected = record(random, i, 200);
                RingRecord found = reader.poll();
                while (found == null) {
                    if (written.isCompletedExceptionally()) {
                        written.join();
                    }
                    LockSupport.parkNanos(1000);
                    found = reader.poll();
                }
                assertSame(found, expected, 42);
            }
        }
        written.get(30, TimeUnit.SECONDS);
    }

    private void write(int records) {
        try {
            RecorderWriter writer = RecorderWriter.open(file);
            Random random = new Random(42);
            for (int i = 0; i < records; i++) {
                RingRecord next = record(random, i, 200);
                while (!commit(writer, next)) {
                    LockSupport.parkNanos(1000);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theItemAtHandIsTheOneThatWasBegunLastInItsState() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(reader.running().state()).isEqualTo(ItemState.IDLE);
            writer.begin(77, Integer.MAX_VALUE, 5);
            assertThat(reader.running()).isEqualTo(running(ItemState.DECODE));
            for (ItemState state : ItemState.values()) {
                writer.state(state);
                assertThat(reader.running()).isEqualTo(running(state));
            }
        }
    }

    private static RecorderReader.Running running(ItemState state) {
        return new RecorderReader.Running(77, Integer.MAX_VALUE, state, 5);
    }

    @Test
    void lastWordsAreKeptAndCutWhereThereIsNoMoreRoom() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(reader.lastWords()).isEmpty();
            writer.lastWords("System.exit\nfarewell");
            assertThat(reader.lastWords()).isEqualTo("System.exit\nfarewell");
            writer.lastWords("x".repeat(1_000_000));
            assertThat(reader.lastWords()).matches("x{7000,}");
            assertThat(reader.stack(0, 0)).isEmpty();
        }
    }

    @Test
    void aStackIsKeptForTheItemThatItIsOfAndCutWhereThereIsNoMoreRoom() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(reader.stack(5, 6)).isEmpty();
            writer.stack(5, 6, "a.B.c(B.java:1)");
            assertThat(reader.stack(5, 6)).isEqualTo("a.B.c(B.java:1)");
            assertThat(reader.stack(5, 7)).isEmpty();
            assertThat(reader.stack(6, 6)).isEmpty();
            assertThat(reader.lastWords()).isEmpty();
            writer.stack(7, 8, "y".repeat(1_000_000));
            assertThat(reader.stack(7, 8)).matches("y{8000,}");
            writer.tryCommit(7, 8, ResultKind.VALUE, 0, new byte[] {1}, 0, 1);
            assertThat(reader.poll()).isNotNull();
        }
    }

    @Test
    void aBeatIsSeenWithTheHeapOfThatMoment() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(reader.beats()).isZero();
            assertThat(reader.heapUsed()).isZero();
            writer.beat(1, 5L << 30);
            writer.beat(2, 6L << 30);
            assertThat(reader.beats()).isEqualTo(2);
            assertThat(reader.heapUsed()).isEqualTo(6L << 30);
            assertThat(reader.running().state()).isEqualTo(ItemState.IDLE);
        }
    }

    @Test
    void onlyTheItemThatIsBeingWorkedOnIsAtHand() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        try (RecorderReader reader = RecorderReader.open(file)) {
            writer.begin(5, 6, 70);
            assertThat(writer.isAtHand(5, 6)).isTrue();
            assertThat(writer.isAtHand(5, 7)).isFalse();
            assertThat(writer.isAtHand(4, 6)).isFalse();
            writer.hasRun();
            assertThat(reader.running().began()).isEqualTo(Long.MAX_VALUE);
            writer.state(ItemState.IDLE);
            assertThat(writer.isAtHand(5, 6)).isFalse();
        }
    }

    @Test
    void aClosedReaderTouchesNothingAndFindsNothing() throws Exception {
        RecorderWriter writer = RecorderWriter.open(file);
        writer.tryCommit(1, 0, ResultKind.CANCELLED, 0, new byte[0], 0, 0);
        RecorderReader reader = RecorderReader.open(file);
        reader.close();
        reader.close();
        assertThat(reader.poll()).isNull();
        assertThat(reader.running().state()).isEqualTo(ItemState.IDLE);
        assertThat(reader.lastWords()).isEmpty();
    }

    static RingRecord record(Random random, int position, int mostBytes) {
        byte[] data = new byte[random.nextInt(4) == 0 ? random.nextInt(mostBytes + 1) : random.nextInt(40)];
        random.nextBytes(data);
        return new RingRecord(random.nextLong(), position, ResultKind.of(random.nextInt(3)), random.nextLong(), data);
    }

    static boolean commit(RecorderWriter writer, RingRecord r) {
        return writer.tryCommit(r.chunkId(), r.position(), r.kind(), r.elapsedNanos(), r.data(), 0, r.data().length);
    }

    /** By hand: it is asked half a million times, and a fluent assertion costs more than what it checks. */
    private static void assertSame(@Nullable RingRecord found, @Nullable RingRecord expected, long seed) {
        boolean same = found == null && expected == null;
        if (found != null && expected != null) {
            same = found.chunkId() == expected.chunkId()
                    && found.position() == expected.position()
                    && found.kind() == expected.kind()
                    && found.elapsedNanos() == expected.elapsedNanos()
                    && Arrays.equals(found.data(), expected.data());
        }
        if (!same) {
            throw new AssertionError("seed " + seed + ": " + found + " is not " + expected);
        }
    }
}
