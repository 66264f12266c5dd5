// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedByte;
import io.multijvm.shared.SharedByteArray;
import io.multijvm.shared.SharedDouble;
import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedReference;
import io.multijvm.task.SerializableCallable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Values, arrays and references mean the same, whether the processes share memory or send all they do to the owner. */
abstract class SharedDataContract extends OneManagerForAll {
    private static final int INCREMENTS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** More than fits into a cell, so that it has memory of its own, and not a whole number of pieces. */
    private static final int LONG = 100_003;

    /** @param payloads shared or frames */
    SharedDataContract(String payloads) {
        super(payloads);
    }

    @Test
    void aLongHasTheOperationsOfAnAtomicLongInEveryProcess() {
        SharedLong v = manager.longValue(Long.MAX_VALUE);
        assertThat(v.incrementAndGet()).isEqualTo(Long.MIN_VALUE);
        v.set(7);
        List<Long> seen = pool.apply(() -> List.of(
                v.get(),
                v.getAndAdd(3),
                v.addAndGet(-1),
                v.getAndSet(20),
                v.getAndUpdate(x -> x * 2),
                v.updateAndGet(x -> x + 1),
                v.accumulateAndGet(9, Math::max),
                v.getAndAccumulate(100, Math::max),
                v.decrementAndGet(),
                v.compareAndSet(98, 5) ? 1L : 0L,
                v.compareAndSet(99, 5) ? 1L : 0L));
        assertThat(seen).containsExactly(7L, 7L, 9L, 9L, 20L, 41L, 41L, 41L, 99L, 0L, 1L);
        assertThat(v.get()).isEqualTo(5);
        assertThat(v).hasToString("5");
        assertThat(v.doubleValue()).isEqualTo(5.0);
    }

    @Test
    void whatTakesSeveralOperationsIsOneStepUnderTheLockOfTheValue() {
        SharedLong v = manager.longValue(0);
        SharedLongArray a = manager.longArray(2);
        SerializableCallable<Boolean> steps = () -> {
            for (int i = 0; i < INCREMENTS; i++) {
                SharedLock lock = v.getLock();
                lock.lock();
                try {
                    v.set(v.get() + 1);
                } finally {
                    lock.unlock();
                }
                a.getLock().lock();
                try {
                    a.set(0, a.get(0) + 1);
                    a.set(1, a.get(1) - 1);
                } finally {
                    a.getLock().unlock();
                }
            }
            return true;
        };
        var others = List.of(pool.submit(steps), pool.submit(steps));
        assertThat(steps.call()).isTrue();
        others.forEach(other -> assertThat(other.join()).isTrue());
        assertThat(v.get()).isEqualTo(3 * INCREMENTS);
        assertThat(List.of(a.get(0), a.get(1))).containsExactly(3L * INCREMENTS, -3L * INCREMENTS);
        SharedLock lock = v.getLock();
        assertThat(pool.<Boolean>apply(() -> v.getLock() == lock && v.getLock() != a.getLock()))
                .isTrue();
        v.close();
        assertThatThrownBy(v::getLock).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        // the owner closes it after the value
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> takeAndRelease(lock))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed"));
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing can come between
    private static void takeAndRelease(SharedLock lock) {
        lock.lock();
        lock.unlock();
    }

    @Test
    void theOtherValuesWrapAroundAndCompareAsTheirTypesDo() {
        SharedInt i = manager.intValue(Integer.MAX_VALUE);
        SharedByte b = manager.byteValue((byte) 127);
        SharedDouble d = manager.doubleValue(0.5);
        SharedBoolean flag = manager.booleanValue(false);
        String seen = pool.apply(() -> i.incrementAndGet() + " " + i.compareAndSet(Integer.MIN_VALUE, -3) + " "
                + b.getAndIncrement()
                + " " + b.get() + " " + b.compareAndSet((byte) -128, (byte) -1) + " " + d.addAndGet(0.25) + " "
                + d.compareAndSet(0.75, -0.0) + " " + d.compareAndSet(0.0, 1) + " " + flag.compareAndSet(false, true)
                + " " + flag.getAndSet(true));
        assertThat(seen).isEqualTo("-2147483648 true 127 -128 true 0.75 true false true true");
        assertThat(i.get()).isEqualTo(-3);
        assertThat(b.getAndSet((byte) 4)).isEqualTo((byte) -1);
        assertThat(1 / d.get()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(flag.get()).isTrue();
    }

    @Test
    void whatTwoProcessesAddIsAllThere() {
        SharedLong v = manager.longValue(0);
        SharedDouble d = manager.doubleValue(0);
        SharedByteArray bytes = manager.byteArray(8);
        pool.map(
                worker -> {
                    for (int i = 0; i < INCREMENTS; i++) {
                        v.incrementAndGet();
                        d.addAndGet(1);
                        bytes.getAndAdd(worker, (byte) 1); // neighbours in one word
                    }
                    return 0;
                },
                List.of(1, 2));
        assertThat(v.get()).isEqualTo(2 * INCREMENTS);
        assertThat(d.get()).isEqualTo(2.0 * INCREMENTS);
        byte each = (byte) INCREMENTS;
        assertThat(bytes.toArray()).containsExactly(0, each, each, 0, 0, 0, 0, 0);
    }

    @Test
    void anArrayIsReadAndWrittenByElementAndByRange() {
        SharedLongArray a = manager.longArray(LONG);
        assertThat(a.length()).isEqualTo(LONG);
        long sum = pool.apply(() -> {
            long[] all = LongStream.range(0, LONG).toArray();
            a.set(0, all);
            a.set(5, -1);
            long[] some = new long[3];
            a.get(4, some);
            return some[0] + 1_000 * some[1] + 1_000_000 * some[2] + 10_000_000L * (a.compareAndSet(6, 6, 7) ? 1 : 0);
        });
        assertThat(sum).isEqualTo(4 - 1_000 + 6_000_000 + 10_000_000);
        long[] expected = LongStream.range(0, LONG).toArray();
        expected[5] = -1;
        expected[6] = 7;
        assertThat(a.toArray()).isEqualTo(expected);
        assertThat(a.updateAndGet(LONG - 1, x -> x * 2)).isEqualTo(2L * (LONG - 1));
        assertThat(a.getAndSet(0, 9)).isZero();
        a.close();
    }

    @Test
    void arraysOfOtherTypesAndShortOnesToo() {
        SharedDoubleArray doubles = manager.doubleArrayOf(1.5, 2.5, -0.5);
        SharedIntArray ints = manager.intArray(LONG);
        SharedByteArray bytes = manager.byteArrayOf((byte) 1, (byte) -2, (byte) 3);
        String seen = pool.apply(() -> {
            ints.set(2, IntStream.range(0, LONG - 2).toArray());
            doubles.accumulateAndGet(1, 4, Math::max);
            bytes.compareAndSet(1, (byte) -2, (byte) 100);
            bytes.set(2, (byte) -7);
            return Arrays.toString(doubles.toArray()) + ints.getAndAdd(LONG - 1, 5) + bytes.addAndGet(1, (byte) 100);
        });
        assertThat(seen).isEqualTo("[1.5, 4.0, -0.5]" + (LONG - 3) + "-56");
        assertThat(ints.get(LONG - 1)).isEqualTo(LONG + 2);
        assertThat(ints.toArray()).startsWith(0, 0, 0, 1, 2);
        assertThat(bytes.toArray()).containsExactly(1, -56, -7);
        assertThat(manager.longArray(0).toArray()).isEmpty();
    }

    @Test
    void whatIsOutsideOfAnArrayIsRefusedInTheProcessThatAsks() {
        SharedIntArray a = manager.intArray(10);
        assertThatThrownBy(() -> a.get(10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> a.set(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> a.get(8, new int[3])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> a.set(0, new int[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> manager.intArray(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length -1");
    }

    @Test
    void theLastBytesOfALongArrayOfAnyLengthAreChangedInOneStep() {
        for (int length = LONG; length < LONG + 8; length++) {
            SharedByteArray a = manager.byteArray(length);
            long last = length - 1L;
            assertThat(a.compareAndSet(last, (byte) 0, (byte) 5)).isTrue();
            String seen = pool.apply(() -> a.getAndAdd(last, (byte) 2) + " "
                    + a.compareAndSet(last, (byte) 7, (byte) -1) + " " + a.getAndSet(last, (byte) 127));
            assertThat(seen).isEqualTo("5 true -1");
            assertThat(a.getAndAdd(last, (byte) 1)).isEqualTo((byte) 127);
            assertThat(a.get(last)).isEqualTo((byte) -128);
            assertThat(a.length()).isEqualTo(length);
            assertThatThrownBy(() -> a.getAndAdd(last + 1, (byte) 1)).isInstanceOf(IndexOutOfBoundsException.class);
            a.close();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type parameter
    void aReferenceIsReadAsACopyAndSetByVersion() {
        SharedReference<List<Integer>> r = manager.reference(List.of(1, 2));
        SharedReference<String> none = manager.reference(null);
        List<Integer> inWorker = pool.apply(() -> {
            none.set("set");
            return r.updateAndGet(list -> IntStream.concat(list.stream().mapToInt(x -> x), IntStream.of(3))
                    .boxed()
                    .toList());
        });
        assertThat(inWorker).containsExactly(1, 2, 3);
        assertThat(r.get()).containsExactly(1, 2, 3).isNotSameAs(r.get());
        assertThat(none.get()).isEqualTo("set");
        SharedReference.Versioned<List<Integer>> seen = r.getVersioned();
        pool.apply(() -> r.set(List.of(9)));
        assertThat(r.compareAndSet(seen.version(), List.of())).isFalse();
        assertThat(r.compareAndSet(r.getVersioned().version(), List.of(8))).isTrue();
        assertThat(r.getAndSet(List.of())).containsExactly(8);
    }

    /** A class of the program's own. */
    record Point(int x, int y) {}

    @Test
    void theProgramReadsItsOwnClassesFromAReferenceButNoCode() {
        SharedReference<Object> r = manager.reference("a text");
        pool.apply(() -> r.set(new Point(3, 4)));
        assertThat(r.get()).isEqualTo(new Point(3, 4));
        int inWorker = pool.apply(() -> {
            SerializableCallable<Integer> code = () -> 5;
            r.set(code);
            return ((SerializableCallable<?>) r.get()).call().hashCode();
        });
        assertThat(inWorker).isEqualTo(5);
        assertThatThrownBy(r::get).isInstanceOf(PayloadException.class);
    }

    @Test
    void aReferenceThatTwoProcessesUpdateLosesNothing() {
        SharedReference<Integer> r = manager.reference(0);
        pool.map(
                worker -> {
                    for (int i = 0; i < 200; i++) {
                        r.updateAndGet(x -> x + 1);
                    }
                    return 0;
                },
                List.of(1, 2));
        assertThat(r.get()).isEqualTo(400);
    }

    @Test
    void aLargeValueOfAReferenceCrossesWhole() {
        byte[] large = new byte[5_000_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        SharedReference<byte[]> r = manager.reference(large);
        int hash = pool.apply(() -> {
            byte[] here = r.get();
            int before = Arrays.hashCode(here);
            here[0]++;
            r.set(here);
            return before;
        });
        assertThat(hash).isEqualTo(Arrays.hashCode(large));
        large[0]++;
        assertThat(r.get()).isEqualTo(large);
    }

    @Test
    void afterItsCloseNobodyUsesIt() {
        SharedLong v = manager.longValue(5);
        SharedIntArray a = manager.intArray(LONG);
        pool.map(worker -> v.incrementAndGet() + a.addAndGet(worker, 1), List.of(0, 1));
        v.close();
        a.close();
        assertThatThrownBy(v::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> a.get(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> a.get(0, new int[1])).isInstanceOf(IllegalStateException.class);
        // the others hear of it a moment later
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> pool.apply(() -> v.incrementAndGet()))
                        .hasStackTraceContaining("closed"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThatThrownBy(() -> pool.apply(() -> a.get(1))).hasStackTraceContaining("closed"));
        v.close();
        assertThat(manager.intArray(LONG).toArray()).containsOnly(0);
    }

    @Test
    void whatIsHeldInAnotherSharedObjectIsTheSameThing() {
        SharedLong v = manager.longValue(1);
        SharedReference<SharedLong> r = manager.reference(v);
        assertThat(r.get()).isSameAs(v);
        pool.apply(() -> r.get().incrementAndGet());
        assertThat(v.get()).isEqualTo(2);
    }
}
