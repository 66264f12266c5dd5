// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Frame;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals();

    @Test
    void aPayloadIsWhatItsFramesHeldAndIsHandedOutOnce() throws BrokenStreamException {
        byte[] bytes = Items.random(5_000_000);
        send(1, bytes);

        assertThat(arrivals.take(named(1, bytes.length))).isEqualTo(bytes);
        refused(() -> arrivals.take(named(1, bytes.length)), "names payload 1");
    }

    @Test
    void aPayloadThatGrowsAsItComesInIsWhole() throws BrokenStreamException {
        byte[] bytes = Items.random(3 * Arrivals.BELIEVED_BYTES + 1);
        send(1, bytes);

        assertThat(Arrays.equals(arrivals.take(named(1, bytes.length)), bytes)).isTrue();
    }

    @Test
    void allThatCameIsGrantedBackByTheEndOfAPayload() throws BrokenStreamException {
        int granted = 0;
        for (int i = 0; i < 100; i++) {
            granted += arrivals.add(frame(1, 1_000_000, new byte[10_000]));
        }
        assertThat(granted).isEqualTo(1_000_000);
    }

    @Test
    void payloadsMayComeInterleaved() throws BrokenStreamException {
        arrivals.add(frame(1, 2, new byte[] {1}));
        arrivals.add(frame(2, 2, new byte[] {3}));
        arrivals.add(frame(1, 2, new byte[] {2}));
        arrivals.add(frame(2, 2, new byte[] {4}));

        assertThat(arrivals.take(named(2, 2))).containsExactly(3, 4);
        assertThat(arrivals.take(named(1, 2))).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE})
    void aTotalThatNoPayloadHasIsRefused(long total) {
        refused(() -> arrivals.add(frame(1, total, new byte[1])), "total of " + total);
    }

    @Test
    void aTotalIsNotBelievedBeforeTheBytesAreThere() throws BrokenStreamException {
        // were they believed, these would take 8 GiB
        for (int id = 0; id < Arrivals.MAX_PAYLOADS; id++) {
            arrivals.add(frame(id, Arrivals.MAX_PAYLOAD_BYTES, new byte[1]));
        }
        refused(() -> arrivals.take(named(0, Arrivals.MAX_PAYLOAD_BYTES)), "1 of " + Arrivals.MAX_PAYLOAD_BYTES);
    }

    @Test
    void aFrameBeyondTheTotalIsRefused() throws BrokenStreamException {
        arrivals.add(frame(1, 10, new byte[8]));
        refused(() -> arrivals.add(frame(1, 10, new byte[3])), "beyond the end of payload 1");
    }

    @Test
    void aTotalThatChangesIsRefused() throws BrokenStreamException {
        arrivals.add(frame(1, 10, new byte[8]));
        refused(() -> arrivals.add(frame(1, 11, new byte[1])), "first frame said 10");
    }

    @Test
    void anEmptyFrameAndATooLargeOneAreRefused() {
        refused(() -> arrivals.add(frame(1, 10, new byte[0])), "a frame of 0 bytes");
        refused(() -> arrivals.add(frame(1, 9_999_999, new byte[Protocol.MAX_FRAME_BYTES + 1])), "a frame of 1048577");
    }

    @Test
    void aPayloadThatIsNamedTooEarlyOrWithAnotherLengthIsRefused() throws BrokenStreamException {
        arrivals.add(frame(1, 10, new byte[8]));
        refused(() -> arrivals.take(named(1, 10)), "8 of 10");

        arrivals.add(frame(2, 8, new byte[8]));
        refused(() -> arrivals.take(named(2, 9)), "with 9 bytes");
    }

    @Test
    void payloadsThatNobodyAsksForAreRefusedInTheEnd() throws BrokenStreamException {
        for (int id = 0; id < Arrivals.MAX_PAYLOADS; id++) {
            arrivals.add(frame(id, 1, new byte[1]));
        }
        refused(() -> arrivals.add(frame(99, 1, new byte[1])), "payload 99");
    }

    private void send(long id, byte[] bytes) throws BrokenStreamException {
        for (int from = 0; from < bytes.length; from += Protocol.MAX_FRAME_BYTES) {
            int to = Math.min(bytes.length, from + Protocol.MAX_FRAME_BYTES);
            arrivals.add(frame(id, bytes.length, Arrays.copyOfRange(bytes, from, to)));
        }
    }

    private static Frame frame(long id, long total, byte[] data) {
        return Frame.newBuilder()
                .setPayloadId(id)
                .setTotalLength(total)
                .setData(ByteString.copyFrom(data))
                .build();
    }

    private static Carried named(long id, long length) {
        return Carried.newBuilder().setPayloadId(id).setLength(length).build();
    }

    private static void refused(ThrowingCallable action, String why) {
        assertThatThrownBy(action).isInstanceOf(BrokenStreamException.class).hasMessageContaining(why);
    }
}
