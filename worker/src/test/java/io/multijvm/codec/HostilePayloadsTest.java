// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.Codec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectStreamConstants;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a broken or hostile worker may send to burn its coordinator's time or memory: it is refused, or decoded where nothing
 * is wrong with it, soon and for an amount of memory that has to do with its size. Memory is what the decoding thread
 * allocated, whether or not it was collected since.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePayloadsTest {
    private static final long MOST_BYTES = 32L << 20;
    /** Sets in sets are hashed, level by level, until the budget is used up: what iterates over them is garbage at once. */
    private static final long MOST_GARBAGE = 2L << 30;

    /** Not serialisable, or not allowed in Java's form. */
    private static final Set<String> NOT_BY_JAVA = Set.of("entries in a set", "lists in a concurrent set");

    private static final int DEEP = 200_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes, and the codec that is to decode them. */
    private record Row(String name, Codec codec, Supplier<byte[]> bytes) {
        static Row of(String name, Codec codec, Supplier<Object> value) {
            return new Row(name, codec, () -> valuesOf(codec).encode(value.get()));
        }

        @Override
        public String toString() {
            return name + " by " + codec.getClass().getSimpleName();
        }
    }

    /** What became of bytes, and what that took. */
    private record Decoding(
            @Nullable Object value, @Nullable Throwable thrown, double seconds, long allocated) {}

    private static ValueCodec valuesOf(Codec codec) {
        return new ValueCodec(
                codec,
                HostilePayloadsTest.class.getClassLoader(),
                AllowList.forTask(HostilePayloadsTest.class, List.of()));
    }

    private static Decoding decode(Codec codec, byte[] bytes) {
        ValueCodec values = valuesOf(codec);
        values.decode(values.encode("a session is made"), 0, values.encode("a session is made").length);
        Object[] value = new Object[1];
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long begin = System.nanoTime();
        Throwable thrown = catchThrowable(() -> value[0] = values.decode(bytes, 0, bytes.length));
        double seconds = (System.nanoTime() - begin) / 1e9;
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        return new Decoding(value[0], thrown, seconds, allocated);
    }

    private static Decoding decode(Row row) {
        byte[] bytes = row.bytes.get();
        Decoding decoding = decode(row.codec, bytes);
        System.out.printf(
                "%-50s %,9d bytes: %s, %.2f s, %,d KiB allocated%n",
                row,
                bytes.length,
                decoding.thrown == null ? "decoded" : "refused",
                decoding.seconds,
                decoding.allocated >> 10);
        return decoding;
    }

    static Stream<Row> endlessHashes() {
        return Stream.of(new ForyCodec(), new JavaCodec())
                .flatMap(codec -> EndlessHashes.all().entrySet().stream()
                        .filter(value -> codec instanceof ForyCodec || !NOT_BY_JAVA.contains(value.getKey()))
                        .map(value -> Row.of(value.getKey(), codec, value.getValue())));
    }

    @ParameterizedTest
    @MethodSource("endlessHashes")
    void aTableThatCouldNeverBeFilledIsRefused(Row row) {
        Decoding decoding = decode(row);
        assertThat(decoding.thrown)
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("hashing them would never end")
                .hasMessageContaining("use ids as keys");
        assertThat(decoding.allocated).isLessThan(row.name.contains("sets in sets") ? MOST_GARBAGE : MOST_BYTES);
    }

    @SuppressWarnings("JdkObsolete") // the old table has its own way of being read
    static Stream<Row> harmless() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        Map<String, Object> parent = new HashMap<>(Map.of("name", "parent"));
        parent.put("child", new HashMap<>(Map.of("parent", parent)));
        Properties properties = new Properties(new Properties());
        properties.setProperty("of its own", "1");
        Row cycle = Row.of("a map whose child knows it", new ForyCodec(), () -> parent);
        return Stream.concat(
                Stream.of(cycle),
                Stream.of(new ForyCodec(), new JavaCodec())
                        .flatMap(codec -> Stream.of(
                                Row.of("a list that holds itself", codec, () -> itself),
                                Row.of("lists that would be endless as keys", codec, EndlessHashes::wide),
                                Row.of("keys in keys", codec, HostilePayloadsTest::keysInKeys),
                                Row.of("100,000 lists as keys", codec, HostilePayloadsTest::manyKeys),
                                Row.of("a user's table", codec, HostilePayloadsTest::usersTable),
                                Row.of("an old table", codec, () -> new Hashtable<>(Map.of(List.of(1), "one"))),
                                Row.of("properties", codec, () -> properties))));
    }

    private static Object keysInKeys() {
        Object key = "the lowest";
        for (int i = 0; i < 8; i++) {
            key = new HashSet<>(Arrays.asList(i, key, Map.of(List.of(key), i)));
        }
        return Map.of(Set.of(Set.of(List.of(1, 2)), Map.of(List.of(3), 4)), 5, key, 6);
    }

    private static Object usersTable() {
        EndlessHashes.OwnSet set = new EndlessHashes.OwnSet();
        set.addAll(List.of("one", List.of(2)));
        return set;
    }

    private static Object manyKeys() {
        Map<Object, Object> map = new HashMap<>();
        List<String> shared = new ArrayList<>(List.of("one", "two"));
        IntStream.range(0, 100_000).forEach(i -> map.put(new ArrayList<>(List.of(i, "shared")), shared));
        return map;
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void whatOnlyLooksLikeThatIsDecoded(Row row) {
        Decoding decoding = decode(row);
        assertThat(decoding.thrown).isNull();
        byte[] bytes = row.bytes.get();
        ClassLoader loader = HostilePayloadsTest.class.getClassLoader();
        Object unweighed = new ValueCodec(row.codec, loader, AllowList.everything()).decode(bytes, 0, bytes.length);
        assertThat(decoding.value).hasSameClassAs(unweighed);
        if (!row.name.matches(".*(itself|knows it|endless).*")) { // which nobody can compare
            assertThat(decoding.value).isEqualTo(unweighed);
        }
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static Supplier<byte[]> javaStream(Body body) {
        return () -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(1); // the tag of Java serialisation
            DataOutputStream out = new DataOutputStream(bytes);
            try {
                out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
                out.writeShort(ObjectStreamConstants.STREAM_VERSION);
                body.write(out);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return bytes.toByteArray();
        };
    }

    private static void arrayClass(DataOutputStream out, String name, long version) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_ARRAY);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(name);
        out.writeLong(version);
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
    }

    private static void manyLongs(DataOutputStream out) throws IOException {
        arrayClass(out, "[J", 0x782004B512B17593L);
        out.writeInt(Integer.MAX_VALUE);
    }

    private static void longString(DataOutputStream out) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_LONGSTRING);
        out.writeLong(1L << 62);
    }

    private static void deepArrays(DataOutputStream out) throws IOException {
        arrayClass(out, "[Ljava.lang.Object;", 0x90CE589F1073296CL);
        for (int i = 0; i < DEEP; i++) {
            out.writeInt(1);
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            out.writeByte(ObjectStreamConstants.TC_REFERENCE);
            out.writeInt(ObjectStreamConstants.baseWireHandle);
        }
    }

    /** What encodes such a chain would not get so far, so the bytes of one link are repeated. */
    private static byte[] deepLists() {
        ValueCodec fory = valuesOf(new ForyCodec());
        byte[] two = fory.encode(new ArrayList<>(List.of(new ArrayList<>(List.of(new ArrayList<>())))));
        byte[] three = fory.encode(
                new ArrayList<>(List.of(new ArrayList<>(List.of(new ArrayList<>(List.of(new ArrayList<>())))))));
        int link = three.length - two.length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(two, 0, 1 + link);
        for (int i = 0; i < DEEP; i++) {
            bytes.write(three, 1 + link, link);
        }
        return bytes.toByteArray();
    }

    static Stream<Row> bombs() {
        return Stream.of(
                new Row("2^31-1 longs, and none is there", new JavaCodec(), javaStream(HostilePayloadsTest::manyLongs)),
                new Row("a string of 2^62 bytes", new JavaCodec(), javaStream(HostilePayloadsTest::longString)),
                new Row("arrays, " + DEEP + " deep", new JavaCodec(), javaStream(HostilePayloadsTest::deepArrays)),
                new Row("lists, " + DEEP + " deep", new ForyCodec(), HostilePayloadsTest::deepLists));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void depthAndSizesThatAreNotThereAreRefused(Row row) {
        Decoding decoding = decode(row);
        assertThat(decoding.thrown).isInstanceOf(PayloadException.class);
        assertThat(decoding.allocated).isLessThan(MOST_BYTES);
    }

    @Test
    void whereverASizeLiesNoMemoryIsTakenForIt() {
        List<Object> sized = List.of(
                new ArrayList<>(Collections.nCopies(50, 1)),
                new HashSet<>(IntStream.range(0, 50).boxed().toList()),
                new HashMap<>(Map.of(List.of(1, 2), "x".repeat(50))),
                new ArrayDeque<>(Collections.nCopies(50, "two")),
                new long[50],
                new String[50],
                new EndlessHashes.Pair(new int[20], new Object[] {new byte[30], "text"}));
        int tried = 0;
        long most = 0;
        for (Object value : sized) {
            byte[] good = valuesOf(new ForyCodec()).encode(value);
            for (int at = 1; at < good.length; at++) {
                // a size of 2^31-1 as Fory writes numbers, in the place of whatever stood there
                byte[] lying = Arrays.copyOf(good, good.length + 4);
                System.arraycopy(new byte[] {-1, -1, -1, -1, 7}, 0, lying, at, 5);
                System.arraycopy(good, at + 1, lying, at + 5, good.length - at - 1);
                Decoding decoding = decode(new ForyCodec(), lying);
                if (decoding.thrown != null) {
                    assertThat(decoding.thrown).isInstanceOf(PayloadException.class);
                }
                most = Math.max(most, decoding.allocated);
                tried++;
            }
        }
        System.out.printf("%d sizes that lie: %,d KiB allocated for one at most%n", tried, most >> 10);
        assertThat(tried).isGreaterThan(500);
        assertThat(most).isLessThan(MOST_BYTES);
    }
}
