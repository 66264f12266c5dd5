// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An item's output is told before its result, and nothing that cannot be is believed. */
class OutputRangeTest {
    @TempDir
    Path directory;

    @Test
    void itIsToldInTheRingBeforeTheResultAndFinishesNothing() throws IOException {
        Path file = directory.resolve("recorder");
        RecorderFile.create(file, 4096);
        OutputRange range = new OutputRange(1, 1L << 40, 3, 4);
        try (RecorderReader reader = RecorderReader.open(file)) {
            RecorderWriter writer = RecorderWriter.open(file);
            assertThat(writer.tryOutput(7, 2, range)).isTrue();
            assertThat(writer.finished()).isZero();
            assertThat(writer.tryBeginRun(7, 2, 1, new byte[] {1, 2, 3, 4}, 4)).isTrue();
            RingRecord told = Objects.requireNonNull(reader.poll());
            assertThat(told.kind()).isEqualTo(ResultKind.OUTPUT);
            assertThat(told.chunkId()).isEqualTo(7);
            assertThat(told.position()).isEqualTo(2);
            assertThat(OutputRange.of(told.data())).isEqualTo(range);
            assertThat(Objects.requireNonNull(reader.poll()).kind()).isEqualTo(ResultKind.RUN);
            writer.closeRun(1);
            int records = 0;
            while (writer.tryOutput(7, 3, range)) {
                records++;
            }
            assertThat(records).isBetween(4096 / 80, 4096 / 72);
        }
    }

    @Test
    void whatNoWorkerWritesIsRefused() {
        ByteBuffer backwards = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        backwards.putLong(5).putLong(4).putLong(0).putLong(0);
        assertThatThrownBy(() -> OutputRange.of(backwards.array())).isInstanceOf(CorruptRingException.class);
        ByteBuffer negative = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        negative.putLong(0).putLong(4).putLong(-1).putLong(0);
        assertThatThrownBy(() -> OutputRange.of(negative.array())).isInstanceOf(CorruptRingException.class);
        assertThatThrownBy(() -> OutputRange.of(new byte[31])).isInstanceOf(CorruptRingException.class);
        assertThatThrownBy(() -> new OutputRange(2, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
