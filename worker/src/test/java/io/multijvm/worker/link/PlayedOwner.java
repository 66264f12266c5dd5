// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.stub.StreamObserver;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.messages.ObjectMessages;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.Admitted;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.ObjectCall;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A manager that is served and knows its key, and whose answers are up to the test. */
final class PlayedOwner extends SharedObjectsGrpc.SharedObjectsImplBase implements AutoCloseable {
    static final long MANAGER = 0x4321;

    private final ManagerKey key = ManagerKey.random();
    private final Function<Said, Heard> answers;
    private final EventLoopGroup loop = Transport.NIO.newLoop("played-owner");
    private final Server server;
    /** Those that were let in and whose streams have not ended. */
    private final AtomicInteger clients = new AtomicInteger();

    PlayedOwner(Function<Said, Heard> answers) throws IOException {
        this.answers = answers;
        this.server = Transport.NIO
                .server(HubAddress.tcp(0), loop)
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    ManagerKey key() {
        return key;
    }

    HubAddress address() {
        return HubAddress.parse("served:tcp:127.0.0.1:" + server.getPort());
    }

    SharedHandle handle(ObjectKind kind) {
        return new SharedHandle(address().toString(), MANAGER, key.secret(), 1, kind.name());
    }

    int clients() {
        return clients.get();
    }

    @Override
    public StreamObserver<FromClient> use(StreamObserver<ToClient> out) {
        return new Inbound(out);
    }

    /** One stream. */
    private final class Inbound implements StreamObserver<FromClient> {
        private final StreamObserver<ToClient> out;
        private boolean admitted;

        Inbound(StreamObserver<ToClient> out) {
            this.out = out;
        }

        @Override
        public void onNext(FromClient message) {
            if (message.hasHello()) {
                byte[] ours = ManagerKey.challenge();
                byte[] theirs = message.getHello().getChallenge().toByteArray();
                byte[] proof = key.sign(ManagerKey.Side.OWNER, MANAGER, theirs, ours);
                out.onNext(ToClient.newBuilder()
                        .setOwnersProof(OwnersProof.newBuilder()
                                .setManager(MANAGER)
                                .setProof(ByteString.copyFrom(proof))
                                .setChallenge(ByteString.copyFrom(ours)))
                        .build());
            } else if (message.hasCall()) {
                ObjectCall call = message.getCall();
                Said said = ObjectMessages.said(call);
                out.onNext(ObjectMessages.answer(
                        call.getObject(),
                        call.getTicket(),
                        said instanceof Said.Goodbye ? new Heard.Done() : answers.apply(said)));
            } else {
                admitted = true;
                clients.incrementAndGet();
                out.onNext(ToClient.newBuilder()
                        .setAdmitted(Admitted.newBuilder().setClient(2))
                        .build());
            }
        }

        @Override
        public void onError(Throwable t) {
            if (admitted) {
                clients.decrementAndGet();
            }
        }

        @Override
        public void onCompleted() {
            onError(new IOException("it has completed the stream"));
        }
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
