// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.task.SerializableCallable;
import org.junit.jupiter.api.Test;

/** Which code a manager lets others have run. */
class OwnersCodecTest {
    private final ValueCodec anybody =
            new ValueCodec(new ForyCodec(), getClass().getClassLoader(), AllowList.everything());

    private static SerializableBiFunction<Integer, Integer, Integer> sum(int more) {
        return (a, b) -> a + b + more;
    }

    @Test
    void aFunctionOfAClassThatIsAllowedIsDecodedAndRuns() {
        OwnersCodec codec = new OwnersCodec(getClass());
        @SuppressWarnings("unchecked")
        SerializableBiFunction<Integer, Integer, Integer> function =
                (SerializableBiFunction<Integer, Integer, Integer>) codec.function(anybody.encode(sum(3)));
        assertThat(function.apply(1, 2)).isEqualTo(6);
    }

    @Test
    void aFunctionOfAClassThatIsNotAllowedIsRefusedUntilTheOwnersProgramUsesSuch() {
        OwnersCodec codec = new OwnersCodec(ForyCodec.class);
        byte[] bytes = anybody.encode(sum(3));
        assertThatThrownBy(() -> codec.function(bytes))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("not allowed here");
        codec.trust(sum(0));
        assertThat(codec.function(bytes)).isNotNull();
    }

    @Test
    void whatIsNoFunctionOfTwoArgumentsIsRefused() {
        OwnersCodec codec = new OwnersCodec(getClass());
        SerializableCallable<Integer> other = () -> 1;
        assertThatThrownBy(() -> codec.function(anybody.encode(other)))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("no SerializableBiFunction");
    }

    @Test
    void noValueIsALambda() {
        OwnersCodec codec = new OwnersCodec(getClass());
        assertThatThrownBy(() -> codec.value(anybody.encode(sum(1))))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("it holds a lambda");
    }

    @Test
    void aKeyWhoseHashWouldNeverEndIsRefused() {
        OwnersCodec codec = new OwnersCodec(getClass());
        assertThatThrownBy(() -> codec.values().decodeKey(anybody.encode(nested(60))))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("hashing them would never end");
        assertThat(codec.values().decodeKey(anybody.encode(new Twice("a", 1)))).isEqualTo(new Twice("a", 1));
    }

    /** Hashes both. */
    record Twice(Object one, Object other) {}

    private static Object nested(int levels) {
        Object inner = "a";
        for (int i = 0; i < levels; i++) {
            inner = new Twice(inner, inner);
        }
        return inner;
    }
}
