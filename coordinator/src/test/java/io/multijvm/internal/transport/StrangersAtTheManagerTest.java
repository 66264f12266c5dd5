// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.shared.ManagerCore;
import io.multijvm.shared.SharedEvent;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.v1.ClientHello;
import io.multijvm.wire.v1.EventSaid;
import io.multijvm.wire.v1.FromClient;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.ObjectCall;
import io.multijvm.wire.v1.OwnersProof;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import io.multijvm.wire.v1.ToClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who does not know the key of a manager can do nothing with its objects, and is not listened to for long. */
@ParameterizedClass
@EnumSource(Way.class)
class StrangersAtTheManagerTest {
    private final Way way;
    private HubServer hub;
    private ManagerCore manager;
    private SharedEvent event;

    StrangersAtTheManagerTest(Way way) {
        this.way = way;
        start(Duration.ofSeconds(30));
    }

    private void start(Duration helloTimeout) {
        hub = way.start(helloTimeout);
        manager = new ManagerCore(new OnLoop(hub), Runnable::run, hub.address().toString(), null, getClass());
        hub.open(manager.home());
        event = (SharedEvent) manager.event();
    }

    @AfterEach
    void stop() {
        manager.close("the test is over");
        hub.stop();
    }

    @Test
    void whoKnowsTheKeyIsServed() throws Exception {
        try (Stranger client = new Stranger(manager.home().number())) {
            OwnersProof owner = client.hello();
            byte[] theirs = owner.getChallenge().toByteArray();
            assertThat(manager.home()
                            .key()
                            .isSignedBy(
                                    ManagerKey.Side.OWNER,
                                    owner.getProof().toByteArray(),
                                    manager.home().number(),
                                    client.challenge,
                                    theirs))
                    .isTrue();
            client.prove(manager.home()
                    .key()
                    .sign(ManagerKey.Side.CLIENT, manager.home().number(), theirs, client.challenge));
            assertThat(client.next().hasAdmitted()).isTrue();
            client.setEvent();
            assertThat(event.await(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void whoNamesNoManagerOrAnotherOneIsTurnedAway() throws Exception {
        for (Long named : new Long[] {null, manager.home().number() + 1}) {
            try (Stranger stranger = new Stranger(named)) {
                stranger.say(FromClient.getDefaultInstance());
                assertThat(stranger.awaitEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            }
        }
    }

    @Test
    void whoDoesNotKnowTheKeyIsTurnedAway() throws Exception {
        try (Stranger stranger = new Stranger(manager.home().number())) {
            OwnersProof owner = stranger.hello();
            stranger.prove(ManagerKey.random()
                    .sign(
                            ManagerKey.Side.CLIENT,
                            manager.home().number(),
                            owner.getChallenge().toByteArray(),
                            stranger.challenge));
            stranger.setEvent();
            isTurnedAway(stranger, Status.Code.UNAUTHENTICATED, "key");
        }
    }

    @Test
    void whatTheOwnerSignedIsNoUseToAStranger() throws Exception {
        try (Stranger stranger = new Stranger(manager.home().number())) {
            stranger.prove(stranger.hello().getProof().toByteArray());
            isTurnedAway(stranger, Status.Code.UNAUTHENTICATED, "key");
        }
    }

    @Test
    void whoAsksBeforeItHasProvenItselfIsTurnedAway() throws Exception {
        try (Stranger stranger = new Stranger(manager.home().number())) {
            stranger.setEvent();
            isTurnedAway(stranger, Status.Code.INVALID_ARGUMENT, "makes no sense");
        }
        try (Stranger stranger = new Stranger(manager.home().number())) {
            OwnersProof unused = stranger.hello();
            stranger.setEvent();
            isTurnedAway(stranger, Status.Code.INVALID_ARGUMENT, "makes no sense");
        }
    }

    @Test
    void whoseEndNobodyHereCouldSeeIsTurnedAway() throws Exception {
        try (Stranger stranger = new Stranger(manager.home().number())) {
            stranger.hello("1-1-elsewhere");
            isTurnedAway(stranger, Status.Code.FAILED_PRECONDITION, "another container");
        }
    }

    @Test
    void whoDoesNotProveItselfInTimeIsCutOff() throws Exception {
        try (Stranger first = new Stranger(manager.home().number())) {
            OwnersProof unused = first.hello(); // to connect takes longest the first time
        }
        stop();
        start(Way.SHORT);
        try (Stranger silent = new Stranger(manager.home().number());
                Stranger greets = new Stranger(manager.home().number())) {
            OwnersProof unused = greets.hello();
            isTurnedAway(silent, Status.Code.DEADLINE_EXCEEDED, "in time");
            isTurnedAway(greets, Status.Code.DEADLINE_EXCEEDED, "in time");
        }
    }

    private void isTurnedAway(Stranger stranger, Status.Code code, String why) throws Exception {
        Status end = stranger.awaitEnd();
        assertThat(end.getCode()).isEqualTo(code);
        assertThat(end.getDescription())
                .contains(why)
                .doesNotContain(manager.home().key().secret());
        assertThat(event.isSet()).as("nothing was done").isFalse();
    }

    /** Whoever finds the socket. */
    private final class Stranger implements AutoCloseable, StreamObserver<ToClient> {
        final byte[] challenge = ManagerKey.challenge();
        private final BlockingQueue<ToClient> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();
        private final EventLoopGroup loop = way.transport.newLoop("stranger");
        private final ManagedChannel channel;
        private final StreamObserver<FromClient> out;

        /** @param named the manager, or null for none */
        Stranger(@Nullable Long named) {
            Metadata headers = new Metadata();
            if (named != null) {
                headers.put(Protocol.MANAGER, Long.toHexString(named));
            }
            channel = way.transport
                    .client(hub.address(), loop)
                    .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .build();
            out = SharedObjectsGrpc.newStub(channel).use(this);
        }

        void say(FromClient message) {
            out.onNext(message);
        }

        OwnersProof hello() throws InterruptedException {
            hello(ProcessStamp.ofThisProcess().toString());
            return next().getOwnersProof();
        }

        void hello(String process) {
            say(FromClient.newBuilder()
                    .setHello(ClientHello.newBuilder()
                            .setProtocol(Protocol.VERSION)
                            .setProcess(process)
                            .setName("a stranger")
                            .setChallenge(ByteString.copyFrom(challenge)))
                    .build());
        }

        void prove(byte[] proof) {
            say(FromClient.newBuilder().setProof(ByteString.copyFrom(proof)).build());
        }

        /** The first object of the manager. */
        void setEvent() {
            say(FromClient.newBuilder()
                    .setCall(ObjectCall.newBuilder()
                            .setObject(1)
                            .setTicket(1)
                            .setEvent(EventSaid.newBuilder().setSet(Nothing.getDefaultInstance())))
                    .build());
        }

        ToClient next() throws InterruptedException {
            ToClient message = heard.poll(30, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing came; the call's end: " + end.getNow(Status.OK));
            }
            return message;
        }

        Status awaitEnd() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(ToClient message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable t) {
            end.complete(Status.fromThrowable(t));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        @Override
        public void close() {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    /** The hub's loop, as a manager sees it. */
    private record OnLoop(HubServer hub) implements EventLoop {
        @Override
        public void execute(Runnable action) {
            hub.loop().execute(action);
        }

        @Override
        public Timer schedule(Runnable action, Duration delay) {
            var scheduled = hub.loop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public boolean inLoop() {
            return hub.loop().inEventLoop();
        }
    }
}
