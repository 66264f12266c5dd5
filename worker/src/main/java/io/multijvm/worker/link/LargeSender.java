// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ClientCallStreamObserver;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Carried;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.LargeResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends what does not fit the ring or a message, one at a time: frames as far as credit and the socket go, then the message that
 * names them. All credit coming back means that the coordinator has every byte of the frames; the naming message was given to
 * the socket right behind them, and one more turn of the loop lets it go out. Confined to the event loop.
 */
final class LargeSender {
    private final ClientCallStreamObserver<FromWorker> out;
    private final Executor loop;
    private long credit = Protocol.INITIAL_CREDIT_BYTES;
    private long nextPayload;

    /** Payloads behind the one that is on its way: the task thread has one, but what it asked for has others. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private byte @Nullable [] bytes;
    private int sent;
    private @Nullable FromWorker last;
    private @Nullable CompletableFuture<Void> arrived;

    LargeSender(ClientCallStreamObserver<FromWorker> out, Executor loop) {
        this.loop = loop;
        this.out = out;
    }

    void send(
            long chunkId,
            int position,
            ResultKind kind,
            long elapsedNanos,
            byte[] payload,
            CompletableFuture<Void> done) {
        send(
                payload,
                carried -> FromWorker.newBuilder()
                        .setLargeResult(LargeResult.newBuilder()
                                .setChunkId(chunkId)
                                .setPosition(position)
                                .setKind(kind.code())
                                .setElapsedNanos(elapsedNanos)
                                .setCarried(carried))
                        .build(),
                done);
    }

    /**
     * Sends a payload, behind one that is on its way.
     *
     * @param naming makes the message that names it
     * @param done completes on the loop when all of it has arrived
     */
    void send(byte[] payload, Function<Carried, FromWorker> naming, CompletableFuture<Void> done) {
        if (bytes != null) {
            waiting.addLast(() -> send(payload, naming, done));
            return;
        }
        nextPayload++;
        bytes = payload;
        sent = 0;
        arrived = done;
        last = naming.apply(Carried.newBuilder()
                .setPayloadId(nextPayload)
                .setLength(payload.length)
                .build());
        pump();
    }

    void granted(long more) {
        credit += more;
        pump();
    }

    void pump() {
        byte[] payload = bytes;
        if (payload == null) {
            return;
        }
        while (sent < payload.length && credit > 0 && out.isReady()) {
            int size = (int) Math.min(Math.min(Protocol.MAX_FRAME_BYTES, credit), payload.length - sent);
            out.onNext(FromWorker.newBuilder()
                    .setFrame(Frame.newBuilder()
                            .setPayloadId(nextPayload)
                            .setTotalLength(payload.length)
                            .setData(UnsafeByteOperations.unsafeWrap(payload, sent, size)))
                    .build());
            sent += size;
            credit -= size;
        }
        if (sent == payload.length && last != null) {
            out.onNext(last);
            last = null;
        }
        if (last == null && credit == Protocol.INITIAL_CREDIT_BYTES && arrived != null) {
            bytes = null;
            CompletableFuture<Void> done = arrived;
            arrived = null;
            loop.execute(() -> done.complete(null));
            Runnable next = waiting.pollFirst();
            if (next != null) {
                next.run();
            }
        }
    }
}
