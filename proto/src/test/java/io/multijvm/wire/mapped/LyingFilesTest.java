// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker may have written anything anywhere before it died: the reader believes nothing. */
@Timeout(60)
class LyingFilesTest {
    private static final int RING = 4096;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aDamagedByteNeverGoesUnnoticedInARecordAndNeverDoesMoreThanOneException(long seed) throws IOException {
        Random random = new Random(seed);
        int noticed = 0;
        for (int round = 0; round < 300; round++) {
            Path file = directory.resolve(seed + "-" + round);
            List<RingRecord> records = fill(file, random);
            byte[] bytes = Files.readAllBytes(file);
            int used =
                    (int) ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(Layout.COMMITTED_AT);
            bytes[Layout.RING_AT + random.nextInt(used)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, bytes);
            noticed += readDamaged(file, records, seed + "-" + round);
        }
        // the other bytes are the padding behind a payload
        assertThat(noticed).as("seed %d", seed).isGreaterThan(200);
    }

    /** Reads until the lie; returns 1 if there was one. */
    private static int readDamaged(Path file, List<RingRecord> records, String round) throws IOException {
        try (RecorderReader reader = RecorderReader.open(file)) {
            for (RingRecord expected : records) {
                RingRecord found = reader.poll();
                boolean same = found != null
                        && found.chunkId() == expected.chunkId()
                        && Arrays.equals(found.data(), expected.data());
                assertThat(same)
                        .as("%s: what is returned is what was committed", round)
                        .isTrue();
            }
            return 0;
        } catch (CorruptRingException lie) {
            return 1;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aFileOfRandomBytesEndsInNothingButTheOneException(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Path file = directory.resolve(seed + "-" + round);
            fill(file, random);
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            byte[] garbage = new byte[bytes.length - Layout.COMMITTED_AT];
            random.nextBytes(garbage);
            System.arraycopy(garbage, 0, bytes, Layout.COMMITTED_AT, garbage.length);
            header.putLong(Layout.COMMITTED_AT, random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(RING + 64));
            Files.write(file, bytes);
            assertThatCode(() -> readAll(file))
                    .as("%d-%d", seed, round)
                    .satisfiesAnyOf(
                            thrown -> assertThat(thrown).isNull(),
                            thrown -> assertThat(thrown).isInstanceOf(CorruptRingException.class));
        }
    }

    private static void readAll(Path file) throws IOException {
        try (RecorderReader reader = RecorderReader.open(file)) {
            assertThat(reader.lastWords()).isNotNull();
            assertThat(reader.running().position()).isNotNegative();
            while (reader.poll() != null) {
                // on to the next
            }
        }
    }

    @Test
    void aCounterThatRanAwayIsALie() throws IOException {
        for (long lie : new long[] {-8, RING + 8, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Path file = directory.resolve("counter" + lie);
            RecorderFile.create(file, RING);
            put(file, Layout.COMMITTED_AT, lie);
            try (RecorderReader reader = RecorderReader.open(file)) {
                assertThatThrownBy(reader::poll)
                        .isInstanceOf(CorruptRingException.class)
                        .hasMessageContaining(Long.toString(lie));
            }
        }
    }

    @Test
    void anotherLayoutOrRingSizeIsRefusedBeforeAnythingIsRead() throws IOException {
        int[] places = {Layout.MAGIC_AT, Layout.VERSION_AT, Layout.CAPACITY_AT};
        for (int place : places) {
            Path file = directory.resolve("header" + place);
            RecorderFile.create(file, RING);
            put(file, place, 99);
            assertThatThrownBy(() -> RecorderReader.open(file)).isInstanceOf(CorruptRingException.class);
            assertThatThrownBy(() -> RecorderWriter.open(file)).isInstanceOf(CorruptRingException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16384, 16384 + 4095})
    void aFileThatIsTooShortIsRefused(int length) throws IOException {
        Path file = directory.resolve("short");
        RecorderFile.create(file, RING);
        cut(file, length);
        assertThatThrownBy(() -> RecorderReader.open(file)).isInstanceOf(CorruptRingException.class);
    }

    private static List<RingRecord> fill(Path file, Random random) throws IOException {
        RecorderFile.create(file, RING);
        RecorderWriter writer = RecorderWriter.open(file);
        List<RingRecord> records = new ArrayList<>();
        RingRecord next = RingTest.record(random, 0, 200);
        while (RingTest.commit(writer, next)) {
            records.add(next);
            next = RingTest.record(random, records.size(), 200);
        }
        return records;
    }

    private static void put(Path file, int at, long value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            channel.write(bytes.putLong(0, value), at);
        }
    }

    private static void cut(Path file, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
