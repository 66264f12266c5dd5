// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static io.multijvm.testkit.RawHttp2.CONTINUATION;
import static io.multijvm.testkit.RawHttp2.DATA;
import static io.multijvm.testkit.RawHttp2.END_HEADERS;
import static io.multijvm.testkit.RawHttp2.END_STREAM;
import static io.multijvm.testkit.RawHttp2.HEADERS;
import static io.multijvm.testkit.RawHttp2.PADDED;
import static io.multijvm.testkit.RawHttp2.PING;
import static io.multijvm.testkit.RawHttp2.PRIORITY;
import static io.multijvm.testkit.RawHttp2.PUSH_PROMISE;
import static io.multijvm.testkit.RawHttp2.RST_STREAM;
import static io.multijvm.testkit.RawHttp2.SETTINGS;
import static io.multijvm.testkit.RawHttp2.WINDOW_UPDATE;
import static io.multijvm.testkit.RawHttp2.frame;
import static io.multijvm.testkit.RawHttp2.headers;
import static io.multijvm.testkit.RawHttp2.join;
import static io.multijvm.testkit.RawHttp2.message;
import static io.multijvm.testkit.RawHttp2.preface;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.shared.SharedMap;
import io.multijvm.testkit.LogLines;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.RawHttp2;
import io.multijvm.testkit.RemotePrograms;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.SharedObjectsGrpc;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whoever finds the address of a manager that is served, and does not know its key, can do it no harm. */
@PromiseTest
class StrangersAtAnAddressTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final String[] CALL = {
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        "/" + SharedObjectsGrpc.getUseMethod().getFullMethodName(),
        ":authority",
        "localhost",
        "content-type",
        "application/grpc",
        "te",
        "trailers",
        Protocol.MANAGER.name(),
        Protocol.SERVED_MANAGER
    };

    private static byte[] call(String... more) {
        return frame(HEADERS, END_HEADERS, 1, join(headers(CALL), headers(more)));
    }

    private static byte[] callBut(int place, String instead) {
        String[] changed = CALL.clone();
        changed[place] = instead;
        return frame(HEADERS, END_HEADERS, 1, headers(changed));
    }

    private static Map<String, byte[]> nonsense() {
        byte[] noise = new byte[4_000];
        new Random(7).nextBytes(noise);
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("headers that are none", frame(HEADERS, END_HEADERS, 1, noise));
        all.put("a request without a method", frame(HEADERS, END_HEADERS, 1, headers("a", "b")));
        all.put(
                "a header before the pseudo headers",
                frame(HEADERS, END_HEADERS, 1, join(headers("a", "b"), headers(CALL))));
        all.put("a name in capitals", call("A", "b"));
        all.put("a pseudo header of an answer", call(":status", "200"));
        all.put("a connection header", call("connection", "close"));
        all.put("a method that is not POST", callBut(1, "GET"));
        all.put("a path without a slash", callBut(5, "nowhere"));
        all.put("no such method", callBut(5, "/no/such"));
        all.put("another content", callBut(9, "text/html"));
        all.put("a length that lies", call("content-length", "-5"));
        all.put("two lengths", call("content-length", "5", "content-length", "6"));
        all.put("an encoding that nobody knows", call("grpc-encoding", "noise"));
        all.put("a time that is none", call("grpc-timeout", "noise"));
        all.put("binary that is none", call("x-bin", "%%%"));
        all.put("an even stream", frame(HEADERS, END_HEADERS, 2, headers(CALL)));
        all.put("a call that ends at once", frame(HEADERS, END_HEADERS | END_STREAM, 1, headers(CALL)));
        all.put("headers twice", join(call(), call()));
        all.put("headers without an end", join(frame(HEADERS, 0, 1, headers(CALL)), frame(DATA, 0, 1)));
        all.put("a continuation of nothing", frame(CONTINUATION, END_HEADERS, 1, headers(CALL)));
        all.put("a padding that is longer than all", join(call(), frame(DATA, PADDED, 1, (byte) 9, (byte) 1)));
        all.put("data of no stream", frame(DATA, 0, 7, noise));
        all.put("a window of nothing", join(call(), frame(WINDOW_UPDATE, 0, 1, new byte[4])));
        all.put(
                "a window that is too large",
                join(call(), frame(WINDOW_UPDATE, 0, 1, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1)));
        all.put(
                "a window of all that is too large",
                frame(WINDOW_UPDATE, 0, 0, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1));
        all.put("an end of no stream", frame(RST_STREAM, 0, 7, new byte[4]));
        all.put("an end that is too short", join(call(), frame(RST_STREAM, 0, 1, new byte[1])));
        all.put("a call that is taken back", join(call(), frame(RST_STREAM, 0, 1, new byte[4])));
        all.put("data after the end", join(call(), frame(DATA, END_STREAM, 1), frame(DATA, 0, 1, noise)));
        all.put("settings that are none", frame(SETTINGS, 0, 0, new byte[5]));
        all.put("a promise of a client", frame(PUSH_PROMISE, END_HEADERS, 1, new byte[4]));
        all.put("a stream that waits for itself", join(call(), frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 1, 0})));
        all.put("a ping that is too short", frame(PING, 0, 0, new byte[1]));
        all.put("a kind of frame that nobody knows", frame(99, 255, 1, noise));
        all.put("a message with flags", join(call(), frame(DATA, 0, 1, message(0x7f, 1, (byte) 1))));
        all.put("a message that is too long", join(call(), frame(DATA, 0, 1, message(0, 1 << 30, noise))));
        all.put("a message of negative length", join(call(), frame(DATA, 0, 1, message(0, -1, noise))));
        all.put(
                "a message that is compressed, nobody says how",
                join(call(), frame(DATA, 0, 1, message(1, 9, new byte[9]))));
        all.put(
                "a message that is not compressed",
                join(call("grpc-encoding", "gzip"), frame(DATA, 0, 1, message(1, 9, new byte[9]))));
        all.put("a message that is none", join(call(), frame(DATA, 0, 1, message(0, noise.length, noise))));
        all.put("a message that says nothing", join(call(), frame(DATA, 0, 1, message(0, 0))));
        all.put("half a message, and the end", join(call(), frame(DATA, END_STREAM, 1, message(0, 99, (byte) 1))));
        return all;
    }

    /** A chunk of netty's, and no more than that. */
    private static final long MOST_BYTES = 12 << 20;

    private static final int STRANGERS = 128;
    private static final int PART_BYTES = 16_000;
    private static final int PARTS = 64;
    private static final int STILL_HEARD_BYTES = 10_000;

    /** What netty has taken of the memory that is not on the heap; the JVM counts it or does not, by how that is taken. */
    private static long nettysBytes() {
        long counted = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Math.max(counted, PlatformDependent.usedDirectMemory());
    }

    @Test
    void halfMessagesOfStrangersTakeLittleMemory() throws Exception {
        List<RawHttp2> strangers = new ArrayList<>();
        try (Manager manager = Manager.serve(ANY_PORT, RemotePrograms.KEY)) {
            long before = nettysBytes();
            int length = STILL_HEARD_BYTES + PARTS * PART_BYTES + 1; // one byte never comes
            for (int i = 0; i < STRANGERS; i++) {
                RawHttp2 stranger = new RawHttp2(manager.address());
                strangers.add(stranger);
                stranger.say(
                        join(preface(), call(), frame(DATA, 0, 1, message(0, length, new byte[STILL_HEARD_BYTES]))));
                assertThat(stranger.isHeard()).isTrue();
            }
            assertThat(nettysBytes() - before).isLessThan(MOST_BYTES);
            int stay = 0;
            for (RawHttp2 stranger : strangers) {
                stay += saysTheRest(stranger) ? 1 : 0;
            }
            assertThat(nettysBytes() - before).isLessThan(MOST_BYTES);
            assertThat(stay).isZero();
            SharedMap<String, byte[]> map = manager.map();
            try (Pool pool = Pool.processes(1)) {
                int had = pool.apply(() -> {
                    map.put("large", new byte[length]);
                    return Objects.requireNonNull(map.get("large")).length;
                });
                assertThat(had).as("who has proved itself may say more").isEqualTo(length);
            }
        } finally {
            for (RawHttp2 stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static boolean saysTheRest(RawHttp2 stranger) throws IOException {
        try {
            for (int part = 0; part < PARTS; part++) {
                stranger.say(frame(DATA, 0, 1, new byte[PART_BYTES]));
            }
        } catch (SocketException e) {
            return false; // it was cut off
        }
        return stranger.isHeard();
    }

    @Test
    void nonsenseFillsNoLog() throws Exception {
        try (LogLines log = LogLines.of("io");
                Manager manager = Manager.serve(ANY_PORT, RemotePrograms.KEY)) {
            for (Map.Entry<String, byte[]> each : nonsense().entrySet()) {
                try (RawHttp2 stranger = new RawHttp2(manager.address())) {
                    stranger.say(join(preface(), each.getValue()));
                    boolean unused = stranger.isHeard();
                }
                assertThat(log.lines()).as(each.getKey()).isEmpty();
            }
            for (String other : new String[] {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0002", "SSH-2.0-x\r\n"}) {
                try (RawHttp2 stranger = new RawHttp2(manager.address())) {
                    stranger.say(other.getBytes(US_ASCII));
                    assertThat(stranger.isHeard()).isFalse();
                }
            }
            assertThat(log.lines()).isEmpty();
        }
    }
}
