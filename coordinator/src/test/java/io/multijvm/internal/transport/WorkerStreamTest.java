// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static io.multijvm.wire.v1.ToWorker.KindCase.BYE;
import static io.multijvm.wire.v1.ToWorker.KindCase.CANCEL;
import static io.multijvm.wire.v1.ToWorker.KindCase.CHUNKS;
import static io.multijvm.wire.v1.ToWorker.KindCase.FORGET;
import static io.multijvm.wire.v1.ToWorker.KindCase.FRAME;
import static io.multijvm.wire.v1.ToWorker.KindCase.LARGE_CHUNK;
import static io.multijvm.wire.v1.ToWorker.KindCase.RECALL;
import static io.multijvm.wire.v1.ToWorker.KindCase.TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.ToWorker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerStreamTest {
    private static final int MIB = 1 << 20;

    private final ScriptedWire wire = new ScriptedWire();
    private final Outbox outbox = new Outbox(wire);
    private final WorkerStream port = new WorkerStream(outbox, new FrameCarrier(outbox, new Arrivals()));

    @Test
    void tenThousandTinyChunksThatWaitTogetherCrossInAHandfulOfMessagesAndInOrder() {
        for (int i = 0; i < 10_000; i++) {
            port.chunk(i, 1, List.of(Items.slice(i, new byte[] {(byte) i})));
        }
        port.flush();

        assertThat(wire.sent).hasSizeLessThan(5);
        assertThat(wire.sent.stream()
                        .flatMap(message -> message.getChunks().getChunkList().stream())
                        .map(Chunk::getChunkId))
                .containsExactlyElementsOf(LongStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void packedItemsCrossAsOneArrayWithoutALengthEach() {
        ItemBlock.Builder block = new ItemBlock.Builder(10, 1000);
        List<ItemBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            assertThat(block.pack(i)).isTrue();
            if (i == 399) {
                blocks.add(block.build());
            }
        }
        assertThat(block.pack("not a number")).isFalse();
        blocks.add(block.build());
        // as after a death: some in the middle of one block, and the next
        port.chunk(1, 1, List.of(new Slice(blocks.get(0), 100, 400), Slice.of(blocks.get(1))));
        port.flush();

        Chunk chunk = wire.sent.get(0).getChunks().getChunk(0);
        assertThat(chunk.getFirstIndex()).isEqualTo(110);
        assertThat(chunk.getLengthsCount()).isZero();
        assertThat(chunk.getPackedCount()).isEqualTo(900);
        assertThat(chunk.getItems().size()).isEqualTo(3600);
        PackedType type = Objects.requireNonNull(PackedType.ofCode(chunk.getPackedType()));
        PackedValues values = new PackedValues(type, chunk.getItems().toByteArray(), 0, 3600);
        for (int i = 100; i < 1000; i++) {
            assertThat(values.next()).isEqualTo(i);
        }
    }

    @Test
    void chunksThatCrossTogetherStayWithinOneFrame() {
        for (int i = 0; i < 100; i++) {
            port.chunk(i, 1, List.of(Items.slice(i, Items.random(100_000))));
        }
        port.flush();

        assertThat(wire.sent)
                .hasSizeBetween(10, 15)
                .allMatch(message -> message.getSerializedSize() <= Protocol.MAX_FRAME_BYTES + 16);
    }

    @Test
    void tasksAndChunksKeepTheirOrder() {
        port.task(1, new byte[] {1});
        port.chunk(10, 1, List.of(Items.slice(0, new byte[] {2})));
        port.task(2, Items.random(300_000));
        port.chunk(20, 2, List.of(Items.slice(0, Items.random(200_000), new byte[] {3})));
        port.chunk(11, 1, List.of(Items.slice(1, new byte[] {4})));
        port.flush();

        assertThat(wire.kinds().stream().filter(kind -> kind != FRAME)).containsExactly(TASK, CHUNKS, TASK, CHUNKS);
        List<Chunk> last = wire.sent.get(wire.sent.size() - 1).getChunks().getChunkList();
        assertThat(last).extracting(Chunk::getChunkId).containsExactly(20L, 11L);
    }

    @Test
    void everyFrameOfAPayloadComesBeforeTheMessageThatNamesIt() {
        byte[] function = Items.random(2 * MIB + 17);
        byte[] item = Items.random(MIB);
        port.task(1, function);
        port.chunk(10, 1, List.of(Items.slice(0, new byte[] {1}, item, new byte[] {2, 2})));
        port.flush();

        int task = wire.kinds().indexOf(TASK);
        long functionId =
                wire.sent.get(task).getTask().getFunction().getCarried().getPayloadId();
        assertThat(Items.payloads(wire.sent.subList(0, task)).get(functionId)).isEqualTo(function);

        Chunk chunk = wire.sent.get(wire.sent.size() - 1).getChunks().getChunk(0);
        assertThat(chunk.getLengthsList()).containsExactly(1, ChunkWriter.CARRIED, 2);
        assertThat(Items.unpack(chunk, Items.payloads(wire.sent)))
                .containsExactly(new byte[] {1}, item, new byte[] {2, 2});
    }

    @Test
    void framesWaitForCreditAndGoOnWithIt() throws BrokenStreamException {
        port.task(1, Items.random(10 * MIB));
        port.flush();
        assertThat(wire.frameBytes()).isEqualTo(Protocol.INITIAL_CREDIT_BYTES);

        outbox.grant(MIB);
        port.flush();
        assertThat(wire.frameBytes()).isEqualTo(Protocol.INITIAL_CREDIT_BYTES + MIB);
        assertThat(wire.kinds()).doesNotContain(TASK);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void creditForWhatWasNeverSentIsRefused(long bytes) {
        assertThatThrownBy(() -> outbox.grant(bytes))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("credit of " + bytes);
    }

    @Test
    void nothingIsSentWhileTheWireIsNotReadyAndTheRestFollowsWhenItIs() {
        wire.room = 2;
        port.task(1, Items.random(3 * MIB));
        port.flush();
        assertThat(wire.kinds()).containsExactly(FRAME, FRAME);

        wire.room = 100;
        outbox.pump();
        assertThat(wire.kinds()).containsExactly(FRAME, FRAME, FRAME, TASK);
    }

    @Test
    void controlOvertakesDataThatWaits() {
        wire.room = 0;
        port.chunk(10, 1, List.of(Items.slice(0, Items.random(MIB))));
        port.flush();
        port.cancel(9, 4);
        port.recall(8, true);
        port.forget(7);
        port.bye("done");
        wire.room = 100;
        port.flush();

        assertThat(wire.kinds().subList(0, 5)).containsExactly(CANCEL, RECALL, FORGET, BYE, FRAME);
        assertThat(wire.kinds()).endsWith(CHUNKS);
        assertThat(wire.sent.get(0).getCancel().getPosition()).isEqualTo(4);
        assertThat(wire.sent.get(1).getRecall().getAll()).isTrue();
    }

    @Test
    void aWordAboutAChunkThatStillWaitsDoesNotOvertakeIt() {
        wire.room = 0;
        port.task(1, new byte[] {1});
        port.chunk(10, 1, List.of(Items.slice(0, new byte[] {1})));
        port.cancel(10, 0);
        port.recall(10, false);
        port.forget(1);
        wire.room = 100;
        port.flush();

        assertThat(wire.kinds()).containsExactly(TASK, CHUNKS, CANCEL, RECALL, FORGET);
    }

    @Test
    void framesAreSmallWhileOtherDataWaitsBehindThem() {
        port.task(1, Items.random(MIB));
        port.chunk(10, 1, List.of(Items.slice(0, new byte[] {1})));
        port.flush();

        assertThat(wire.sent)
                .filteredOn(ToWorker::hasFrame)
                .hasSize(MIB / Protocol.SMALL_FRAME_BYTES)
                .allMatch(message -> message.getFrame().getData().size() <= Protocol.SMALL_FRAME_BYTES);
    }

    @Test
    void aChunkOfMoreSmallItemsThanAMessageHoldsCrossesAllTheSame() throws InvalidProtocolBufferException {
        byte[][] items = new byte[60][];
        Arrays.setAll(items, i -> Items.random(100_000 + i));
        port.task(1, new byte[] {1});
        port.chunk(10, 1, List.of(Items.slice(0, items)));
        grantAll();

        assertThat(wire.kinds()).startsWith(TASK).endsWith(LARGE_CHUNK);
        assertThat(wire.sent).allMatch(message -> message.getSerializedSize() <= Protocol.MAX_MESSAGE_BYTES);
        assertThat(Items.unpack(largeChunk(), Items.payloads(wire.sent))).containsExactly(items);
    }

    @Test
    void aChunkOfAMillionTinyItemsCrossesAllTheSame() throws InvalidProtocolBufferException {
        byte[][] items = new byte[1_000_000][];
        Arrays.setAll(items, i -> new byte[] {(byte) i});
        port.chunk(10, 1, List.of(Items.slice(5, items)));
        grantAll();

        assertThat(wire.sent).allMatch(message -> message.getSerializedSize() <= Protocol.MAX_MESSAGE_BYTES);
        Chunk chunk = largeChunk();
        assertThat(chunk.getFirstIndex()).isEqualTo(5);
        assertThat(chunk.getLengthsCount()).isEqualTo(1_000_000);
        assertThat(chunk.getItems().byteAt(999_999)).isEqualTo((byte) 999_999);
    }

    @Test
    void whatIsSmallInSeveralSlicesCrossesBehindOneAnother() {
        byte[] large = Items.random(200_000);
        Slice first = Items.slice(0, new byte[] {0}, new byte[] {1, 1}, large).tail(1);
        Slice second = Items.slice(3, new byte[] {3}, new byte[0], new byte[] {5}, new byte[] {6})
                .head(3);
        port.chunk(10, 1, List.of(first, second));
        port.flush();

        Chunk chunk = wire.sent.get(wire.sent.size() - 1).getChunks().getChunk(0);
        assertThat(chunk.getFirstIndex()).isEqualTo(1);
        assertThat(Items.unpack(chunk, Items.payloads(wire.sent)))
                .containsExactly(new byte[] {1, 1}, large, new byte[] {3}, new byte[0], new byte[] {5});
    }

    @Test
    void smallItemsThatTogetherOutgrowAnArrayAreCarriedOneByOne() {
        List<byte[]> items = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            items.add(Items.random(i % 5));
        }
        Slice slice = Items.slice(0, items.toArray(new byte[0][]));
        // the limit of a real chunk is 256 MiB; what happens there does not depend on the number
        Chunk chunk = ChunkWriter.write(
                10, 1, List.of(slice.head(7), slice.tail(7)), new FrameCarrier(outbox, new Arrivals()), 20);
        port.flush();

        assertThat(chunk.getItems().size()).isEqualTo(20);
        assertThat(chunk.getCarriedCount()).isEqualTo(8);
        assertThat(Items.unpack(chunk, Items.payloads(wire.sent))).containsExactlyElementsOf(items);
    }

    @Test
    void afterTheEndEveryCallDoesNothing() {
        wire.room = 0;
        port.chunk(10, 1, List.of(Items.slice(0, new byte[] {1})));
        port.end();
        wire.room = 100;
        port.task(1, new byte[] {1});
        port.chunk(11, 1, List.of(Items.slice(0, new byte[] {1})));
        port.cancel(10, 0);
        port.recall(10, true);
        port.forget(1);
        port.bye("late");
        port.flush();

        assertThat(wire.sent).isEmpty();
    }

    private Chunk largeChunk() throws InvalidProtocolBufferException {
        long id = wire.sent.get(wire.sent.size() - 1).getLargeChunk().getPayloadId();
        return Chunk.parseFrom(Items.payloads(wire.sent).get(id));
    }

    /** Plays a worker that takes every frame at once. */
    private void grantAll() {
        long granted = 0;
        port.flush();
        try {
            while (wire.frameBytes() > granted) {
                long more = wire.frameBytes() - granted;
                granted += more;
                outbox.grant(more);
                port.flush();
            }
        } catch (BrokenStreamException e) {
            throw new AssertionError(e);
        }
    }
}
