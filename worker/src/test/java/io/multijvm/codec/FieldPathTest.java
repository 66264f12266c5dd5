// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.Codec;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that cannot cross is answered with the path to the culprit and the way out. */
class FieldPathTest {

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    private static PayloadException refusal(Codec codec, Object value, String rootName) {
        ValueCodec values = Samples.codec(codec);
        PayloadException refusal = catchThrowableOfType(PayloadException.class, () -> values.encode(value, rootName));
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).startsWith(refusal.path()).contains(refusal.advice());
        assertThat(refusal.kind()).isEqualTo(FailureKind.PAYLOAD);
        return refusal;
    }

    private static PayloadException refusal(Object value) {
        return refusal(new ForyCodec(), value, "item");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void theFieldPathLeadsToTheThread(Codec codec) {
        Samples.Owner value = new Samples.Owner("outer", new Samples.Owner("inner", new Thread()));
        PayloadException refusal = refusal(codec, value, "item");
        assertThat(refusal.path()).isEqualTo("item.held.held");
        assertThat(refusal.advice()).contains("inside the task");
        assertThat(refusal).hasMessageContaining("java.lang.Thread");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void elementsEntriesAndArraysAreNamed(Codec codec) {
        Object stream = new ByteArrayInputStream(new byte[1]);
        Object value = new ArrayList<>(List.of(1, Samples.mapHolding(new Object[] {"a", stream})));
        PayloadException refusal = refusal(codec, value, "result");
        assertThat(refusal.path()).isEqualTo("result[1][\"connection\"][1]");
        assertThat(refusal.advice()).contains("open it inside the task");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void whatALambdaCapturesIsNamedByItsPlace(Codec codec) {
        PayloadException refusal =
                refusal(codec, new Samples.Service().taskOf(new Samples.Owner("o", new Thread())), "task");
        // this is captured only by a lambda that uses it
        assertThat(refusal.path()).isEqualTo("task.captured[0].held");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aLambdaThatCapturesThisSaysWhyAndHowToAvoidIt(Codec codec) {
        PayloadException refusal = refusal(codec, new Samples.Service().taskUsingAField(), "task");
        assertThat(refusal.path()).isEqualTo("task.captured[0].thread");
        assertThat(refusal.advice())
                .contains("captures `this` (class " + Samples.Service.class.getName() + ")")
                .contains("copy the field to a local variable first");
    }

    @Test
    void aPlainLambdaIsToldItsSerialisableType() {
        Function<Integer, Integer> plain = n -> n;
        assertThat(refusal(plain).advice()).contains("use SerializableFunction").contains("instead of Function");
        Runnable runnable = () -> {};
        assertThat(refusal(List.of(runnable)).path()).isEqualTo("item[0]");
        assertThat(refusal(List.of(runnable)).advice()).contains("use SerializableRunnable");
        assertThat(refusal(runnable)).hasMessageContaining("a lambda in " + FieldPathTest.class.getName());
    }

    @Test
    void anInnerClassIsToldToBecomeStatic() {
        PayloadException refusal = refusal(new Samples.Maker().inner());
        assertThat(refusal.path()).isEqualTo("item.this$0.thread");
        assertThat(refusal.advice())
                .contains(Samples.Maker.Inner.class.getTypeName())
                .contains("make it static");
    }

    @Test
    void poolsAndFuturesGetTheirOwnAdvice() {
        assertThat(refusal(new Samples.Owner("o", Executors.newCachedThreadPool()))
                        .advice())
                .contains("inside the task");
        assertThat(refusal(new CompletableFuture<>().thenApply(x -> new Thread()))
                        .advice())
                .contains("wait for it");
        assertThat(refusal(Map.of("k", new java.util.HashMap<>(Map.of(1, 1)).keySet()))
                        .advice())
                .contains("copy");
    }

    @Test
    void inACycleTheCulpritIsFoundAndNotTheWayBack() {
        Samples.Node first = Samples.ring();
        first.load = new Thread();
        PayloadException refusal = refusal(first);
        assertThat(refusal.path()).isEqualTo("item.load");
    }

    @Test
    void theCulpritFarDownALargeListIsFound() {
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            many.add(new Samples.Point(i, i, "p"));
        }
        many.add(new Samples.Owner("o", new Thread()));
        assertThat(refusal(many).path()).isEqualTo("item[50000].held");
    }

    @Test
    void aChainThatIsTooLongIsAPayloadFailureAndCostsNothingElse() {
        ValueCodec codec = Samples.fory();
        Samples.Node node = new Samples.Node("end");
        for (int i = 0; i < 200_000; i++) {
            Samples.Node before = new Samples.Node("n");
            before.next = node;
            node = before;
        }
        Samples.Node chain = node;
        PayloadException refusal = catchThrowableOfType(PayloadException.class, () -> codec.encode(chain, "item"));
        assertThat(refusal).hasMessageContaining("nested too deeply");
        assertThat(refusal.advice()).contains("list or an array");
        assertThat(Samples.roundTrip(codec, 7)).isEqualTo(7);
    }

    @Test
    void whatThrowsWhileItIsReadIsTheCulpritItself() {
        List<Object> hostile = new java.util.AbstractList<>() {
            @Override
            public Object get(int index) {
                throw new IllegalStateException("closed");
            }

            @Override
            public int size() {
                return 3;
            }
        };
        PayloadException refusal = refusal(new Samples.Owner("o", new Object[] {hostile, new Thread()}));
        assertThat(refusal.path()).startsWith("item.held[");
    }
}
