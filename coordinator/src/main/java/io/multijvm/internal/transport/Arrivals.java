// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Frame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Payloads of one worker that are arriving in frames. Confined to the event loop.
 *
 * <p>Holds what the worker really sent and little more: the length that it announces is believed only up to {@link
 * #BELIEVED_BYTES}, and no more than {@link #MAX_PAYLOADS} may be open at a time (an honest worker has one).
 */
final class Arrivals {
    /** What a Java array can hold. */
    static final int MAX_PAYLOAD_BYTES = Integer.MAX_VALUE - 8;

    static final int MAX_PAYLOADS = 16;

    /** A longer payload gets an array that grows as its bytes come in. */
    static final int BELIEVED_BYTES = 64 << 20;

    /** Credit is returned in portions of this size, and at the end of each payload. */
    private static final int GRANT_BYTES = 512 << 10;

    private final Map<Long, Arrival> arrivals = new HashMap<>();
    private long credit = Protocol.INITIAL_CREDIT_BYTES;
    private int owed;

    /**
     * Takes in one frame.
     *
     * @return how many bytes the worker is to be granted now; 0 if that can wait
     */
    int add(Frame frame) throws BrokenStreamException {
        ByteString data = frame.getData();
        int length = data.size();
        if (length == 0 || length > Protocol.MAX_FRAME_BYTES) {
            throw new BrokenStreamException(
                    "a frame of " + length + " bytes, where 1 to " + Protocol.MAX_FRAME_BYTES + " are allowed");
        }
        if (length > credit) {
            throw new BrokenStreamException(
                    "a frame of " + length + " bytes, where it was granted " + credit + " more");
        }
        Arrival arrival = arrival(frame.getPayloadId(), frame.getTotalLength());
        arrival.append(data);
        credit -= length;
        owed += length;
        if (owed < GRANT_BYTES && !arrival.whole()) {
            return 0;
        }
        int granted = owed;
        credit += granted;
        owed = 0;
        return granted;
    }

    byte[] take(Carried carried) throws BrokenStreamException {
        Arrival arrival = arrivals.remove(carried.getPayloadId());
        if (arrival == null) {
            throw new BrokenStreamException(
                    "a message that names payload " + carried.getPayloadId() + ", of which no frame has arrived");
        }
        if (!arrival.whole() || arrival.total != carried.getLength()) {
            throw new BrokenStreamException("a message that names payload " + carried.getPayloadId() + " with "
                    + carried.getLength() + " bytes, of which " + arrival.filled + " of " + arrival.total
                    + " have arrived");
        }
        return arrival.bytes;
    }

    private Arrival arrival(long id, long total) throws BrokenStreamException {
        Arrival known = arrivals.get(id);
        if (known != null) {
            if (known.total != total) {
                throw new BrokenStreamException("payload " + id + " with a total of " + total
                        + " bytes, after its first frame said " + known.total);
            }
            return known;
        }
        if (total <= 0 || total > MAX_PAYLOAD_BYTES) {
            throw new BrokenStreamException("payload " + id + " with a total of " + total + " bytes, where 1 to "
                    + MAX_PAYLOAD_BYTES + " are allowed");
        }
        if (arrivals.size() == MAX_PAYLOADS) {
            throw new BrokenStreamException("payload " + id + " while " + MAX_PAYLOADS
                    + " others have arrived in part or were never asked for");
        }
        Arrival fresh = new Arrival(id, (int) total);
        arrivals.put(id, fresh);
        return fresh;
    }

    private static final class Arrival {
        private final long id;
        private final int total;
        private byte[] bytes;
        private int filled;

        Arrival(long id, int total) throws BrokenStreamException {
            this.id = id;
            this.total = total;
            this.bytes = grown(new byte[0], Math.min(total, BELIEVED_BYTES));
        }

        boolean whole() {
            return filled == total;
        }

        void append(ByteString data) throws BrokenStreamException {
            int end = filled + data.size();
            if (end < filled || end > total) {
                throw new BrokenStreamException("a frame of " + data.size() + " bytes beyond the end of payload " + id
                        + ", of which " + filled + " of " + total + " bytes had arrived");
            }
            if (end > bytes.length) {
                bytes = grown(bytes, (int) Math.min(total, 2L * bytes.length));
            }
            data.copyTo(bytes, filled);
            filled = end;
        }

        private byte[] grown(byte[] old, int length) throws BrokenStreamException {
            try {
                return Arrays.copyOf(old, length);
            } catch (OutOfMemoryError e) {
                // a single large array that does not fit: nothing else was harmed, and the loop must live on
                throw new BrokenStreamException("a result of " + total
                        + " bytes, for which this JVM's heap has no room; raise its -Xmx or return less");
            }
        }
    }
}
