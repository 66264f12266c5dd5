// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that no codec wrote end in a payload failure: no hang, no other exception, no huge allocation. */
class HostileInputTest {
    private static final long SEED = 20_240_229;

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void randomBytesAreRefused(Codec codec) {
        ValueCodec values = jobs(codec);
        Random random = new Random(SEED);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            int refused = 0;
            for (int i = 0; i < 1_000; i++) {
                byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                // half of them get past the tag
                bytes[0] = i % 2 == 0 ? 0 : bytes[0];
                refused += refusedOrDecoded(values, bytes);
            }
            // a byte[] tag or a small number may be met by chance
            assertThat(refused).as("seed %s", SEED).isGreaterThan(900);
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void truncatedAndChangedEncodingsAreRefusedOrDecodeToSomething(Codec codec) {
        ValueCodec values = jobs(codec);
        byte[] good = values.encode(new Object[] {
            new Samples.Point(1, 2, "name"), List.of(1, "two", 3.0), new int[] {1, 2, 3}, new java.util.HashMap<>()
        });
        Random random = new Random(SEED);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            int refused = 0;
            for (int length = 0; length < good.length; length++) {
                refused += refusedOrDecoded(values, java.util.Arrays.copyOf(good, length));
            }
            assertThat(refused).as("each truncation").isEqualTo(good.length);
            for (int i = 0; i < 3_000; i++) {
                byte[] changed = good.clone();
                changed[1 + random.nextInt(changed.length - 1)] = (byte) random.nextInt();
                refused += refusedOrDecoded(values, changed);
            }
            assertThat(refused).as("seed %s", SEED).isGreaterThan(good.length + 100);
        });
    }

    private static int refusedOrDecoded(ValueCodec values, byte[] bytes) {
        try {
            values.decode(bytes, 0, bytes.length);
            return 0;
        } catch (PayloadException e) {
            return 1;
        }
    }

    @Test
    void bytesAfterTheValueAreRefused() {
        ValueCodec values = Samples.fory();
        byte[] longer = java.util.Arrays.copyOf(values.encode("x"), 40);
        assertThatThrownBy(() -> values.decode(longer, 0, 40))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("bytes follow");
    }

    @Test
    void anUnknownTagSaysSo() {
        assertThatThrownBy(() -> Samples.fory().decode(new byte[] {9, 1, 2}, 0, 3))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("codec tag is 9");
        assertThatThrownBy(() -> Samples.fory().decode(new byte[0], 0, 0)).isInstanceOf(PayloadException.class);
    }

    private static ValueCodec jobs(Codec codec) {
        return new ValueCodec(
                codec, HostileInputTest.class.getClassLoader(), AllowList.forTask(Samples.class, List.of()));
    }
}
