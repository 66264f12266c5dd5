// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Frames come back as they were written, wherever they were cut. */
class FrameTest {
    private static Frame random(Random random) {
        byte[][] parts = IntStream.range(0, random.nextInt(random.nextInt(20) == 0 ? 200 : 4))
                .mapToObj(i -> {
                    byte[] part = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 50)];
                    random.nextBytes(part);
                    return part;
                })
                .toArray(byte[][]::new);
        return new Frame(random.nextInt(128), random.nextLong(), parts);
    }

    private static void assertSame(Frame come, Frame sent) {
        assertThat(come.kind()).isEqualTo(sent.kind());
        assertThat(come.number()).isEqualTo(sent.number());
        assertThat(come.parts()).isDeepEqualTo(sent.parts());
    }

    @Test
    void framesThatAreCutAnywhereComeBackInTheirOrder() {
        long seed = Long.getLong("multijvm.seed", new Random().nextLong());
        System.out.println("-Dmultijvm.seed=" + seed);
        Random random = new Random(seed);
        FrameWriter writer = new FrameWriter();
        FrameReader reader = new FrameReader();
        List<Frame> sent = new ArrayList<>();
        List<Frame> come = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < 500; i++) {
            Frame frame = random(random);
            sent.add(frame);
            writer.write(frame);
            bytes += frame.bytes();
            while (writer.bytes() > 0 && random.nextInt(3) > 0) {
                byte[] piece = writer.cut(1 + random.nextInt(random.nextBoolean() ? 20 : 300_000));
                bytes -= piece.length;
                reader.offer(piece);
                for (Frame next = reader.next(); next != null; next = reader.next()) {
                    come.add(next);
                }
                assertThat(writer.bytes()).isEqualTo(bytes);
            }
        }
        reader.offer(writer.cut(Integer.MAX_VALUE));
        for (Frame next = reader.next(); next != null; next = reader.next()) {
            come.add(next);
        }
        assertThat(come).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertSame(come.get(i), sent.get(i));
        }
    }

    @Test
    void aLengthThatLiesTakesNoMemoryAndANegativeOneIsRefused() {
        FrameReader reader = new FrameReader();
        reader.offer(head(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThat(reader.next()).isNull();
        for (int[] lie : new int[][] {{-1, 0}, {1, -5}}) {
            FrameReader other = new FrameReader();
            other.offer(head(lie[0], lie[1]));
            assertThatThrownBy(other::next).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] head(int parts, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Frame.HEAD_BYTES)
                .put((byte) 1)
                .putLong(0)
                .putInt(parts)
                .array());
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        return out.toByteArray();
    }

    @Test
    void everyCallHasACodeOfItsOwnAndUnknownOnesAreRefused() {
        for (CollectionCall call : CollectionCall.values()) {
            assertThat(CollectionCall.of(call.code())).isSameAs(call);
        }
        assertThatThrownBy(() -> CollectionCall.of(99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99");
    }

    @Test
    void numbersAreAPartAndBack() {
        assertThat(Frame.numbers(Frame.part(1, -2, Long.MAX_VALUE))).containsExactly(1, -2, Long.MAX_VALUE);
        assertThat(Frame.numbers(Frame.part())).isEmpty();
    }
}
