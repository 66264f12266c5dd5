// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.dispatch.WorkerPort;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.Bye;
import io.multijvm.wire.v1.Cancel;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Chunk;
import io.multijvm.wire.v1.Chunks;
import io.multijvm.wire.v1.Forget;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Recall;
import io.multijvm.wire.v1.Task;
import io.multijvm.wire.v1.ToWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one worker. What names a chunk or a call keeps its order; credit and goodbye go ahead of it. Chunks that wait together become one message;
 * what is large goes in frames, as far as the worker has granted credit, before the message that names it. No more is given
 * to gRPC than it calls itself ready for. Confined to the event loop.
 */
final class Outbox implements WorkerPort {
    private final ServerCallStreamObserver<ToWorker> out;
    private final Deque<ToWorker> urgent = new ArrayDeque<>();
    private final Deque<Entry> data = new ArrayDeque<>();
    private long credit = Protocol.INITIAL_CREDIT_BYTES;
    private long nextPayload;
    private boolean closed;

    Outbox(ServerCallStreamObserver<ToWorker> out) {
        this.out = out;
    }

    /** What waits: frames still to be sent, then a message, or a chunk that may join others in one. */
    private static final class Entry {
        final Deque<Large> frames = new ArrayDeque<>();
        final Object message;
        final int bytes;

        Entry(Object message, List<Large> frames, int bytes) {
            this.message = message;
            this.frames.addAll(frames);
            this.bytes = bytes;
        }
    }

    private static final class Large {
        final long id;
        final byte[] bytes;
        int sent;

        Large(long id, byte[] bytes) {
            this.id = id;
            this.bytes = bytes;
        }

        Carried carried() {
            return Carried.newBuilder().setPayloadId(id).setLength(bytes.length).build();
        }
    }

    @Override
    public void task(long callId, byte[] function) {
        Payload.Builder place = Payload.newBuilder();
        List<Large> frames = new ArrayList<>();
        if (function.length <= Protocol.MAX_INLINE_ITEM_BYTES) {
            place.setInline(UnsafeByteOperations.unsafeWrap(function));
        } else {
            Large large = new Large(++nextPayload, function);
            frames.add(large);
            place.setCarried(large.carried());
        }
        add(new Entry(
                ToWorker.newBuilder()
                        .setTask(Task.newBuilder().setCallId(callId).setFunction(place))
                        .build(),
                frames,
                0));
    }

    @Override
    public void chunk(long chunkId, long callId, List<Slice> items) {
        Chunk.Builder chunk = Chunk.newBuilder()
                .setChunkId(chunkId)
                .setCallId(callId)
                .setFirstIndex(items.get(0).firstIndex());
        List<Large> frames = new ArrayList<>();
        ByteString inline = ByteString.EMPTY;
        for (Slice slice : items) {
            inline = inline.concat(pack(slice, chunk, frames, Protocol.MAX_FRAME_BYTES - inline.size()));
        }
        add(new Entry(chunk.setItems(inline).build(), frames, inline.size() + 4 * chunk.getLengthsCount() + 64));
    }

    /** The slice's small items as they lie, as far as there is room in the message; the others as frames. */
    private ByteString pack(Slice slice, Chunk.Builder chunk, List<Large> frames, int room) {
        ItemBlock block = slice.block();
        int begin = block.begin(slice.from());
        int end = begin;
        for (int i = slice.from(); i < slice.to(); i++) {
            byte[] large = block.large(i);
            boolean fits = large == null && block.end(i) - begin <= room;
            if (fits) {
                chunk.addLengths((int) block.length(i));
                end = block.end(i);
                continue;
            }
            byte[] bytes = large != null ? large : Arrays.copyOfRange(block.smallBytes(), block.begin(i), block.end(i));
            Large payload = new Large(++nextPayload, bytes);
            frames.add(payload);
            chunk.addLengths(-1).addCarried(payload.carried());
        }
        return begin == end
                ? ByteString.EMPTY
                : UnsafeByteOperations.unsafeWrap(block.smallBytes(), begin, end - begin);
    }

    @Override
    public void cancel(long chunkId, int position) {
        // not ahead of its own chunk: the worker would not know it yet
        add(new Entry(
                ToWorker.newBuilder()
                        .setCancel(Cancel.newBuilder().setChunkId(chunkId).setPosition(position))
                        .build(),
                List.of(),
                0));
    }

    @Override
    public void recall(long chunkId, boolean all) {
        // not ahead of its own chunk: the worker would not know it yet
        add(new Entry(
                ToWorker.newBuilder()
                        .setRecall(Recall.newBuilder().setChunkId(chunkId).setAll(all))
                        .build(),
                List.of(),
                0));
    }

    @Override
    public void forget(long callId) {
        add(new Entry(
                ToWorker.newBuilder()
                        .setForget(Forget.newBuilder().setCallId(callId))
                        .build(),
                List.of(),
                0));
    }

    @Override
    public void bye(String reason) {
        urgent(ToWorker.newBuilder().setBye(Bye.newBuilder().setReason(reason)).build());
    }

    void urgent(ToWorker message) {
        if (!closed) {
            urgent.addLast(message);
        }
    }

    private void add(Entry entry) {
        if (!closed) {
            data.addLast(entry);
        }
    }

    void granted(long bytes) {
        if (bytes < 0 || credit + bytes > Protocol.INITIAL_CREDIT_BYTES) {
            throw new PayloadFrames.Misuse("a worker granted credit for frames that it was not sent");
        }
        credit += bytes;
        flush();
    }

    void close() {
        closed = true;
        urgent.clear();
        data.clear();
    }

    @Override
    public void flush() {
        while (!closed && out.isReady()) {
            ToWorker message = next();
            if (message == null) {
                return;
            }
            out.onNext(message);
        }
    }

    private @Nullable ToWorker next() {
        ToWorker control = urgent.pollFirst();
        if (control != null) {
            return control;
        }
        Entry head = data.peekFirst();
        if (head == null) {
            return null;
        }
        if (!head.frames.isEmpty()) {
            return credit > 0 ? nextFrame(head.frames) : null;
        }
        data.removeFirst();
        return head.message instanceof Chunk chunk ? together(chunk, head.bytes) : (ToWorker) head.message;
    }

    private ToWorker nextFrame(Deque<Large> frames) {
        Large large = frames.getFirst();
        // small pieces while something waits behind, so that it need not wait for long
        int most = data.size() > 1 ? Protocol.SMALL_FRAME_BYTES : Protocol.MAX_FRAME_BYTES;
        int size = (int) Math.min(Math.min(most, credit), large.bytes.length - large.sent);
        Frame frame = Frame.newBuilder()
                .setPayloadId(large.id)
                .setTotalLength(large.bytes.length)
                .setData(UnsafeByteOperations.unsafeWrap(large.bytes, large.sent, size))
                .build();
        large.sent += size;
        credit -= size;
        if (large.sent == large.bytes.length) {
            frames.removeFirst();
        }
        return ToWorker.newBuilder().setFrame(frame).build();
    }

    /** The chunk and those right behind it that need no frames, in one message of bounded size. */
    private ToWorker together(Chunk first, int firstBytes) {
        Chunks.Builder chunks = Chunks.newBuilder().addChunk(first);
        int bytes = firstBytes;
        for (Entry entry = data.peekFirst();
                entry != null
                        && entry.message instanceof Chunk chunk
                        && entry.frames.isEmpty()
                        && bytes + entry.bytes <= Protocol.MAX_FRAME_BYTES;
                entry = data.peekFirst()) {
            chunks.addChunk(chunk);
            bytes += entry.bytes;
            data.removeFirst();
        }
        return ToWorker.newBuilder().setChunks(chunks).build();
    }
}
