// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of packed values is to its user the list of their objects. */
class PackedListTest {
    static PackedList of(Object... values) {
        PackedType type = Objects.requireNonNull(PackedType.of(values[0]));
        byte[] bytes = new byte[values.length * type.fixed()];
        for (int i = 0; i < values.length; i++) {
            assertThat(type.write(values[i], bytes, i * type.fixed())).isPositive();
        }
        return new PackedList(type, bytes, values.length);
    }

    @Test
    void itReadsAsAListOfTheSameObjects() {
        for (List<Object> values : List.<List<Object>>of(
                List.of(1, -2, Integer.MAX_VALUE),
                List.of(1L, Long.MIN_VALUE),
                List.of(-0.0, Double.NaN, 1e300),
                List.of(-0.0f, Float.NaN),
                List.of((short) -1, (short) 7),
                List.of((byte) -1, (byte) 7),
                List.of('a', '\uffff'),
                List.of(true, false, true))) {
            List<Object> list = of(values.toArray());
            assertThat(list).isEqualTo(values).hasSameHashCodeAs(values).hasToString(values.toString());
            assertThat(list.toArray()).isEqualTo(values.toArray());
            assertThat(list.stream().toList()).isEqualTo(values);
            assertThat(new ArrayList<>(list)).isEqualTo(values);
            List<Object> seen = new ArrayList<>();
            list.forEach(seen::add);
            assertThat(seen).isEqualTo(values);
            assertThatThrownBy(() -> list.get(values.size())).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.add(1)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void itsElementsCanBeReplacedByAnythingAndSorted() {
        List<Object> list = of(3, 1, 2);
        assertThat(list.set(1, "one")).isEqualTo(1);
        assertThat(list).containsExactly(3, "one", 2);
        assertThat(list.set(0, null)).isEqualTo(3);
        assertThat(list).containsExactly(null, "one", 2);
        assertThat(list.toArray()).containsExactly(null, "one", 2);

        List<Object> random =
                of(IntStream.range(0, 1000).map(i -> i * 7919 % 1000).boxed().toArray());
        random.sort(null);
        assertThat(random).isEqualTo(IntStream.range(0, 1000).boxed().toList());
        Collections.reverse(random);
        assertThat(random.get(0)).isEqualTo(999);
    }

    @Test
    void threadsMaySetDifferentElementsAtTheSameTime() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<Object> list = of(IntStream.range(0, 64).boxed().toArray());
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Boolean> even = () -> replace(list, start, 0);
            Callable<Boolean> odd = () -> replace(list, start, 1);
            FutureTask<Boolean> other = new FutureTask<>(odd);
            Thread thread = new Thread(other);
            thread.start();
            assertThat(even.call() && other.get()).isTrue();
            assertThat(list)
                    .isEqualTo(IntStream.range(0, 64)
                            .mapToObj(i -> (Object) ("set " + i))
                            .toList());
        }
    }

    private static boolean replace(List<Object> list, CyclicBarrier start, int from) throws Exception {
        start.await(30, TimeUnit.SECONDS);
        for (int i = from; i < list.size(); i += 2) {
            assertThat(list.set(i, "set " + i)).isEqualTo(i);
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itCrossesWithEitherCodecAlsoInsideOfOtherObjects(boolean fory) {
        ValueCodec codec = new ValueCodec(
                fory ? new ForyCodec() : new JavaCodec(),
                PackedListTest.class.getClassLoader(),
                AllowList.of(List.of()));
        List<Object> changed = of(1, 2);
        changed.set(0, "first");
        for (List<Object> list : List.<List<Object>>of(of(1, 2, 3), of(1.5, 2.5), changed)) {
            byte[] alone = codec.encode(list);
            assertThat(codec.decode(alone, 0, alone.length)).isEqualTo(list);
            byte[] inside = codec.encode(new ArrayList<>(Arrays.asList("x", list, list)));
            assertThat(codec.decode(inside, 0, inside.length)).isEqualTo(List.of("x", list, list));
        }
    }

    @Test
    void bytesThatCannotBeSoManyValuesAreRefused() {
        PackedType ints = Objects.requireNonNull(PackedType.of(1));
        PackedType texts = Objects.requireNonNull(PackedType.of("a"));
        assertThatThrownBy(() -> new PackedList(ints, new byte[9], 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PackedList(texts, new byte[0], 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
