// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Args;
import io.multijvm.task.Codec;
import io.multijvm.task.SerializableFunction;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks cross to a worker as lambdas, by either codec, and never come back as results. */
class LambdaTest {

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    @SuppressWarnings("unchecked")
    private static SerializableFunction<Object, Object> crossed(Codec codec, Object task) {
        return (SerializableFunction<Object, Object>) Samples.roundTrip(Samples.codec(codec), task);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aCapturingLambdaKeepsWhatItCaptured(Codec codec) {
        int captured = 3;
        String text = "x";
        SerializableFunction<Integer, String> task = n -> text + (n + captured);
        assertThat(crossed(codec, task).apply(4)).isEqualTo("x7");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aLambdaInALambdaCrosses(Codec codec) {
        SerializableFunction<Integer, Integer> inner = n -> n * 2;
        SerializableFunction<Integer, Integer> task = n -> inner.apply(n) + 1;
        assertThat(crossed(codec, task).apply(4)).isEqualTo(9);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aBoundMethodReferenceKeepsItsReceiver(Codec codec) {
        SerializableFunction<String, String> task = "prefix-"::concat;
        assertThat(crossed(codec, task).apply("a")).isEqualTo("prefix-a");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void composedAndSpreadTasksCross(Codec codec) {
        SerializableFunction<Integer, Integer> plus = n -> n + 1;
        assertThat(crossed(codec, plus.andThen(n -> n * 10)).apply(1)).isEqualTo(20);
        Object spread = Args.spread((Integer a, Integer b) -> a - b);
        assertThat(crossed(codec, spread).apply(Args.of(5, 3))).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void anIntersectionCastMakesALambdaThatCrosses(Codec codec) {
        Supplier<String> task = (Supplier<String> & Serializable) () -> "made";
        Object back = Samples.roundTrip(Samples.codec(codec), task);
        assertThat(((Supplier<?>) back).get()).isEqualTo("made");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aLambdaIsRefusedInAResult(Codec codec) {
        SerializableFunction<Integer, Integer> task = n -> n;
        ValueCodec coordinator =
                new ValueCodec(codec, getClass().getClassLoader(), AllowList.forTask(LambdaTest.class, List.of()));
        byte[] bytes = coordinator.encode(new Object[] {task});
        assertThatThrownBy(() -> coordinator.decode(bytes, 0, bytes.length))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("lambda")
                .hasMessageContaining("may not come back");
    }
}
