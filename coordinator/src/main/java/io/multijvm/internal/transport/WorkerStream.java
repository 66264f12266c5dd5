// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Credit;
import io.multijvm.wire.v1.Frame;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.LargeResult;
import io.multijvm.wire.v1.ToWorker;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one worker says. gRPC calls all of this on the event loop. A worker that does not keep to the protocol loses its
 * stream, and nobody else notices.
 */
final class WorkerStream implements StreamObserver<FromWorker> {
    /** What a socket takes before gRPC calls it full. */
    private static final int READY_THRESHOLD = 256 << 10;

    private final WorkerListener listener;
    private final Clients.Client client;
    private final ServerCallStreamObserver<ToWorker> out;
    private final Outbox outbox;
    private final PayloadFrames frames = new PayloadFrames();
    private final ScheduledFuture<?> helloTimer;
    private boolean greeted;
    private boolean ended;

    WorkerStream(Clients.Client client, ServerCallStreamObserver<ToWorker> out, EventLoop loop) {
        this.client = client;
        this.listener = client.listener;
        this.out = out;
        this.outbox = new Outbox(out);
        out.setOnReadyThreshold(READY_THRESHOLD);
        out.setOnReadyHandler(outbox::flush);
        out.setOnCancelHandler(() -> over("the connection was lost"));
        this.helloTimer = loop.schedule(
                () -> end(Status.DEADLINE_EXCEEDED.withDescription("no hello came")),
                Protocol.HELLO_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(FromWorker message) {
        if (ended) {
            return;
        }
        try {
            if (greeted) {
                hear(message);
            } else if (message.hasHello()) {
                greet(message.getHello());
            } else {
                throw new PayloadFrames.Misuse("the first message is not a hello");
            }
        } catch (PayloadFrames.Misuse | CorruptRingException e) {
            end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        }
    }

    private void greet(Hello hello) {
        helloTimer.cancel(false);
        if (hello.getProtocol() != Protocol.VERSION) {
            String why = "the worker speaks protocol " + hello.getProtocol() + ", this coordinator " + Protocol.VERSION
                    + ": the class path of one of them holds another Multijvm jar; give both the same";
            listener.refused(why);
            end(Status.FAILED_PRECONDITION.withDescription(why));
            return;
        }
        greeted = true;
        out.onNext(ToWorker.newBuilder().setWelcome(client.welcome).build());
        listener.connected(outbox, hello.getPid(), hello.getJdk(), hello.getMaxHeapBytes());
    }

    private void hear(FromWorker message) {
        switch (message.getKindCase()) {
            case DOORBELL -> listener.doorbell();
            case FRAME -> frame(message.getFrame());
            case LARGE_RESULT -> large(message.getLargeResult());
            case GIVEN_BACK -> {
                if (message.getGivenBack().getEnd() < 0) {
                    throw new PayloadFrames.Misuse("items were given back from a negative position on");
                }
                listener.givenBack(
                        message.getGivenBack().getChunkId(),
                        message.getGivenBack().getEnd());
            }
            case CREDIT -> outbox.granted(message.getCredit().getBytes());
            case BYE -> end(Status.OK.withDescription(message.getBye().getReason()));
            case HELLO, KIND_NOT_SET -> throw new PayloadFrames.Misuse("unexpected message " + message.getKindCase());
        }
    }

    private void frame(Frame frame) {
        frames.add(frame);
        outbox.urgent(ToWorker.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(frame.getData().size()))
                .build());
        outbox.flush();
    }

    private void large(LargeResult result) {
        listener.large(
                result.getChunkId(),
                result.getPosition(),
                ResultKind.of(result.getKind()),
                result.getElapsedNanos(),
                frames.take(result.getCarried()));
    }

    @Override
    public void onError(Throwable t) {
        over("the stream broke: " + Status.fromThrowable(t).getCode());
    }

    @Override
    public void onCompleted() {
        end(Status.OK);
    }

    /** Ends the stream from this side. */
    void end(Status status) {
        if (ended) {
            return;
        }
        if (!out.isCancelled()) {
            if (status.isOk()) {
                out.onCompleted();
            } else {
                out.onError(status.asRuntimeException());
            }
        }
        over(status.getDescription() == null ? "the stream ended" : status.getDescription());
    }

    private void over(@Nullable String why) {
        if (!ended) {
            ended = true;
            helloTimer.cancel(false);
            outbox.close();
            listener.disconnected(String.valueOf(why));
        }
    }
}
