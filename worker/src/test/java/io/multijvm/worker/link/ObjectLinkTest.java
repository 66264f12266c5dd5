// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.stub.StreamObserver;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.net.Transport;
import io.multijvm.wire.objects.EventSaid;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.v1.Admitted;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a process believes to be a manager, and what it tells its users when there is none. */
class ObjectLinkTest {
    private static final long MANAGER = 0x1234;

    /** Has taken the manager's address, and says yes to everything. */
    private static final class Impostor extends SharedObjectsGrpc.SharedObjectsImplBase {
        final List<FromClient> heard = new CopyOnWriteArrayList<>();
        private final boolean atOnce;

        /** @param atOnce whether it lets who comes in before it proves anything */
        Impostor(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public StreamObserver<FromClient> use(StreamObserver<ToClient> out) {
            return new StreamObserver<>() {
                @Override
                public void onNext(FromClient message) {
                    heard.add(message);
                    if (atOnce) {
                        out.onNext(ToClient.newBuilder()
                                .setAdmitted(Admitted.newBuilder().setClient(1))
                                .build());
                    } else if (message.hasHello()) {
                        byte[] proof = ManagerKey.random()
                                .sign(
                                        ManagerKey.Side.OWNER,
                                        MANAGER,
                                        message.getHello().getChallenge().toByteArray(),
                                        new byte[ManagerKey.CHALLENGE_BYTES]);
                        out.onNext(ToClient.newBuilder()
                                .setOwnersProof(OwnersProof.newBuilder()
                                        .setProof(ByteString.copyFrom(proof))
                                        .setChallenge(ByteString.copyFrom(new byte[ManagerKey.CHALLENGE_BYTES])))
                                .build());
                    }
                }

                @Override
                public void onError(Throwable t) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    @Test
    @Timeout(120)
    void whereNobodyCanBeConnectedToEveryUserIsToldSo() {
        for (String address : List.of("nonsense", "unix:/nowhere/hub.sock")) {
            ObjectLink link = new ObjectLink(
                    new SharedHandle(address, MANAGER, ManagerKey.random().secret(), 1, "EVENT"));
            for (int user = 0; user < 2; user++) {
                assertThatThrownBy(() -> link.say(1, 1, new EventSaid.Set()))
                        .as(address)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("EVENT 1")
                        .hasMessageContaining("owner");
            }
        }
    }

    @Test
    void whoDoesNotProveToBeTheOwnerIsToldNothing() throws Exception {
        isToldNothing(new Impostor(false), "is not the owner of EVENT 1");
    }

    @Test
    void whoLetsAProcessInWithoutAnyProofIsToldNothing() throws Exception {
        isToldNothing(new Impostor(true), "has not proved to be the owner of EVENT 1");
    }

    private static void isToldNothing(Impostor impostor, String why) throws Exception {
        EventLoopGroup loop = Transport.NIO.newLoop("impostor");
        Server server = Transport.NIO
                .server(HubAddress.tcp(0), loop)
                .directExecutor()
                .addService(impostor)
                .build()
                .start();
        try {
            String address = HubAddress.tcp(server.getPort()).toString();
            String secret = ManagerKey.random().secret();
            ObjectLink link = new ObjectLink(new SharedHandle(address, MANAGER, secret, 1, "EVENT"));

            assertThatThrownBy(() -> link.say(1, 1, new EventSaid.Set()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(why)
                    .hasMessageNotContaining(secret);
            assertThat(link.goneBecause()).contains(why);
            assertThat(impostor.heard).hasSize(1).allMatch(FromClient::hasHello);
            assertThat(impostor.heard.toString()).doesNotContain(secret);
        } finally {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
