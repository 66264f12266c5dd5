// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** How items come together. */
class ChunkSizeTest {
    private static ItemCost cost(int seen, long nanos, long bytes) {
        ItemCost cost = new ItemCost();
        for (int i = 0; i < seen; i++) {
            cost.observe(nanos, bytes);
        }
        return cost;
    }

    @Test
    void aFixedSizeIsKept() {
        assertThat(ChunkSize.next(7, cost(1000, 1, 1), 2, 50)).isEqualTo(7);
    }

    @Test
    void theFirstChunkOfUnknownItemsHasOne() {
        assertThat(ChunkSize.next(0, new ItemCost(), 1_000_000, 2)).isEqualTo(1);
    }

    @Test
    void aChunkGrowsWithWhatWasSeenAtMostFourfold() {
        assertThat(ChunkSize.target(cost(3, 1, 1))).isEqualTo(12);
    }

    @Test
    void aChunkAimsAtTenMillisecondsOfWork() {
        assertThat(ChunkSize.target(cost(10_000, 100_000, 1))).isBetween(99, 101);
    }

    @Test
    void aChunkOfLargeResultsIsSmall() {
        assertThat(ChunkSize.target(cost(10_000, 1, 128 << 10))).isEqualTo(4);
    }

    @Test
    void noChunkTakesMoreThanHalfOfAFairShare() {
        assertThat(ChunkSize.next(0, cost(10_000, 1, 1), 100, 5)).isEqualTo(10);
        assertThat(ChunkSize.next(0, cost(10_000, 1, 1), 1, 5)).isEqualTo(1);
    }

    @Test
    void aSlowFirstItemDoesNotWeighForLong() {
        ItemCost cost = cost(1, 1_000_000_000, 1);
        for (int i = 0; i < 200; i++) {
            cost.observe(1000, 1);
        }
        assertThat(cost.nanos()).isLessThan(20_000);
    }

    @Test
    void aSliceIsCutWithoutLosingItems() {
        ItemBlock.Builder block = new ItemBlock.Builder(100, 10);
        for (int i = 0; i < 5; i++) {
            block.add(new byte[i]);
        }
        Slice all = Slice.of(block.build());
        assertThat(all.head(2).endIndex()).isEqualTo(all.tail(2).firstIndex()).isEqualTo(102);
        assertThat(all.head(2).size() + all.tail(2).size()).isEqualTo(5);
        assertThatThrownBy(() -> all.tail(5)).isInstanceOf(IllegalArgumentException.class);
    }
}
