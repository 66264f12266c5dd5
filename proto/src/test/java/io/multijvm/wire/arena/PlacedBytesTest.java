// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.CorruptRingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacedBytesTest {
    @Test
    void aNameComesBackAsItWas() {
        PlacedBytes place = new PlacedBytes(3, 4096, 70_000, -5);

        assertThat(PlacedBytes.of(place.encoded())).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 1", "0, -1, 1", "0, 0, 0", "0, 0, -1", "1, 2147483647, 1", "1, 100, 2147483647"})
    void aNameThatLiesIsRefused(int segment, int offset, int length) {
        byte[] lie = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(segment)
                .putInt(offset)
                .putInt(length)
                .array();

        assertThatThrownBy(() -> PlacedBytes.of(lie)).isInstanceOf(CorruptRingException.class);
        assertThatThrownBy(() -> PlacedBytes.of(new byte[15])).isInstanceOf(CorruptRingException.class);
    }
}
