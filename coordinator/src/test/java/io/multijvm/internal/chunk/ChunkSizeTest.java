// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
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

    /** Seeds are fixed, so a failure names the run that shows it. */
    @Test
    void whateverItemsCostTheirChunksKeepTheBoundsAndComeToAnEnd() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            int fixed = random.nextInt(3) == 0 ? 1 + random.nextInt(50) : 0;
            int workers = 1 + random.nextInt(8);
            long left = 1L + random.nextInt(5000);
            ItemCost cost = new ItemCost();
            for (int chunks = 0; left > 0; chunks++) {
                assertThat(chunks).as("chunks of run %d", seed).isLessThan(5001);
                int size = ChunkSize.next(fixed, cost, left, workers);
                if (fixed > 0) {
                    assertThat(size).as("run %d", seed).isEqualTo(fixed);
                } else {
                    long share = (left + 2L * workers - 1) / (2L * workers);
                    assertThat((long) size).as("run %d", seed).isBetween(1L, Math.max(1, share));
                    assertThat((long) size).as("run %d", seed).isLessThanOrEqualTo(Math.max(1, 4 * cost.seen()));
                }
                for (long i = Math.min(size, left); i > 0; i--, left--) {
                    cost.observe(random.nextInt(20_000_000), random.nextInt(100_000));
                }
            }
        }
    }

    @Test
    void whatARunTookCountsForEachOfItsItems() {
        ItemCost cost = new ItemCost();
        cost.observe(4_000, 400, 100);
        assertThat(cost.seen()).isEqualTo(100);
        assertThat(cost.nanos()).isEqualTo(40);
        assertThat(cost.resultBytes()).isEqualTo(4);
        cost.observe(1_000_000, 400, 100);
        assertThat(cost.nanos()).as("the new ones count for nearly all").isBetween(9_000.0, 10_000.0);
    }

    @Test
    void packedItemsOfDifferentLengthLieWhereTheyAreLookedFor() {
        ItemBlock.Builder builder = new ItemBlock.Builder(5, 10);
        for (String item : List.of("a", "", "abcdef")) {
            assertThat(builder.pack(item)).isTrue();
        }
        ItemBlock block = builder.build();
        assertThat(block.count()).isEqualTo(3);
        assertThat(List.of(block.length(0), block.length(1), block.length(2))).containsExactly(8L, 4L, 12L);
        assertThat(block.bytes(1, 3)).isEqualTo(16);
        assertThat(block.bytes()).isEqualTo(24);
        builder.add(new byte[3]);
        ItemBlock next = builder.build();
        assertThat(next.firstIndex()).isEqualTo(8);
        assertThat(next.packed()).isNull();
        assertThat(next.length(0)).isEqualTo(3);
        assertThat(builder.pack(1)).isTrue();
        assertThatThrownBy(() -> builder.add(new byte[1])).isInstanceOf(IllegalStateException.class);
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
