// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Task;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.execute.PlacedPayload;
import io.multijvm.worker.execute.TaskCode;
import io.multijvm.worker.execute.WorkerChunk;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes of messages what the task thread runs: the functions of calls, and their chunks. Payloads are taken from where they
 * came: the message, frames, or memory that is shared. Confined to the event loop.
 */
final class ChunkUnpacker {
    private final FrameAssembler frames;
    private final SharedPayloads payloads;
    /** Of calls that have not been forgotten. */
    private final Map<Long, TaskCode> functions = new HashMap<>();

    ChunkUnpacker(FrameAssembler frames, SharedPayloads payloads) {
        this.frames = frames;
        this.payloads = payloads;
    }

    /** The function of a call, whose chunks follow. */
    void task(Task task, long poolSeed) {
        long callId = task.getCallId();
        long seed = Seeds.ofCall(poolSeed, callId);
        Payload function = task.getFunction();
        SharedPayload placed =
                function.hasCarried() ? payloads.take(function.getCarried().getPayloadId()) : null;
        int depth = task.getDepth();
        functions.put(
                callId,
                placed == null ? new TaskCode(bytes(function), seed, depth) : new TaskCode(placed, seed, depth));
    }

    /** No chunk of the call follows. */
    void forget(long callId) {
        TaskCode forgotten = functions.remove(callId);
        if (forgotten != null) {
            forgotten.release();
        }
    }

    byte[] bytes(Payload payload) {
        return payload.hasCarried()
                ? frames.take(payload.getCarried())
                : payload.getInline().toByteArray();
    }

    /** A chunk that came in frames. */
    WorkerChunk unpack(Carried carried) {
        try {
            return unpack(Chunk.parseFrom(frames.take(carried)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what was carried is no chunk", e);
        }
    }

    WorkerChunk unpack(Chunk chunk) {
        TaskCode code = functions.get(chunk.getCallId());
        if (code == null) {
            throw new IllegalStateException(
                    "chunk " + chunk.getChunkId() + " is of call " + chunk.getCallId() + ", whose task has not come");
        }
        if (chunk.getPackedType() != 0) {
            return unpackPacked(chunk, code);
        }
        int[] ends = new int[chunk.getLengthsCount()];
        byte[][] large = chunk.getCarriedCount() == 0 ? null : new byte[ends.length][];
        PlacedPayload[] placed = large == null ? null : new PlacedPayload[ends.length];
        int end = 0;
        int carried = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = chunk.getLengths(i);
            if (length >= 0) {
                end += length;
            } else if (large != null && placed != null) {
                Carried next = chunk.getCarried(carried++);
                placed[i] = payloads.take(next.getPayloadId());
                if (placed[i] == null) {
                    large[i] = frames.take(next);
                }
            }
            ends[i] = end;
        }
        return new WorkerChunk(
                chunk.getChunkId(),
                code,
                chunk.getFirstIndex(),
                chunk.getItems().toByteArray(),
                ends,
                large,
                placed);
    }

    private static WorkerChunk unpackPacked(Chunk chunk, TaskCode code) {
        PackedType type = PackedType.ofCode(chunk.getPackedType());
        if (type == null) {
            throw new IllegalStateException(
                    "chunk " + chunk.getChunkId() + " is packed as type " + chunk.getPackedType());
        }
        byte[] items = chunk.getItems().toByteArray();
        return new WorkerChunk(
                chunk.getChunkId(),
                code,
                chunk.getFirstIndex(),
                chunk.getPackedCount(),
                new PackedValues(type, items, 0, items.length));
    }
}
