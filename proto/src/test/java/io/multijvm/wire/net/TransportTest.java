// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.stub.StreamObserver;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.wire.v1.WorkerLinkGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TransportTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:/run/pool/hub.sock",
                "tcp:0",
                "tcp:40123",
                "served:unix:/run/m",
                "served:tcp:10.0.0.7:4000",
                "served:tcp:0:0:0:0:0:0:0:1:4000"
            })
    void anAddressReadsBackAsItWasWritten(String text) {
        assertThat(HubAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp:",
                "tcp:no",
                "tcp:70000",
                "tcp:-1",
                "/run/hub.sock",
                "served:tcp:4000",
                "tcp:10.0.0.7:4000"
            })
    void anythingElseIsRefusedAndSaysWhy(String text) {
        assertThatThrownBy(() -> HubAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<Arguments> everyPair() {
        return Stream.of(Transport.values())
                .flatMap(server -> Stream.of(Transport.values())
                        .flatMap(client -> Stream.of("unix", "tcp").map(kind -> Arguments.of(server, client, kind))));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void eachTransportTalksToEachOtherOverBothKindsOfSocket(
            Transport serverTransport, Transport clientTransport, String kind) throws Exception {
        assumeTrue(
                Epoll.isAvailable() || (serverTransport == Transport.NIO && clientTransport == Transport.NIO),
                "there is no epoll here");
        EventLoopGroup serverLoop = serverTransport.newLoop("server-loop");
        EventLoopGroup clientLoop = clientTransport.newLoop("client-loop");
        Path socket = directory.resolve("hub.sock");
        HubAddress bound = kind.equals("unix") ? HubAddress.unix(socket) : HubAddress.tcp(0);
        Server server = serverTransport
                .server(bound, serverLoop)
                .addService(new Greeter())
                .build()
                .start();
        HubAddress hub = kind.equals("unix") ? bound : HubAddress.tcp(server.getPort());
        ManagedChannel channel = clientTransport.client(hub, clientLoop).build();
        try {
            Answer answer = new Answer();
            StreamObserver<FromWorker> out = WorkerLinkGrpc.newStub(channel).connect(answer);
            out.onNext(FromWorker.newBuilder()
                    .setHello(Hello.newBuilder().setPid(4711))
                    .build());

            assertThat(answer.first.get(30, TimeUnit.SECONDS))
                    .isEqualTo("4711 seen on server-loop, read on client-loop");
        } finally {
            assertThat(channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(clientLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(30, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(serverLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(30, TimeUnit.SECONDS))
                    .isTrue();
        }
        assertThat(Files.exists(socket)).as("an orderly end removes the socket").isFalse();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theForcedTransportIsTheOneThatIsChosen(Transport wanted) {
        assumeTrue(Epoll.isAvailable(), "there is no epoll here");
        System.setProperty(Transport.PROPERTY, wanted == Transport.EPOLL ? "epoll" : "nio");
        try {
            assertThat(Transport.here()).isEqualTo(wanted);
        } finally {
            System.clearProperty(Transport.PROPERTY);
        }
    }

    @Test
    void aMisspelledTransportIsRefusedByName() {
        System.setProperty(Transport.PROPERTY, "kqueue");
        try {
            assertThatThrownBy(Transport::here).hasMessageContaining("epoll or nio");
        } finally {
            System.clearProperty(Transport.PROPERTY);
        }
    }

    private static final class Greeter extends WorkerLinkGrpc.WorkerLinkImplBase {
        @Override
        public StreamObserver<FromWorker> connect(StreamObserver<ToWorker> answers) {
            return new Ignoring<>() {
                @Override
                public void onNext(FromWorker message) {
                    String proof = message.getHello().getPid() + " seen on " + loopName();
                    answers.onNext(ToWorker.newBuilder()
                            .setWelcome(Welcome.newBuilder().setProof(proof))
                            .build());
                }
            };
        }
    }

    private static final class Answer extends Ignoring<ToWorker> {
        final CompletableFuture<String> first = new CompletableFuture<>();

        @Override
        public void onNext(ToWorker message) {
            first.complete(message.getWelcome().getProof() + ", read on " + loopName());
        }

        @Override
        public void onError(Throwable reason) {
            first.completeExceptionally(reason);
        }
    }

    /** The thread's name without the numbers that netty adds. */
    private static String loopName() {
        return Thread.currentThread().getName().replaceAll("(-[0-9]+)+$", "");
    }

    private abstract static class Ignoring<T> implements StreamObserver<T> {
        @Override
        public void onError(Throwable reason) {}

        @Override
        public void onCompleted() {}
    }
}
