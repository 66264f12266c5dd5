// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
    private static final int TIMES = 20_000;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(128).alignedSlice(64).slice(0, 64).order(ByteOrder.nativeOrder());

    @ParameterizedTest
    @EnumSource
    void neighboursThatManyThreadsChangeDoNotChangeEachOther(ElementType type) throws Exception {
        List<Thread> threads = new ArrayList<>();
        long one = type == ElementType.DOUBLE ? Double.doubleToRawLongBits(1) : 1;
        for (int place = 0; place < 3; place++) {
            int at = place * type.bytes();
            for (int twice = 0; twice < 2; twice++) {
                threads.add(new Thread(() -> {
                    for (int i = 0; i < TIMES; i++) {
                        type.getAndAdd(memory, at, one);
                    }
                }));
            }
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        long sum = type == ElementType.BYTE ? (byte) (2 * TIMES) : 2 * TIMES;
        for (int place = 0; place < 3; place++) {
            long bits = type.get(memory, place * type.bytes());
            assertThat(type == ElementType.DOUBLE ? (long) Double.longBitsToDouble(bits) : bits)
                    .isEqualTo(sum);
        }
        assertThat(type.get(memory, 3 * type.bytes())).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsComparedAndSetKeepsItsSignAndItsNeighbours(ElementType type) {
        int at = 2 * type.bytes();
        type.set(memory, at - type.bytes(), -5);
        type.set(memory, at + type.bytes(), -6);
        type.set(memory, at, -1);
        assertThat(type.compareAndSet(memory, at, -2, 7)).isFalse();
        assertThat(type.compareAndSet(memory, at, -1, -100)).isTrue();
        assertThat(type.getAndSet(memory, at, 3)).isEqualTo(-100);
        assertThat(type.get(memory, at)).isEqualTo(3);
        assertThat(type.get(memory, at - type.bytes())).isEqualTo(-5);
        assertThat(type.get(memory, at + type.bytes())).isEqualTo(-6);
    }

    @Test
    void elementsCrossLittleEndianWhateverTheMachine() {
        ElementType.INT.set(memory, 4, 0x01020304);
        ByteBuffer crossing = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        ElementType.INT.copy(memory.slice(4, 4).order(memory.order()), crossing);
        assertThat(crossing.array()).containsExactly(4, 3, 2, 1);
        ByteBuffer other = ByteBuffer.allocate(4).order(ByteOrder.BIG_ENDIAN);
        ElementType.INT.copy(crossing.slice().order(ByteOrder.LITTLE_ENDIAN), other);
        assertThat(other.array()).containsExactly(1, 2, 3, 4);
    }
}
