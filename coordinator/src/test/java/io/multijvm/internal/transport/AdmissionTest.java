// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import io.multijvm.wire.v1.Welcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class AdmissionTest {
    private final Way way;
    private HubServer hub;
    private RecordingListener listener;

    AdmissionTest(Way way) {
        this.way = way;
    }

    @BeforeEach
    void start() {
        hub = way.start();
        listener = new RecordingListener(hub);
    }

    @AfterEach
    void stop() {
        hub.stop();
    }

    @Test
    void aClientWithItsTicketIsWelcomedWithTheProofAndWhatItNeedsToKnow() throws Exception {
        Ticket ticket = hub.register("io.example.MyCodec", List.of("/a.jar", "/b"), listener);
        try (ScriptedClient client = new ScriptedClient(way, hub, ticket.shown())) {
            client.hello();

            Welcome welcome = client.next().getWelcome();
            assertThat(ticket.provenBy(welcome.getProof())).isTrue();
            assertThat(welcome.getProtocol()).isEqualTo(Protocol.VERSION);
            assertThat(welcome.getCodec()).isEqualTo("io.example.MyCodec");
            assertThat(welcome.getJobPathList()).containsExactly("/a.jar", "/b");
            listener.awaitHeard("connected 4711 17.0.1 1048576");
        }
        listener.awaitEnd();
        assertThat(listener.heard).hasSize(2);
    }

    @Test
    void aClientWithoutATicketIsTurnedAway() throws Exception {
        hub.register("codec", List.of(), listener);
        isTurnedAway(null, "no ticket was shown");
    }

    @Test
    void aClientWithATicketThatIsNoneIsTurnedAway() throws Exception {
        hub.register("codec", List.of(), listener);
        for (String shown :
                List.of("x", ":", "1", "1:", "-1:00", "99999999999999999999999:00", "9:" + "0".repeat(64))) {
            isTurnedAway(shown, "ticket");
        }
    }

    @Test
    void aClientThatGuessesTheSecretIsTurnedAway() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        isTurnedAway(ticket.client() + ":" + "0".repeat(64), "not the one that was issued");
    }

    @Test
    void aClientWithTheSecretOfAnotherIsTurnedAway() throws Exception {
        Ticket mine = hub.register("codec", List.of(), listener);
        Ticket other = hub.register("codec", List.of(), listener);
        isTurnedAway(mine.client() + ":" + other.secret(), "not the one that was issued");
    }

    @Test
    void aTicketOfAnotherHubIsWorthless() throws Exception {
        HubServer another = way.start();
        try {
            Ticket foreign = another.register("codec", List.of(), listener);
            hub.register("codec", List.of(), listener);
            isTurnedAway(foreign.shown(), "ticket");
        } finally {
            another.stop();
        }
    }

    @Test
    void aWithdrawnTicketIsWorthless() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        hub.withdraw(ticket);
        isTurnedAway(ticket.shown(), "withdrawn");
    }

    @Test
    void aTicketAdmitsOneConnectionAndTheFirstOneDoesNotNoticeTheSecond() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        try (ScriptedClient first = new ScriptedClient(way, hub, ticket.shown())) {
            first.hello();
            first.next();
            try (ScriptedClient second = new ScriptedClient(way, hub, ticket.shown())) {
                second.hello();
                assertThat(second.awaitEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
                assertThat(second.awaitEnd().getDescription()).contains("used already");
            }
            first.doorbell();
            listener.awaitHeard("doorbell");
        }
    }

    @Test
    void aTicketStaysUsedWhenItsConnectionHasEnded() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        try (ScriptedClient first = new ScriptedClient(way, hub, ticket.shown())) {
            first.hello();
            first.next();
        }
        listener.awaitEnd();
        try (ScriptedClient second = new ScriptedClient(way, hub, ticket.shown())) {
            second.hello();
            assertThat(second.awaitEnd().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void aWorkerOfAnotherVersionIsRefusedInWordsThatNameBothVersions() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        try (ScriptedClient client = new ScriptedClient(way, hub, ticket.shown())) {
            client.hello(99);

            Status status = client.awaitEnd();
            assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(status.getDescription())
                    .contains("speaks protocol 99", "coordinator protocol " + Protocol.VERSION)
                    .contains("class path holds another multijvm jar");
            listener.awaitEnd();
            assertThat(listener.heard)
                    .containsExactly("refused " + status.getDescription(), "disconnected " + status.getDescription());
        }
    }

    @Test
    void whoSaysAnythingBeforeItsHelloIsCutOff() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), listener);
        try (ScriptedClient client = new ScriptedClient(way, hub, ticket.shown())) {
            client.doorbell();

            assertThat(client.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(listener.awaitEnd()).contains("DOORBELL before its hello");
            assertThat(listener.heard).hasSize(1);
        }
    }

    @Test
    void whoSaysNoHelloIsCutOff() throws Exception {
        HubServer impatient = impatientHub();
        try {
            Ticket ticket = impatient.register("codec", List.of(), listener);
            try (ScriptedClient client = new ScriptedClient(way, impatient, ticket.shown())) {
                assertThat(client.awaitEnd().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                assertThat(listener.awaitEnd()).contains("did not say hello within " + Way.SHORT.toMillis() + " ms");
            }
        } finally {
            impatient.stop();
        }
    }

    @Test
    void whoSaidHelloIsNotCutOffByTheTimeForHellos() throws Exception {
        HubServer impatient = impatientHub();
        try {
            Ticket ticket = impatient.register("codec", List.of(), listener);
            try (ScriptedClient client = new ScriptedClient(way, impatient, ticket.shown())) {
                client.hello();
                client.next();
                // what was to be done at the end of its time for hellos was done before this
                CountDownLatch later = new CountDownLatch(1);
                var unused = impatient.loop().schedule(later::countDown, Way.SHORT.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
                client.doorbell();
                client.bye("done");
                client.halfClose();
                assertThat(listener.awaitEnd()).contains("goodbye: done");
                assertThat(listener.heard).contains("doorbell");
            }
        } finally {
            impatient.stop();
        }
    }

    /** One that gives little time to connect, which takes longest the first time: so somebody has done it before. */
    private HubServer impatientHub() throws Exception {
        isTurnedAway(null, "no ticket was shown");
        HubServer impatient = way.start(Way.SHORT);
        listener = new RecordingListener(impatient);
        return impatient;
    }

    private void isTurnedAway(@Nullable String shown, String why) throws Exception {
        try (ScriptedClient client = new ScriptedClient(way, hub, shown)) {
            client.hello();

            Status status = client.awaitEnd();
            assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(status.getDescription()).contains(why);
            assertThat(client.heard).isEmpty();
            assertThat(listener.heard).isEmpty();
        }
    }
}
