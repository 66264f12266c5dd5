// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the value codec adds to a codec: threads, sessions, slices, failures, memory. */
class ValueCodecTest {
    private static final int MIB = 1 << 20;

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    @Test
    void aSliceOfAnArrayIsDecoded() {
        ValueCodec codec = Samples.fory();
        for (Object value : List.of("text", new Samples.Point(1, 2, "p"), new byte[] {7, 8})) {
            byte[] bytes = codec.encode(value);
            byte[] among = new byte[bytes.length + 20];
            System.arraycopy(bytes, 0, among, 13, bytes.length);
            assertThat(codec.decode(among, 13, bytes.length)).isEqualTo(value);
        }
    }

    @Test
    void manyThreadsUseOneCodec() throws Exception {
        ValueCodec codec = Samples.fory();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int thread = t;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        Object value = List.of(new Samples.Point(i, thread, "p" + thread), i);
                        if (!Samples.roundTrip(codec, value).equals(value)) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Counts its sessions and throws what it is given to encode, if that can be thrown. */
    private static final class Throwing implements Codec {
        private final AtomicInteger opened = new AtomicInteger();

        @Override
        public Session open(ClassLoader loader, Predicate<Class<?>> allowed) {
            opened.incrementAndGet();
            return new Session() {
                @Override
                public byte[] encode(@Nullable Object value) {
                    if (value instanceof Error error) {
                        throw error;
                    }
                    return new byte[] {1};
                }

                @Override
                public @Nullable Object decode(byte[] bytes, int offset, int length) {
                    return bytes[offset] + 10 * length;
                }

                @Override
                public void encode(@Nullable Object value, OutputStream out) throws IOException {
                    out.write(1);
                }

                @Override
                public @Nullable Object decode(InputStream in) throws IOException {
                    return in.read();
                }
            };
        }
    }

    @Test
    void aSessionIsUsedAgainUntilItThrows() {
        Throwing throwing = new Throwing();
        ValueCodec codec = Samples.codec(throwing);
        for (int i = 0; i < 10; i++) {
            byte[] bytes = codec.encode("v");
            assertThat(codec.decode(bytes, 0, bytes.length)).isEqualTo(11);
        }
        assertThat(throwing.opened).hasValue(1);
        assertThatThrownBy(() -> codec.encode(new StackOverflowError())).isInstanceOf(PayloadException.class);
        int afterFailure = throwing.opened.get();
        codec.encode("v");
        assertThat(throwing.opened).hasValue(afterFailure + 1);
    }

    @Test
    void anOutOfMemoryErrorIsThrownAsItIs() {
        OutOfMemoryError outOfMemory = new OutOfMemoryError("test");
        ValueCodec codec = Samples.codec(new Throwing());
        assertThatThrownBy(() -> codec.encode(outOfMemory)).isSameAs(outOfMemory);
        Error wrapped = new LinkageError("wrapped", outOfMemory);
        assertThatThrownBy(() -> codec.encode(wrapped)).isSameAs(outOfMemory);
    }

    @Test
    void whatOutgrowsAnArrayIsToldSoAndIsNoLackOfMemory() {
        Error tooLarge = new LinkageError("wrapped", new TooLargeException(new IllegalArgumentException("inner")));
        assertThatThrownBy(() -> Samples.codec(new Throwing()).encode(tooLarge, "result"))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("result (java.lang.LinkageError) cannot cross")
                .hasMessageContaining("larger than an array can hold (2 GiB)")
                .hasMessageContaining("split it");
    }

    @Test
    void aLargeByteArrayCostsOneCopyEachWay() {
        ValueCodec codec = Samples.fory();
        byte[] large = new byte[64 * MIB];
        large[large.length - 1] = 5;
        byte[][] results = new byte[2][];
        long encoding = allocatedBy(() -> results[0] = codec.encode(large));
        long decoding = allocatedBy(() -> results[1] = (byte[]) codec.decode(results[0], 0, results[0].length));
        assertThat(results[1]).isEqualTo(large);
        System.out.println(
                "64 MiB byte[]: allocated " + encoding / MIB + " MiB to encode, " + decoding / MIB + " MiB to decode");
        assertThat(encoding).isLessThan(65L * MIB);
        assertThat(decoding).isLessThan(65L * MIB);
    }

    @Test
    void aLargeArrayInsideAnObjectCrossesToo() {
        @SuppressWarnings("ArrayRecordComponent") // users write such records
        record Image(String name, byte[] pixels) {}
        ValueCodec codec = Samples.fory();
        Object value = new Image("i", new byte[150 * MIB]);
        Image back = (Image) Samples.roundTrip(codec, value);
        assertThat(back.pixels()).hasSize(150 * MIB);
    }

    @Test
    void aLargeValueLeavesNoLargeBufferBehind() {
        ValueCodec codec = Samples.fory();
        codec.encode(new int[4 * MIB]);
        codec.encode(1);
        System.gc();
        long before = used();
        List<ValueCodec> kept = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ValueCodec each = Samples.fory();
            each.encode(new int[2 * MIB]);
            kept.add(each);
        }
        System.gc();
        assertThat(used() - before).as("8 codecs that encoded 8 MiB each").isLessThan(24L * MIB);
        assertThat(kept).hasSize(8);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void valuesCanBeStreamed(Codec codec) throws IOException {
        Codec.Session session = codec.open(getClass().getClassLoader(), AllowList.everything());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        session.encode(List.of(1, 2), out);
        assertThat(session.decode(new ByteArrayInputStream(out.toByteArray()))).isEqualTo(List.of(1, 2));
        byte[] cut = java.util.Arrays.copyOf(out.toByteArray(), out.size() - 1);
        assertThatThrownBy(() -> session.decode(new ByteArrayInputStream(cut))).isInstanceOf(IOException.class);
    }

    @Test
    void codecsAreMadeByName() {
        ClassLoader loader = getClass().getClassLoader();
        assertThat(Codecs.byClassName(ForyCodec.class.getName(), loader)).isInstanceOf(ForyCodec.class);
        assertThat(Codecs.byClassName(JavaCodec.class.getName(), loader)).isInstanceOf(JavaCodec.class);
        assertThatThrownBy(() -> Codecs.byClassName("no.such.Codec", loader))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no.such.Codec")
                .hasMessageContaining("class path");
        assertThatThrownBy(() -> Codecs.byClassName("java.lang.String", loader))
                .hasMessageContaining("does not implement");
        assertThatThrownBy(() -> Codecs.byClassName(Throwing.class.getName(), loader))
                .hasMessageContaining("public constructor");
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
