// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import java.util.BitSet;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WorkerChunkTest {

    @Test
    void itemsAreBegunInOrderUntilThereAreNoMore() {
        WorkerChunk chunk = chunk(3);
        assertThat(chunk.hasNext()).isTrue();
        assertThat(chunk.begin()).isEqualTo(0);
        assertThat(chunk.begin()).isEqualTo(1);
        assertThat(chunk.begin()).isEqualTo(2);
        assertThat(chunk.hasNext()).isFalse();
        assertThat(chunk.begin()).isEqualTo(-1);
    }

    @Test
    void aRecallTakesTheLaterHalfOfWhatHasNotBegunAndAtLeastOne() {
        WorkerChunk chunk = chunk(10);
        chunk.begin();
        assertThat(chunk.giveBack(false)).isEqualTo(5);
        assertThat(chunk.giveBack(false)).isEqualTo(3);
        assertThat(chunk.giveBack(false)).isEqualTo(2);
        assertThat(chunk.giveBack(false))
                .as("one is left, and an idle worker can begin it now")
                .isEqualTo(1);
        assertThat(chunk.giveBack(false)).as("the item that runs stays").isEqualTo(1);
        assertThat(chunk.begin()).isEqualTo(-1);
    }

    @Test
    void aRecallOfAllLeavesOnlyWhatHasBegun() {
        WorkerChunk chunk = chunk(10);
        chunk.begin();
        chunk.begin();
        assertThat(chunk.giveBack(true)).isEqualTo(2);
        assertThat(chunk.begin()).isEqualTo(-1);
    }

    @Test
    void aFinishedChunkHasNothingToGiveBack() {
        WorkerChunk chunk = chunk(1);
        chunk.begin();
        assertThat(chunk.giveBack(true)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyItemIsEitherBegunHereOrGivenBackWhoeverIsFaster(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int size = 1 + random.nextInt(60);
            WorkerChunk chunk = chunk(size);
            boolean all = random.nextInt(4) == 0;
            int recalls = 1 + random.nextInt(4);
            CyclicBarrier together = new CyclicBarrier(2);
            BitSet begun = new BitSet();
            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
                meet(together);
                int last = size;
                for (int i = 0; i < recalls; i++) {
                    int now = chunk.giveBack(all);
                    assertThat(now).isLessThanOrEqualTo(last);
                    last = now;
                }
                return last;
            });
            meet(together);
            for (int at = chunk.begin(); at >= 0; at = chunk.begin()) {
                begun.set(at);
            }
            int kept = end.get(30, TimeUnit.SECONDS);
            assertThat(begun.cardinality())
                    .as("seed %d, round %d: items before %d of %d ran here", seed, round, kept, size)
                    .isEqualTo(kept);
            assertThat(begun.length()).isEqualTo(kept);
        }
    }

    @Test
    void smallAndLargeItemsLieWhereTheyAreLookedFor() {
        byte[] own = new byte[9];
        byte[] small = new byte[5];
        WorkerChunk chunk = new WorkerChunk(
                1, new TaskCode(new byte[0], 0), 100, small, new int[] {2, 2, 5, 5}, new byte[][] {null, own, null, null
                });
        assertThat(chunk.bytes(0)).isSameAs(small);
        assertThat(chunk.offset(0)).isEqualTo(0);
        assertThat(chunk.length(0)).isEqualTo(2);
        assertThat(chunk.bytes(1)).isSameAs(own);
        assertThat(chunk.offset(1)).isEqualTo(0);
        assertThat(chunk.length(1)).isEqualTo(9);
        assertThat(chunk.offset(2)).isEqualTo(2);
        assertThat(chunk.length(2)).isEqualTo(3);
        assertThat(chunk.offset(3)).isEqualTo(5);
        assertThat(chunk.length(3)).isEqualTo(0);
        assertThat(chunk.indexAt(3)).isEqualTo(103);
    }

    @Test
    void packedItemsComeInTheirOrderThoughSomeAreLeftOut() {
        for (Object[] items : new Object[][] {{7, 8, 9, 10}, {"a", "", "\u2713", "d"}}) {
            PackedType type = Objects.requireNonNull(PackedType.of(items[0]));
            byte[] bytes = new byte[items.length * PackedType.MOST_BYTES];
            int used = 0;
            for (Object item : items) {
                used = type.write(item, bytes, used);
            }
            WorkerChunk chunk =
                    new WorkerChunk(1, new TaskCode(new byte[0], 0), 0, 4, new PackedValues(type, bytes, 0, used));
            assertThat(chunk.isPacked()).isTrue();
            assertThat(chunk.unpack(0)).isEqualTo(items[0]);
            assertThat(chunk.unpack(2)).isEqualTo(items[2]);
            assertThat(chunk.unpack(3)).isEqualTo(items[3]);
            assertThat(chunk.giveBack(false)).isEqualTo(2);
        }
    }

    private static WorkerChunk chunk(int size) {
        return new WorkerChunk(1, new TaskCode(new byte[0], 0), 0, new byte[0], new int[size], null);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other thread did not come", e);
        }
    }
}
