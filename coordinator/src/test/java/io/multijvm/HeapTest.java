// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.process.MemorySize;
import org.junit.jupiter.api.Test;

/** Heaps that add up to more than there is are spoken of, with what would fit. */
class HeapTest {
    private static final long GIB = 1L << 30;

    @Test
    void heapsThatFitBesideTheCoordinatorsOwnAreFine() {
        assertThat(Heap.warning(MemorySize.parse("1g"), 7, 8 * GIB, GIB)).isEmpty();
    }

    @Test
    void heapsThatDoNotFitAreNamedWithTheMachinesMemoryAndWhatWouldFit() {
        assertThat(Heap.warning(MemorySize.parse("1g"), 8, 8 * GIB, GIB))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("8 workers", "1 GiB each", "8 GiB", "fewer workers", "each gets 691 MiB"));
    }

    @Test
    void defaultHeapsNeverCallForTheWarning() {
        for (int workers = 1; workers <= 64; workers *= 2) {
            long each = Machine.heapBytes(16 * GIB, 4 * GIB, workers);
            assertThat(Heap.warning(new MemorySize(each), workers, 16 * GIB, 4 * GIB))
                    .as(workers + " workers")
                    .isEmpty();
        }
    }
}
