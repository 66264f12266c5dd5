// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.Ticket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@EnumSource(Way.class)
class BrokenWorkerTest {
    private static final ByteString BYTE = ByteString.copyFrom(new byte[1]);

    private final Way way;
    private HubServer hub;
    private RecordingListener broken;
    private RecordingListener healthy;

    /** What no worker says, and what the user is told of it. */
    private record Nonsense(String name, String told, Consumer<ScriptedClient> words) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Nonsense> nonsense() {
        return Stream.of(
                new Nonsense(
                        "no message at all",
                        "cannot be read",
                        client -> client.say(new byte[] {-1, -1, -1, -1, -1, 7, 7})),
                new Nonsense("a message of no kind", "does not know", client -> client.say(new byte[0])),
                new Nonsense(
                        "a kind of the future", "does not know", client -> client.say(new byte[] {(byte) 0xa2, 6, 0})),
                new Nonsense("a second hello", "a second hello", ScriptedClient::hello),
                new Nonsense(
                        "a message above the limit",
                        "RESOURCE_EXHAUSTED: gRPC message exceeds maximum size",
                        client -> client.say(new byte[Protocol.MAX_MESSAGE_BYTES + 1])),
                new Nonsense(
                        "a message of 5 MiB",
                        "RESOURCE_EXHAUSTED: gRPC message exceeds maximum size",
                        client -> client.say(new byte[5 << 20])),
                new Nonsense(
                        "a frame above its limit",
                        "a frame of 1048577 bytes",
                        client -> client.frame(
                                1, 9_000_000, ByteString.copyFrom(new byte[Protocol.MAX_FRAME_BYTES + 1]))),
                new Nonsense("an empty frame", "a frame of 0 bytes", client -> client.frame(1, 5, ByteString.EMPTY)),
                new Nonsense(
                        "a frame beyond its total",
                        "beyond the end",
                        client -> client.frame(1, 3, ByteString.copyFrom(new byte[] {1, 2, 3, 4}))),
                new Nonsense("a negative total", "total of -5", client -> client.frame(1, -5, BYTE)),
                new Nonsense(
                        "an insane total", "total of 1152921504606846976", client -> client.frame(1, 1L << 60, BYTE)),
                new Nonsense("too many payloads", "payload 5", client -> {
                    for (int id = 1; id <= 5; id++) {
                        client.frame(id, 2, BYTE);
                    }
                }),
                new Nonsense("an unknown payload", "names payload 77", client -> client.largeResult(1, 0, 0, 77, 10)),
                new Nonsense("an unfinished payload", "1 of 2", client -> {
                    client.frame(5, 2, BYTE);
                    client.largeResult(1, 0, 0, 5, 2);
                }),
                new Nonsense(
                        "an unknown kind of result", "unknown kind 9", client -> client.largeResult(1, 0, 9, 77, 10)),
                new Nonsense("a negative position", "position -1", client -> client.largeResult(1, -1, 0, 77, 10)),
                new Nonsense("a negative return", "from position -2", client -> client.givenBack(1, -2)),
                new Nonsense("too much progress", "a progress of 1.5", client -> client.progress(1.5, "")),
                new Nonsense("no progress", "a progress of NaN", client -> client.progress(Double.NaN, "")),
                new Nonsense(
                        "a long story",
                        "a text of 4000 bytes",
                        client -> client.progress(0.5, "x".repeat(4 * TaskContext.MOST_PROGRESS_TEXT))),
                new Nonsense("negative credit", "credit of -1", client -> client.credit(-1)),
                new Nonsense("credit for nothing", "credit of 1", client -> client.credit(1)));
    }

    /** What gRPC and Netty say at WARNING and above. */
    private static final class Noise extends Handler implements AutoCloseable {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Logger grpc = Logger.getLogger("io.grpc");

        Noise() {
            grpc.addHandler(this);
        }

        @Override
        public void publish(LogRecord said) {
            if (said.getLevel().intValue() >= Level.WARNING.intValue()) {
                heard.add(said.getLoggerName() + ": " + said.getMessage() + " " + said.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            grpc.removeHandler(this);
        }
    }

    @Test
    void aWorkerThatDiesBeforeAllThatWasSentHasGoneOutIsNotLogged() throws Exception {
        ScriptedClient client = ScriptedClient.welcome(way, broken, 1);
        try (Noise noise = new Noise()) {
            byte[][] items = new byte[100][8000];
            broken.say(port -> {
                port.task(1, new byte[1], 0);
                for (int chunk = 1; chunk <= 8; chunk++) {
                    port.chunk(chunk, 1, List.of(Items.slice(100L * chunk, items)));
                }
            });
            client.close();
            broken.awaitEnd();
            // it is said when the socket's end is seen, which may be later than the stream's
            hub.stop();
            assertThat(noise.heard).isEmpty();
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler")
                    .log(Level.WARNING, "another", new IllegalStateException("on purpose"));
            assertThat(noise.heard).as("what else gRPC has to say").hasSize(1);
        }
    }

    BrokenWorkerTest(Way way) {
        this.way = way;
    }

    @BeforeEach
    void start() {
        hub = way.start();
        broken = new RecordingListener(hub);
        healthy = new RecordingListener(hub);
    }

    @AfterEach
    void stop() {
        hub.stop();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseEndsTheConnectionItCameOnAndNoOther(Nonsense nonsense) throws Exception {
        try (ScriptedClient other = ScriptedClient.welcome(way, healthy);
                ScriptedClient client = ScriptedClient.welcome(way, broken)) {
            nonsense.words.accept(client);

            assertThat(broken.awaitEnd()).contains(nonsense.told);
            assertThat(client.awaitEnd().getCode()).isNotEqualTo(Status.Code.OK);
            assertThat(broken.heard).hasSize(2).allMatch(what -> !what.contains("NOT ON THE LOOP"));
            stillWorks(other);
        }
    }

    @Test
    void aListenerThatFailsCostsItsOwnConnectionOnly() throws Exception {
        try (ScriptedClient other = ScriptedClient.welcome(way, healthy);
                ScriptedClient client = ScriptedClient.welcome(way, broken)) {
            broken.fail();
            client.doorbell();

            assertThat(broken.awaitEnd()).contains("a listener that fails");
            stillWorks(other);
        }
    }

    @Test
    void aWorkerThatVanishesIsReportedOnce() throws Exception {
        ScriptedClient client = ScriptedClient.welcome(way, broken);
        client.close();

        assertThat(broken.awaitEnd()).contains("the stream broke");
        assertThat(broken.heard).hasSize(2);
    }

    @Test
    void aWorkerThatCancelsInTheMiddleOfATransferIsReportedOnce() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, broken, 1)) {
            broken.say(port -> port.task(1, new byte[20 << 20]));
            client.cancel();

            assertThat(broken.awaitEnd()).contains("CANCELLED");
            broken.say(port -> port.task(2, new byte[10]));
            assertThat(broken.heard).hasSize(2);
        }
    }

    @Test
    void aWorkerWhoseTicketIsWithdrawnIsCutOff() throws Exception {
        Ticket ticket = hub.register("codec", List.of(), broken);
        try (ScriptedClient client = new ScriptedClient(way, hub, ticket.shown())) {
            client.hello();
            client.next();
            hub.withdraw(ticket);

            assertThat(broken.awaitEnd()).contains("withdrawn");
            assertThat(client.awaitEnd().getCode()).isEqualTo(Status.Code.CANCELLED);
        }
    }

    @Test
    void theEndOfTheHubIsTheEndOfEveryConnection() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, broken)) {
            hub.stop();

            assertThat(broken.awaitEnd()).contains("UNAVAILABLE");
            assertThat(client.awaitEnd().isOk()).isFalse();
        }
    }

    private void stillWorks(ScriptedClient other) throws Exception {
        other.doorbell();
        healthy.awaitHeard("doorbell");
        healthy.say(port -> port.cancel(1, 2));
        assertThat(other.next().getCancel().getPosition()).isEqualTo(2);
        assertThat(healthy.heard).hasSize(2);
    }
}
