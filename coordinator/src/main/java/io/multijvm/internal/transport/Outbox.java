// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Chunks;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.Placed;
import io.multijvm.wire.v1.ToWorker;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one worker. Confined to the event loop.
 *
 * <p>There are two queues. Data (functions, chunks, and the frames that they need) keeps its order. A control message
 * overtakes the data that waits, unless that concerns the same chunk or call: then it goes behind, for the worker could
 * make nothing of a word about a chunk that it has not seen.
 *
 * <p>A frame is made when it can go out, so that a payload waits as the caller's own array and at most one threshold of
 * bytes lies with gRPC. Frames need credit besides; data behind them waits with them.
 */
final class Outbox {
    /** What is around each chunk in a message of several: a tag and a length. */
    private static final int PER_CHUNK_BYTES = 8;

    private final Wire wire;
    private final ArrayDeque<ToWorker> control = new ArrayDeque<>();
    private final ArrayDeque<Waiting> data = new ArrayDeque<>();
    private long credit = Protocol.INITIAL_CREDIT_BYTES;

    Outbox(Wire wire) {
        this.wire = wire;
    }

    /** Queues what overtakes all data. */
    void control(ToWorker message) {
        control.add(message);
    }

    /** Queues a control message about a chunk. */
    void aboutChunk(long chunkId, ToWorker message) {
        for (Waiting waiting : data) {
            if (waiting.chunkId() == chunkId) {
                data.add(new Waiting.Message(chunkId, Waiting.NONE, message));
                return;
            }
        }
        control.add(message);
    }

    /** Queues a control message about a call. */
    void aboutCall(long callId, ToWorker message) {
        for (Waiting waiting : data) {
            if (waiting.callId() == callId) {
                data.add(new Waiting.Message(Waiting.NONE, callId, message));
                return;
            }
        }
        control.add(message);
    }

    /** Queues a chunk that fits a message. */
    void chunk(Chunk chunk) {
        data.add(new Waiting.OneChunk(chunk));
    }

    /** Queues data that crosses as it is. */
    void data(long chunkId, long callId, ToWorker message) {
        data.add(new Waiting.Message(chunkId, callId, message));
    }

    /** Queues a payload for the message that will be queued next. */
    void frames(long payloadId, byte[] bytes, int offset, int length) {
        data.add(new Waiting.Frames(payloadId, bytes, offset, length));
    }

    /** Queues a payload that shared memory takes, if it has room, for the message that will be queued next. */
    void shared(Placement placement) {
        data.add(new Waiting.Shared(placement));
    }

    /** The worker takes this many bytes of frames on top of what it took before. */
    void grant(long bytes) throws BrokenStreamException {
        if (bytes <= 0 || bytes > Protocol.INITIAL_CREDIT_BYTES - credit) {
            throw new BrokenStreamException("a credit of " + bytes + " bytes, where "
                    + (Protocol.INITIAL_CREDIT_BYTES - credit) + " are on their way to it");
        }
        credit += bytes;
    }

    /** Sends what may be sent now. */
    void pump() {
        boolean controlSent = false;
        while (wire.ready()) {
            ToWorker first = control.poll();
            if (first != null) {
                wire.send(first);
                controlSent = true;
            } else if (!sendData(controlSent)) {
                return;
            }
        }
    }

    /** The connection has ended. */
    void drop() {
        control.clear();
        data.clear();
    }

    private boolean sendData(boolean controlSent) {
        @Nullable Waiting next = data.peek();
        if (next instanceof Waiting.OneChunk) {
            wire.send(together());
            return true;
        }
        if (next instanceof Waiting.Message whole) {
            data.remove();
            wire.send(whole.message());
            return true;
        }
        if (next instanceof Waiting.Shared shared) {
            return sendShared(shared.placement());
        }
        return next instanceof Waiting.Frames frames && sendFrame(frames, controlSent);
    }

    private boolean sendShared(Placement payload) {
        return switch (payload.state) {
            case SEEKING, WRITING -> false;
            case PLACED -> {
                data.remove();
                wire.send(ToWorker.newBuilder()
                        .setPlaced(Placed.newBuilder()
                                .setPayloadId(payload.payloadId)
                                .setSegmentId(payload.segmentId())
                                .setOffset(payload.region)
                                .setLength(payload.length))
                        .build());
                yield true;
            }
            case FRAMES -> {
                data.remove();
                data.addFirst(new Waiting.Frames(payload.payloadId, payload.bytes, payload.offset, payload.length));
                yield true;
            }
        };
    }

    private ToWorker together() {
        Chunks.Builder chunks = Chunks.newBuilder();
        int bytes = 0;
        while (data.peek() instanceof Waiting.OneChunk next) {
            bytes += next.chunk().getSerializedSize() + PER_CHUNK_BYTES;
            if (bytes > Protocol.MAX_FRAME_BYTES && chunks.getChunkCount() > 0) {
                break;
            }
            data.remove();
            chunks.addChunk(next.chunk());
        }
        return ToWorker.newBuilder().setChunks(chunks).build();
    }

    private boolean sendFrame(Waiting.Frames frames, boolean controlSent) {
        // small frames where something else would wait behind a large one; the one message that needs it does not count
        boolean others = controlSent || data.size() > 2;
        int limit = others ? Protocol.SMALL_FRAME_BYTES : Protocol.MAX_FRAME_BYTES;
        int length = (int) Math.min(Math.min(frames.left(), credit), limit);
        if (length == 0) {
            return false;
        }
        ByteString piece = UnsafeByteOperations.unsafeWrap(frames.bytes, frames.sentTo, length);
        credit -= length;
        frames.sentTo += length;
        if (frames.left() == 0) {
            data.remove();
        }
        wire.send(ToWorker.newBuilder()
                .setFrame(Frame.newBuilder()
                        .setPayloadId(frames.payloadId)
                        .setTotalLength(frames.end - frames.begin)
                        .setData(piece))
                .build());
        return true;
    }
}
