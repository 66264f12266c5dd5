// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
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
            int kept = end.get(10, TimeUnit.SECONDS);
            assertThat(begun.cardinality())
                    .as("seed %d, round %d: items before %d of %d ran here", seed, round, kept, size)
                    .isEqualTo(kept);
            assertThat(begun.length()).isEqualTo(kept);
        }
    }

    @Test
    void singleLargeAndPackedItemsComeInTheirOrderByWhateverTurns() {
        ValueCodec codec = new ValueCodec(new JavaCodec(), getClass().getClassLoader(), AllowList.everything());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] a = codec.encode("a");
        bytes.writeBytes(a);
        byte[] b = codec.encode("b");
        bytes.writeBytes(b);
        byte[] numbers = packed(7, 8, 9);
        bytes.writeBytes(numbers);
        byte[] c = codec.encode("c");
        bytes.writeBytes(c);
        ChunkItems.Builder items = new ChunkItems.Builder(bytes.toByteArray());
        items.single(a.length);
        items.single(codec.encode("large"));
        items.single(b.length);
        items.packed(INTEGERS, 3, numbers.length);
        items.packed(INTEGERS, 2, packed(1, 2));
        items.single(c.length);
        WorkerChunk chunk = new WorkerChunk(1, new TaskCode(new byte[0]), 100, items.build());

        List<Object> seen = new ArrayList<>();
        for (int at = chunk.begin(); at >= 0; at = chunk.begin()) {
            // the second of the three is passed over, as one that was cancelled
            if (at != 4) {
                seen.add(chunk.decode(at, codec));
            }
        }
        assertThat(seen).containsExactly("a", "large", "b", 7, 9, 1, 2, "c");
        assertThat(chunk.indexAt(3)).isEqualTo(103);
    }

    private static final int INTEGERS =
            Objects.requireNonNull(PackedType.of(0)).code();

    private static byte[] packed(int... numbers) {
        PackedType type = Objects.requireNonNull(PackedType.ofCode(INTEGERS));
        byte[] bytes = new byte[numbers.length * PackedType.MOST_BYTES];
        int used = 0;
        for (int number : numbers) {
            used = type.write(number, bytes, used);
        }
        return Arrays.copyOf(bytes, used);
    }

    private static WorkerChunk chunk(int size) {
        ChunkItems.Builder items = new ChunkItems.Builder(new byte[0]);
        for (int i = 0; i < size; i++) {
            items.single(0);
        }
        return new WorkerChunk(1, new TaskCode(new byte[0]), 0, items.build());
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other thread did not come", e);
        }
    }
}
