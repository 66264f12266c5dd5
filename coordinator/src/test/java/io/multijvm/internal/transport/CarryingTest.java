// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.ToWorker;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class CarryingTest {
    private static final int FORTY_MIB = 40 << 20;
    private static final byte[] LARGE = Items.random(FORTY_MIB);

    private final Way way;
    private HubServer hub;
    private RecordingListener listener;

    CarryingTest(Way way) {
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
    void fortyMebibytesReachAWorkerThatReadsOneMessageAtATime() throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (ScriptedClient client = ScriptedClient.welcome(way, listener, 1)) {
            listener.say(port -> port.task(7, LARGE));
            long outstanding = 0;
            long mostOutstanding = 0;
            while (received.size() < FORTY_MIB) {
                client.read(1);
                ByteString data = client.next().getFrame().getData();
                data.writeTo(received);
                outstanding += data.size();
                mostOutstanding = Math.max(mostOutstanding, outstanding);
                if (outstanding > Protocol.INITIAL_CREDIT_BYTES - Protocol.SMALL_FRAME_BYTES) {
                    client.credit(outstanding);
                    outstanding = 0;
                }
            }
            client.read(1);
            assertThat(client.next().getTask().getFunction().getCarried().getLength())
                    .isEqualTo(FORTY_MIB);
            assertThat(Arrays.equals(received.toByteArray(), LARGE)).isTrue();
            assertThat(mostOutstanding).isLessThanOrEqualTo(Protocol.INITIAL_CREDIT_BYTES);
        }
    }

    @Test
    void aWorkerThatReadsNothingCostsNoMoreMemoryThanTheWindow() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, listener, 1)) {
            long before = PlatformDependent.usedDirectMemory();
            listener.say(port -> {
                for (int i = 0; i < 10_000; i++) {
                    port.chunk(i, 0, List.of(Items.slice(i, new byte[10_000])));
                }
            });
            // the worker's own window is 4 MiB, and its frames lie in this JVM too
            long window = 2L * Protocol.INITIAL_CREDIT_BYTES + (8 << 20);
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> PlatformDependent.usedDirectMemory() - before < window);
            assertThat(before).isPositive();

            client.read(Integer.MAX_VALUE);
            int chunks = 0;
            while (chunks < 10_000) {
                chunks += client.next().getChunks().getChunkCount();
            }
        }
    }

    @Test
    void aWorkerThatGrantsNothingGetsTheFirstCreditOnlyAndStillHearsControl() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
            listener.say(port -> {
                port.task(7, new byte[FORTY_MIB]);
                port.chunk(70, 7, List.of(Items.slice(0, new byte[] {1})));
            });
            long frames = 0;
            while (frames < Protocol.INITIAL_CREDIT_BYTES) {
                frames += client.next().getFrame().getData().size();
            }
            listener.say(port -> port.cancel(60, 2));

            assertThat(frames).isEqualTo(Protocol.INITIAL_CREDIT_BYTES);
            assertThat(client.next().getCancel().getChunkId()).isEqualTo(60);
            assertThat(client.heard).isEmpty();
        }
    }

    @Test
    void fortyMebibytesComeBackFromAWorkerThatKeepsToItsCredit() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
            int credit = Protocol.INITIAL_CREDIT_BYTES;
            int sent = 0;
            while (sent < LARGE.length) {
                int size = Math.min(Math.min(Protocol.MAX_FRAME_BYTES, credit), LARGE.length - sent);
                if (size > 0) {
                    client.frame(1, LARGE.length, ByteString.copyFrom(LARGE, sent, size));
                    sent += size;
                    credit -= size;
                } else {
                    credit += (int) client.next().getCredit().getBytes();
                }
            }
            client.largeResult(5, 3, 0, 1, LARGE.length);
            while (credit < Protocol.INITIAL_CREDIT_BYTES) {
                credit += (int) client.next().getCredit().getBytes();
            }

            assertThat(Arrays.equals(listener.large.get(30, TimeUnit.SECONDS), LARGE))
                    .isTrue();
            listener.awaitHeard("large 5 3 VALUE 12");
            assertThat(credit).isEqualTo(Protocol.INITIAL_CREDIT_BYTES);
        }
    }

    @Test
    void chunksOfAllSizesArriveInOrderAndWhole() throws Exception {
        List<byte[][]> chunks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            chunks.add(new byte[][] {Items.random(i * 37), Items.random(i % 20 == 0 ? 300_000 : 1), Items.random(i)});
        }
        try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
            listener.say(port -> {
                for (int i = 0; i < chunks.size(); i++) {
                    port.chunk(i, 1, List.of(Items.slice(3L * i, chunks.get(i))));
                }
            });
            List<ToWorker> messages = new ArrayList<>();
            int seen = 0;
            while (seen < chunks.size()) {
                ToWorker message = client.next();
                messages.add(message);
                if (message.hasFrame()) {
                    client.credit(message.getFrame().getData().size());
                    continue;
                }
                Map<Long, byte[]> payloads = Items.payloads(messages);
                for (var chunk : message.getChunks().getChunkList()) {
                    assertThat(chunk.getChunkId()).isEqualTo(seen);
                    assertThat(chunk.getFirstIndex()).isEqualTo(3L * seen);
                    assertThat(Items.unpack(chunk, payloads)).containsExactly(chunks.get(seen));
                    seen++;
                }
            }
        }
    }

    @Test
    void tenThousandTinyChunksCrossInFarFewerMessages() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
            listener.say(port -> {
                for (int i = 0; i < 10_000; i++) {
                    port.chunk(i, 1, List.of(Items.slice(i, new byte[] {1})));
                }
            });
            int messages = 0;
            for (int chunks = 0; chunks < 10_000; messages++) {
                chunks += client.next().getChunks().getChunkCount();
            }
            assertThat(messages).isLessThan(20);
        }
    }

    @Test
    void whatAWorkerSaysIsHeardInOrderOnTheLoop() throws Exception {
        try (ScriptedClient client = ScriptedClient.welcome(way, listener)) {
            client.doorbell();
            client.givenBack(9, 4);
            client.frame(1, 3, ByteString.copyFrom(new byte[] {1, 2, 3}));
            client.largeResult(9, 1, 1, 1, 3);
            client.bye("enough");
            client.halfClose();

            assertThat(listener.awaitEnd()).contains("enough");
            assertThat(listener.heard)
                    .containsExactly(
                            "connected 4711 17.0.1 1048576",
                            "doorbell",
                            "given back 9 4",
                            "large 9 1 FAILURE 12",
                            "disconnected it said goodbye: enough");
        }
    }
}
