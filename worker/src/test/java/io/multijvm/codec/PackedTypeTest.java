// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Args;
import io.multijvm.task.Codec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTypeTest {
    static Stream<List<Object>> valuesOfOneType() {
        return Stream.of(
                List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE),
                List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE),
                List.of(0.0, -0.0, Double.NaN, Double.longBitsToDouble(0x7ff0000000000001L), Double.MIN_VALUE),
                List.of(0f, -0f, Float.NaN, Float.intBitsToFloat(0x7fa00001), Float.NEGATIVE_INFINITY),
                List.of((short) 0, Short.MIN_VALUE, Short.MAX_VALUE),
                List.of((byte) 0, Byte.MIN_VALUE, Byte.MAX_VALUE),
                List.of('a', '\0', '\uffff', '\ud800'),
                List.of(true, false),
                List.of("", "a", "abc", "abcd", "\u00ff", "\u0100", "\ud83d\ude00", "\ud800", "x".repeat(4092)),
                List.of(new int[0], new int[] {1, Integer.MIN_VALUE}, new int[1023]),
                List.of(new long[0], new long[] {Long.MIN_VALUE}, new long[511]),
                List.of(new double[0], new double[] {-0.0, Double.NaN}),
                List.of(new float[0], new float[] {-0f, 1f, 2f}),
                List.of(new byte[0], new byte[] {1}, new byte[] {1, 2, 3, 4}, new byte[4092]),
                List.of(Args.of(1, "one"), Args.of(-2, ""), Args.of(3, "\u2713")),
                List.of(Args.of(new int[] {1, 2}, 4, 8), Args.of(new int[0], -1, 0)),
                List.of(Args.of("a", new byte[] {9}, new byte[] {9})));
    }

    @ParameterizedTest
    @MethodSource("valuesOfOneType")
    void whatIsPackedComesBackBitByBitAndInItsOrder(List<Object> values) {
        PackedType type = Objects.requireNonNull(PackedType.of(values.get(0)));
        byte[] bytes = new byte[values.size() * PackedType.MOST_BYTES];
        Arrays.fill(bytes, (byte) 0x5a);
        int used = 3; // not aligned on purpose
        for (Object value : values) {
            used = type.write(value, bytes, used);
            assertThat(used).as("the end of %s", value).isPositive();
        }
        PackedType there = Objects.requireNonNull(PackedType.ofCode(type.code()));
        assertThat(there).isEqualTo(type);
        PackedValues packed = new PackedValues(there, bytes, 3, used);
        for (Object value : values) {
            assertThat(bits(packed.next())).isEqualTo(bits(value));
        }
        assertThat(packed.hasNext()).isFalse();
        assertThatThrownBy(packed::next).isInstanceOf(PayloadException.class).hasMessageContaining("packed");
        PackedValues last = new PackedValues(there, bytes, 3, used);
        last.skip(values.size() - 1);
        assertThat(bits(last.next())).isEqualTo(bits(values.get(values.size() - 1)));
    }

    /** So that -0.0 is not 0.0, one NaN not another, and arrays are what they hold. */
    private static Object bits(Object value) {
        if (value instanceof Double number) {
            return Double.doubleToRawLongBits(number);
        }
        if (value instanceof Float number) {
            return Float.floatToRawIntBits(number);
        }
        if (value instanceof Args.Two<?, ?> two) {
            return List.of(bits(two.first()), bits(two.second()));
        }
        if (value instanceof Args.Three<?, ?, ?> three) {
            return List.of(bits(three.first()), bits(three.second()), bits(three.third()));
        }
        if (value instanceof double[] numbers) {
            return Arrays.stream(numbers).mapToObj(Double::doubleToRawLongBits).toList();
        }
        return value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : value;
    }

    @Test
    @SuppressWarnings("NullAway") // it does not see that an argument may be null
    void whatCouldBeToldApartFromItsCopyDoesNotPack() {
        int[] both = {1, 2};
        PackedType two = Objects.requireNonNull(PackedType.of(Args.of(both, new int[0])));
        byte[] bytes = new byte[PackedType.MOST_BYTES];
        assertThat(two.write(Args.of(both, both), bytes, 0)).isNegative();
        PackedType three = Objects.requireNonNull(PackedType.of(Args.of(1, both, both)));
        assertThat(three.write(Args.of(1, both, both), bytes, 0)).isNegative();
        assertThat(three.write(Args.of(1, both, new int[0]), bytes, 0)).isPositive();
        for (@Nullable
        Object value : new @Nullable Object[] {
            null, List.of(1), Args.of(1, List.of()), Args.of(1, null), new int[0][], Args.of(Args.of(1, 2), 3)
        }) {
            assertThat(PackedType.of(value)).as("%s", value).isNull();
        }
    }

    @Test
    void onlyWhatIsOfTheTypeAndNotTooLargeIsWritten() {
        byte[] bytes = new byte[PackedType.MOST_BYTES];
        PackedType ints = Objects.requireNonNull(PackedType.of(1));
        for (@Nullable Object other : new @Nullable Object[] {null, 1L, "1", Args.of(1, 2), new int[] {1}}) {
            assertThat(ints.write(other, bytes, 0)).as("%s", other).isNegative();
        }
        assertThat(Objects.requireNonNull(PackedType.of("")).write("x".repeat(4093), bytes, 0))
                .isNegative();
        assertThat(Objects.requireNonNull(PackedType.of("")).write("\u2713".repeat(2047), bytes, 0))
                .isNegative();
        assertThat(Objects.requireNonNull(PackedType.of(bytes)).write(new byte[5000], bytes, 0))
                .isNegative();
    }

    @Test
    void codesOfNoTypeAreRefused() {
        Random random = new Random(5);
        int known = 0;
        for (int i = 0; i < 100_000; i++) {
            int code = i < 50_000 ? i - 100 : random.nextInt();
            PackedType type = PackedType.ofCode(code);
            if (type != null) {
                known++;
                assertThat(type.code()).isEqualTo(code);
            }
        }
        assertThat(known).isPositive();
        assertThat(PackedType.ofCode(0)).isNull();
        assertThat(PackedType.ofCode((1 << 16) | 1)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void bytesOfAnySortEndInValuesOrInTheOneExceptionAndNothingBehindThemIsRead(long seed) {
        Random random = new Random(seed);
        List<PackedType> types = new ArrayList<>();
        valuesOfOneType().forEach(values -> types.add(PackedType.of(values.get(0))));
        int failed = 0;
        for (int round = 0; round < 20_000; round++) {
            PackedType type = types.get(random.nextInt(types.size()));
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            // small lengths, which could be true, more often than chance would have it
            for (int i = 0; i + 4 <= bytes.length; i += 4) {
                if (random.nextBoolean()) {
                    bytes[i] = (byte) random.nextInt(12);
                    bytes[i + 1] = 0;
                    bytes[i + 2] = 0;
                    bytes[i + 3] = (byte) (random.nextInt(8) == 0 ? 0x80 : 0);
                }
            }
            int to = random.nextInt(bytes.length + 1);
            PackedValues values = new PackedValues(type, bytes, 0, to);
            try {
                while (values.hasNext()) {
                    assertThat(values.next()).isNotNull();
                    assertThat(values.position()).isLessThanOrEqualTo(to);
                }
            } catch (PayloadException e) {
                failed++;
            }
        }
        assertThat(failed).isBetween(1000, 19_000);
    }

    @Test
    void aUsersCodecIsNotPassedBy() {
        Predicate<Class<?>> all = type -> true;
        ClassLoader loader = getClass().getClassLoader();
        assertThat(new ValueCodec(new ForyCodec(), loader, all).packs()).isTrue();
        assertThat(new ValueCodec(new JavaCodec(), loader, all).packs()).isTrue();
        Codec own = (at, allowed) -> new JavaCodec().open(at, allowed);
        assertThat(new ValueCodec(own, loader, all).packs()).isFalse();
    }
}
