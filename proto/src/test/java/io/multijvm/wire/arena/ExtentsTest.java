// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    private static final int BYTES = 1 << 16;

    private final Extents extents = new Extents(BYTES);

    @Test
    void noTwoRegionsOverlapWhateverIsTakenAndGivenBack() {
        Random random = new Random(7);
        byte[] owner = new byte[BYTES];
        Map<Integer, Integer> taken = new HashMap<>();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            if (random.nextInt(5) < 3) {
                int length = 1 + random.nextInt(5000);
                int offset = extents.allocate(length);
                if (offset < 0) {
                    refused++;
                    continue;
                }
                assertThat(offset % Extents.ALIGNMENT).isZero();
                for (int i = offset; i < offset + length; i++) {
                    assertThat(owner[i]).as("byte " + i).isZero();
                    owner[i] = 1;
                }
                taken.put(offset, length);
            } else if (!taken.isEmpty()) {
                int offset = taken.keySet().iterator().next();
                int length = Objects.requireNonNull(taken.remove(offset));
                assertThat(extents.free(offset)).isTrue();
                Arrays.fill(owner, offset, offset + length, (byte) 0);
            }
        }
        assertThat(refused).as("it was full now and then").isPositive();
        taken.keySet().forEach(extents::free);
        assertThat(extents.isEmpty()).isTrue();
        assertThat(extents.allocate(BYTES)).as("all of it is one part again").isZero();
    }

    @Test
    void whatIsNotTakenCannotBeGivenBack() {
        int offset = extents.allocate(100);

        assertThat(extents.free(offset + 64)).isFalse();
        assertThat(extents.free(-1)).isFalse();
        assertThat(extents.free(offset)).isTrue();
        assertThat(extents.free(offset)).as("twice").isFalse();
    }

    @Test
    void whatCannotFitIsRefused() {
        assertThat(extents.allocate(BYTES + 1)).isEqualTo(-1);
        assertThat(extents.allocate(Integer.MAX_VALUE)).isEqualTo(-1);
        assertThat(extents.allocate(0)).isEqualTo(-1);
        assertThat(extents.allocate(-5)).isEqualTo(-1);
        assertThat(extents.allocate(BYTES)).isZero();
        assertThat(extents.allocate(1)).isEqualTo(-1);
    }
}
