// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Args;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which values cross, and that they come back equal. */
class RoundTripTest {

    /** Java serialisation carries all of them but these, which are not Serializable. */
    private static final Set<String> NOT_BY_JAVA = Set.of(
            "Path",
            "Optional",
            "OptionalInt",
            "record, not Serializable",
            "list of records, not Serializable",
            "subList",
            "two arguments");

    private final ValueCodec fory = Samples.fory();

    record Sample(String kind, Object value) {
        @Override
        public String toString() {
            return kind;
        }
    }

    static Stream<Sample> valuesWithEquality() {
        Samples.Point point = new Samples.Point(1, 2.5, "p");
        return Stream.of(
                new Sample("Integer", 42),
                new Sample("Long", Long.MIN_VALUE),
                new Sample("Double", -2.5),
                new Sample("Character", 'ß'),
                new Sample("Boolean", true),
                new Sample("Byte", (byte) -1),
                new Sample("String", "Grüße, 世界, \ud83d\ude00"),
                new Sample("empty String", ""),
                new Sample("BigDecimal", new BigDecimal("123456789.000001")),
                new Sample("BigInteger", BigInteger.TWO.pow(200)),
                new Sample("UUID", new UUID(1, 2)),
                new Sample("URI", URI.create("http://localhost/a?b#c")),
                new Sample("Locale", Locale.GERMANY),
                new Sample("Path", Path.of("some", "file")),
                new Sample("LocalDate", LocalDate.of(2024, 2, 29)),
                new Sample("Instant", Instant.ofEpochSecond(1, 2)),
                new Sample("Duration", Duration.ofNanos(5)),
                new Sample("ZonedDateTime", ZonedDateTime.of(2024, 1, 1, 1, 1, 1, 1, ZoneId.of("Europe/Berlin"))),
                new Sample("enum", TimeUnit.DAYS),
                new Sample("enum with a body", Samples.Operation.PLUS),
                new Sample("EnumSet", EnumSet.of(Samples.Operation.MINUS)),
                new Sample("EnumMap", new EnumMap<>(Map.of(Samples.Operation.PLUS, 1))),
                new Sample("record", point),
                new Sample("record, not Serializable", new Samples.NotSerialisable("n", new int[] {1}, List.of(point))),
                new Sample("two arguments", Args.of(1, "b")),
                new Sample("Optional", Optional.of(point)),
                new Sample("OptionalInt", OptionalInt.of(3)),
                new Sample("List.of", List.of(1, "a", point)),
                new Sample("Set.of", Set.of(1, 2, 3)),
                new Sample("Map.of", Map.of("a", 1, "b", 2)),
                new Sample("ArrayList with nulls", new ArrayList<>(Arrays.asList(1, null, "x"))),
                new Sample("subList", new ArrayList<>(List.of(1, 2, 3, 4)).subList(1, 3)),
                new Sample("Arrays.asList", Arrays.asList(1, 2)),
                new Sample("nCopies", Collections.nCopies(5, "x")),
                new Sample("unmodifiable", Collections.unmodifiableMap(new TreeMap<>(Map.of("k", "v")))),
                new Sample("LinkedHashMap", new LinkedHashMap<>(Map.of("k", List.of(1)))),
                new Sample("ConcurrentHashMap", new ConcurrentHashMap<>(Map.of("k", 1))),
                new Sample("BitSet", BitSet.valueOf(new long[] {5, 9})),
                new Sample("int[]", new int[] {1, 2, 3}),
                new Sample("int[][]", new int[][] {{1}, {2, 3}, {}}),
                new Sample("String[]", new String[] {"a", "b"}),
                new Sample("record[]", new Samples.Point[] {point, point}),
                new Sample("Object[] of a mix", new Object[] {1, "a", new long[] {7}}),
                new Sample("class with writeObject", new Samples.WithWriteObject(1, 2, 3)),
                new Sample("Class", Samples.Point.class),
                new Sample("byte[]", new byte[] {1, 2, 3}),
                new Sample("empty byte[]", new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("valuesWithEquality")
    void aValueComesBackEqualByFory(Sample sample) {
        assertThat(Samples.roundTrip(fory, sample.value()))
                .usingRecursiveComparison()
                .isEqualTo(sample.value());
        assertThat(Samples.roundTrip(fory, sample.value())).hasSameClassAs(sample.value());
    }

    @ParameterizedTest
    @MethodSource("valuesWithEquality")
    void aSerializableValueComesBackEqualByJavaSerialisation(Sample sample) {
        ValueCodec java = Samples.codec(new JavaCodec());
        if (NOT_BY_JAVA.contains(sample.kind())) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> java.encode(sample.value()))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("NotSerializableException");
        } else {
            assertThat(Samples.roundTrip(java, sample.value())).isEqualTo(sample.value());
        }
    }

    @Test
    void aPathBelongsToTheFileSystemOfItsReader() {
        Path back = (Path) Samples.roundTrip(fory, Path.of("some", "file"));
        assertThat(back.getFileSystem()).isSameAs(java.nio.file.FileSystems.getDefault());
    }

    @Test
    void whatForyDoesNotCarryCrossesByJavaSerialisationIfThatDoes() {
        java.util.Random random = new java.util.Random(42);
        random.nextInt();
        java.util.Random back = (java.util.Random) Samples.roundTrip(fory, random);
        assertThat(back.nextLong()).isEqualTo(random.nextLong());
    }

    @Test
    void nullCrosses() {
        byte[] bytes = fory.encode(null);
        assertThat(fory.decode(bytes, 0, bytes.length)).isNull();
    }

    @Test
    @SuppressWarnings("UnnecessaryStringBuilder") // it is the value
    void whatHasNoEqualityOfItsOwnComesBackWithItsContents() {
        assertThat(Samples.roundTrip(fory, new AtomicInteger(4))).hasToString("4");
        assertThat(Samples.roundTrip(fory, new AtomicLong(5))).hasToString("5");
        assertThat(Samples.roundTrip(fory, new AtomicReference<>("r"))).hasToString("r");
        assertThat(Samples.roundTrip(fory, new StringBuilder("sb1"))).hasToString("sb1");
        assertThat(Samples.roundTrip(fory, java.util.regex.Pattern.compile("a+b")))
                .hasToString("a+b");
        assertThat((ArrayDeque<?>) Samples.roundTrip(fory, new ArrayDeque<>(List.of(1, 2))))
                .hasSize(2);
    }

    @Test
    void aCycleComesBackAsACycle() {
        Samples.Node first = (Samples.Node) Samples.roundTrip(fory, Samples.ring());
        assertThat(first.next.name).isEqualTo("second");
        assertThat(first.next.next).isSameAs(first);
    }

    @Test
    void anObjectThatIsHeldTwiceIsOneObjectAfterwards() {
        int[] shared = {1};
        Object[] both = (Object[]) Samples.roundTrip(fory, new Object[] {shared, shared});
        assertThat(both[0]).isSameAs(both[1]);
    }

    @Test
    void manyRecordsCross() {
        List<Samples.Point> points = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            points.add(new Samples.Point(i, i, "n" + i));
        }
        assertThat(Samples.roundTrip(fory, points)).isEqualTo(points);
    }

    @Test
    void aListOfAMillionObjectsWithoutFieldsCrosses() {
        List<Object> empties = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            empties.add(new Samples.Empty());
        }
        assertThat((List<?>) Samples.roundTrip(fory, empties)).hasSize(1_000_000);
    }

    @Test
    void aChainOfSomeHundredNodesCrosses() {
        Samples.Node node = new Samples.Node("end");
        for (int i = 0; i < 300; i++) {
            Samples.Node before = new Samples.Node("n");
            before.next = node;
            node = before;
        }
        Samples.Node chain = node;
        assertDoesNotThrow(() -> Samples.roundTrip(fory, chain));
    }

    @Test
    void whatDoesNotCrossIsKnown() {
        Map<String, Object> kinds = new LinkedHashMap<>();
        kinds.put("HashMap.keySet()", new HashMap<>(Map.of(1, 1)).keySet());
        kinds.put("HashMap.values()", new HashMap<>(Map.of(1, 1)).values());
        kinds.put("Thread", new Thread());
        kinds.put("Stream", Stream.of(1));
        kinds.put("InputStream", System.in);
        kinds.put("plain lambda", (Runnable) () -> {});
        kinds.put("Comparator.comparing", java.util.Comparator.comparing(Samples.Point::x));
        kinds.put("ThreadLocal", new ThreadLocal<>());
        List<String> refused = new ArrayList<>();
        kinds.forEach((kind, value) -> {
            try {
                fory.encode(value);
            } catch (PayloadException e) {
                refused.add(kind);
            }
        });
        System.out.println("does not cross by Fory: " + refused + " of " + kinds.keySet());
        assertThat(refused)
                .contains(
                        "HashMap.keySet()", "Thread", "Stream", "InputStream", "plain lambda", "Comparator.comparing");
    }
}
