// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedHandle;
import io.multijvm.task.Codec;
import io.multijvm.wire.objects.ObjectKind;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which methods of an interface can be called, and how it crosses. */
class FaceMethodsTest {
    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    interface Broad<T> {
        Object put(T value);
    }

    interface Beside {
        void put(String value, int... more) throws IOException;
    }

    /** Narrower than what it extends. */
    interface Narrow extends Broad<String>, Beside, AutoCloseable {
        static void never() {}

        @Override
        String put(String value);

        default long close(int in) {
            return in;
        }

        @Override
        void close();

        @Override
        boolean equals(@Nullable Object other);
    }

    sealed interface Sealed {}

    record Only() implements Sealed {}

    private static FaceMethods.FaceMethod found(String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = Narrow.class.getMethod(name, parameters);
        return Objects.requireNonNull(FaceMethods.of(Narrow.class).of(method), method.toString());
    }

    @Test
    void allButStaticMethodsAndThoseOfEveryObjectHaveTheirNumber() throws NoSuchMethodException {
        FaceMethods methods = FaceMethods.of(Narrow.class);
        long numbers = Arrays.stream(Narrow.class.getMethods())
                .map(methods::of)
                .filter(method -> method != null)
                .mapToLong(FaceMethods.FaceMethod::number)
                .distinct()
                .count();
        assertThat(numbers).isEqualTo(5); // put(Object) too, which the compiler has made
        assertThat(methods.of(Narrow.class.getMethod("never"))).isNull();
        assertThat(methods.of(Narrow.class.getMethod("equals", Object.class))).isNull();
        FaceMethods.FaceMethod put = found("put", String.class, int[].class);
        assertThat(put).hasToString("Narrow.put(String, int[])");
        assertThat(methods.of(put.number())).isSameAs(put);
        assertThat(found("close").closes()).isTrue();
        assertThat(found("close", int.class).closes()).isFalse();
        assertThat(methods.types()).contains(IOException.class, String.class, int[].class, void.class);
    }

    @Test
    void aNumberOfAnotherVersionOfTheInterfaceIsRefused() throws NoSuchMethodException {
        FaceMethods methods = FaceMethods.of(Narrow.class);
        long number = found("close").number();
        for (long wrong : new long[] {-1, 0, number + 1, number + (1L << 40), Long.MIN_VALUE, 1_000}) {
            assertThatThrownBy(() -> methods.of(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("both must run the same version");
        }
    }

    @Test
    void whatNoProxyCanBeIsRefused() {
        for (Class<?> unfit : List.of(String.class, Only.class, Override.class, int.class)) {
            assertThatThrownBy(() -> FaceMethods.of(unfit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no interface");
        }
        assertThatThrownBy(() -> FaceMethods.of(Sealed.class)).hasMessageContaining("is sealed");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aProxyCrossesAsItsHandleAlsoUnderAnAllowListThatHasItsInterface(Codec codec) {
        ClassLoader loader = getClass().getClassLoader();
        ValueCodec theirs = new ValueCodec(codec, loader, AllowList.forTask(Narrow.class, List.of()));
        SharedHandle handle =
                new SharedHandle("unix:/nowhere", 4711, "00".repeat(32), 1, ObjectKind.OWN.name(), Narrow.class);
        byte[] bytes = theirs.encode(handle);
        Object proxy = theirs.decode(bytes, 0, bytes.length);
        assertThat(proxy).isInstanceOf(Narrow.class).hasToString("Narrow, OWN 1 of manager 1267");
        Object[] holder = {proxy, List.of("a")};
        byte[] again = theirs.encode(holder);
        assertThat((Object[]) theirs.decode(again, 0, again.length)).satisfies(come -> {
            assertThat(come[0]).isSameAs(proxy);
            assertThat(proxy).isEqualTo(come[0]).hasSameHashCodeAs(come[0]);
        });

        ValueCodec strangers = new ValueCodec(codec, loader, AllowList.of(List.of()));
        assertThatThrownBy(() -> strangers.decode(bytes, 0, bytes.length))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("Narrow");
    }
}
