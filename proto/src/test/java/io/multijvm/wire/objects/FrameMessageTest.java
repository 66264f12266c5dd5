// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A frame that crosses as one message comes back as it was, and what lies is refused before it costs memory. */
class FrameMessageTest {
    private static final Frame FRAME =
            Frame.of(CollectionCall.PUT, -7, new byte[] {1, 2, 3}, new byte[0], new byte[] {4});
    private static final int PARTS_AT = Long.BYTES + Frame.HEAD_BYTES - Integer.BYTES;

    @Test
    void itComesBackAsItWas() {
        byte[] message = new FrameMessage(1L << 40, FRAME).toBytes();
        assertThat(message.length).isEqualTo((int) FrameMessage.bytes(FRAME));
        FrameMessage come = FrameMessage.of(message);
        assertThat(come.word()).isEqualTo(1L << 40);
        assertThat(come.frame().kind()).isEqualTo(FRAME.kind());
        assertThat(come.frame().number()).isEqualTo(-7);
        assertThat(come.frame().parts()).isDeepEqualTo(FRAME.parts());
    }

    @Test
    void oneThatIsCutAnywhereOrIsTooLongIsRefused() {
        byte[] message = new FrameMessage(1, FRAME).toBytes();
        for (int length = 0; length < message.length; length++) {
            byte[] part = Arrays.copyOf(message, length);
            assertThatThrownBy(() -> FrameMessage.of(part))
                    .as("the first %s bytes", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> FrameMessage.of(Arrays.copyOf(message, message.length + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 bytes behind a frame");
    }

    @Test
    void lengthsThatLieAreRefusedBeforeTheyCostMemory() {
        for (int lie : new int[] {-1, Integer.MAX_VALUE, 1_000}) {
            byte[] parts = new FrameMessage(1, FRAME).toBytes();
            ByteBuffer.wrap(parts).putInt(PARTS_AT, lie);
            assertThatThrownBy(() -> FrameMessage.of(parts)).isInstanceOf(IllegalArgumentException.class);
            byte[] part = new FrameMessage(1, FRAME).toBytes();
            ByteBuffer.wrap(part).putInt(PARTS_AT + Integer.BYTES, lie);
            assertThatThrownBy(() -> FrameMessage.of(part)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
