// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Args;
import io.multijvm.task.Codec;
import io.multijvm.task.SerializableFunction;
import io.multijvm.worker.job.PlainCallable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker returns is decoded only if each of its classes is a plain value or the job's own. */
class AllowListTest {
    private final AllowList jobs = AllowList.forTask(Samples.class, List.of());
    private final AllowList jdkOnly = AllowList.forTask(String.class, List.of());

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    @ParameterizedTest
    @MethodSource("io.multijvm.codec.RoundTripTest#valuesWithEquality")
    void everyKindOfValueComesBackUnderTheJobsAllowList(RoundTripTest.Sample sample) {
        ValueCodec coordinator = new ValueCodec(new ForyCodec(), getClass().getClassLoader(), jobs);
        assertThat(Samples.roundTrip(coordinator, sample.value())).hasSameClassAs(sample.value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.lang.Thread",
                "java.lang.ProcessBuilder",
                "java.lang.Runtime",
                "java.util.ServiceLoader",
                "java.util.Timer",
                "java.net.URLClassLoader",
                "java.rmi.server.UnicastRemoteObject",
                "java.beans.XMLDecoder",
                "javax.management.BadAttributeValueExpException",
                "java.util.logging.FileHandler",
                "java.lang.reflect.Method",
                "java.util.concurrent.ForkJoinPool",
                "com.google.protobuf.ByteString",
                "org.apache.fory.Fory"
            })
    void whatIsNoPlainValueIsRefused(String name) throws ClassNotFoundException {
        assertThat(jobs.test(Class.forName(name, false, getClass().getClassLoader())))
                .isFalse();
    }

    @Test
    void plainValuesAreAllowedWithoutAnyJob() {
        for (Object value : List.of(1, "s", List.of(1), Map.of(), Path.of("p"), Optional.empty(), TimeUnit.DAYS)) {
            assertThat(jdkOnly.test(value.getClass()))
                    .as("%s", value.getClass())
                    .isTrue();
        }
        assertThat(jdkOnly.test(IllegalStateException.class)).isTrue();
        assertThat(jdkOnly.test(int[][].class)).isTrue();
        assertThat(jdkOnly.test(Samples.Point.class)).isFalse();
        assertThat(jdkOnly.test(Samples.Point[].class)).isFalse();
    }

    @Test
    void theJobsDirectoryIsAllowedAndOurOwnInternalsAreNot() {
        assertThat(jobs.test(Samples.Point.class)).isTrue();
        assertThat(jobs.test(Samples.Point[][].class)).isTrue();
        assertThat(jobs.test(Args.Two.class)).isTrue();
        assertThat(jobs.test(ValueCodec.class)).isFalse();
        assertThat(jobs.test(org.assertj.core.api.Assertions.class)).isFalse();
    }

    @Test
    void aPackageIsAllowedExactlyAndNotItsSubPackages() {
        AllowList extra = AllowList.forTask(String.class, List.of("org.assertj.core.api"));
        assertThat(extra.test(org.assertj.core.api.Assertions.class)).isTrue();
        assertThat(extra.test(org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration.class))
                .isFalse();
    }

    @Test
    void proxiesAndLambdasAreRefusedEvenFromTheJob() {
        Object proxy =
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (p, m, a) -> null);
        assertThat(jobs.test(proxy.getClass())).isFalse();
        assertThat(jobs.test(Proxy.class)).isFalse();
        assertThat(jobs.test(SerializedLambda.class)).isFalse();
    }

    private record Makes(Samples.Point point) implements Callable<Samples.Point> {
        @Override
        public Samples.Point call() {
            return point;
        }
    }

    @Test
    void aPlainTaskOfTheUsersNamesHisJarAndNotOurs() {
        AllowList list = AllowList.of(List.of()).plus(new PlainCallable<>(new Makes(new Samples.Point(1, 2, "three"))));
        assertThat(list.test(Samples.Point.class)).isTrue();
        assertThat(list.test(PlainCallable.class)).isFalse();
    }

    @Test
    void aTaskWrappedByArgsSpreadStillNamesTheUsersJar() {
        SerializableFunction<Args.Two<Integer, Integer>, Integer> spread = Args.spread((a, b) -> a + b);
        assertThat(AllowList.forTask(spread.getClass(), List.of()).test(Samples.Point.class))
                .isFalse();
        assertThat(AllowList.forTask((Object) spread, List.of()).test(Samples.Point.class))
                .isTrue();
        assertThat(AllowList.forTask((Object) spread, List.of()).test(ValueCodec.class))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aRefusedClassIsNamedWithTheCallThatAllowsIt(Codec codec) {
        ValueCodec coordinator = new ValueCodec(codec, getClass().getClassLoader(), jdkOnly);
        byte[] bytes = coordinator.encode(List.of(new Samples.Point(1, 2, "p")));
        assertThatThrownBy(() -> coordinator.decode(bytes, 0, bytes.length))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining(Samples.Point.class.getName())
                .hasMessageContaining("allow(\"io.multijvm.codec\")");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void whatWasEncodedHereIsStillAskedForWhenItComesBack(Codec codec) {
        ValueCodec coordinator = new ValueCodec(codec, getClass().getClassLoader(), jdkOnly);
        Samples.Point[] points = {new Samples.Point(1, 2, "p")};
        for (int i = 0; i < 5; i++) {
            byte[] bytes = coordinator.encode(points);
            assertThatThrownBy(() -> coordinator.decode(bytes, 0, bytes.length)).isInstanceOf(PayloadException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aProxyIsRefused(Codec codec) {
        record Handler(int n) implements java.lang.reflect.InvocationHandler, java.io.Serializable {
            @Override
            public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] args) {
                return n;
            }
        }
        Object proxy =
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Comparable.class}, new Handler(1));
        ValueCodec coordinator = new ValueCodec(codec, getClass().getClassLoader(), jobs);
        byte[] bytes = coordinator.encode(new Object[] {proxy});
        assertThatThrownBy(() -> coordinator.decode(bytes, 0, bytes.length))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("proxy");
    }

    @Test
    void aJobInAnotherJarIsKnownByItsCodeSource() {
        // the location is what counts: two classes of one jar, whatever their packages
        AllowList list = AllowList.forTask(org.junit.jupiter.api.Test.class, List.of());
        assertThat(list.test(org.junit.jupiter.api.extension.ExtensionContext.class))
                .isTrue();
        assertThat(list.test(Objects.requireNonNull(Samples.class))).isFalse();
    }
}
