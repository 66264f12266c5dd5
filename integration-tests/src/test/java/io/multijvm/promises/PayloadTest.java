// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.PromiseTest;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@PromiseTest
@ParameterizedClass
@ValueSource(strings = {"shared", "frames"})
class PayloadTest {
    private static final int LARGE = 300 << 20;
    private static final String WAY = "io.multijvm.payloads";

    private final String way;

    PayloadTest(String way) {
        this.way = way;
    }

    @BeforeEach
    void chooseTheWay() {
        System.setProperty(WAY, way);
    }

    @AfterEach
    void forgetTheWay() {
        System.clearProperty(WAY);
    }

    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i += 4096) {
            bytes[i] = (byte) (i >>> 12);
        }
        return bytes;
    }

    @Test
    void anArgumentAndAResultOf300MebibytesCross() {
        try (Pool pool = Pool.processes(o -> o.workers(1).heap("1500m"))) {
            byte[] argument = pattern(LARGE);
            long begin = System.nanoTime();
            long there = pool.<byte[], Long>map(PayloadTest::checksum, List.of(argument))
                    .get(0);
            long half = System.nanoTime();
            byte[] back = pool.apply(() -> pattern(LARGE));
            long end = System.nanoTime();

            assertThat(there).isEqualTo(checksum(argument));
            assertThat(checksum(back)).isEqualTo(checksum(argument));
            System.out.printf(
                    "%s: 300 MiB argument in %.2f s, 300 MiB result in %.2f s%n",
                    way, (half - begin) / 1e9, (end - half) / 1e9);
        }
    }

    @Test
    void whatIsBetweenTheRingAndAFrameCrossesWhole() {
        try (Pool pool = Pool.processes(1)) {
            for (int length :
                    new int[] {0, 1, 65_000, 65_536, 70_000, 131_072, 140_000, 1 << 20, (1 << 20) + 1, 5 << 20}) {
                byte[] argument = pattern(length);
                byte[] back = pool.<byte[], byte[]>map(bytes -> bytes, List.of(argument))
                        .get(0);
                assertThat(back).as("length " + length).isEqualTo(argument);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared part by part
    private record Wide(String name, byte[] picture, List<String> words) {}

    private static Wide wide(int words) {
        return new Wide(
                "wide",
                pattern(words),
                IntStream.range(0, words).mapToObj(i -> "word " + i).toList());
    }

    @Test
    void largeFunctionsItemsResultsAndFailuresOfEveryKindCrossManyTimes() {
        try (Pool pool = Pool.processes(2)) {
            Wide captured = wide(30_000);
            for (int round = 0; round < 2; round++) {
                List<Integer> sizes = List.of(10, 20_000, 30_000, 5, 40_000, 25_000);
                List<Wide> items = sizes.stream().map(PayloadTest::wide).toList();
                List<Integer> seen = pool.map(item -> item.words().size() + captured.picture().length, items);
                assertThat(seen)
                        .isEqualTo(sizes.stream().map(size -> size + 30_000).toList());

                List<Wide> back = pool.map(PayloadTest::wide, sizes);
                for (int i = 0; i < items.size(); i++) {
                    assertThat(back.get(i).words()).isEqualTo(items.get(i).words());
                    assertThat(back.get(i).picture()).isEqualTo(items.get(i).picture());
                }
                assertThatThrownBy(() -> pool.apply(() -> {
                            throw new IllegalStateException("long".repeat(100_000));
                        }))
                        .isInstanceOf(TaskFailedException.class)
                        .cause()
                        .hasMessageContaining("long".repeat(10_000));
            }
        }
    }

    @Test
    void whatIsCancelledOrNotTakenLeavesNothingBehind() {
        try (Pool pool = Pool.processes(2);
                ResultStream<byte[]> results = pool.imap(
                        item -> pattern(item),
                        () -> Stream.generate(() -> 1 << 20).iterator())) {
            assertThat(results.iterator().next()).hasSize(1 << 20);
        }
        // results that nobody asked for any more may wait for the collector
        System.gc();
    }

    /** Cannot cross, as its thread cannot. */
    record Holder(String name, Thread thread) {}

    private static final class Unsendable extends RuntimeException {
        private final transient Object lost = new Object();
        private final Thread thread = Thread.currentThread();

        Unsendable(String first, int second) {
            super(first + second);
        }

        @Override
        public String getMessage() {
            return super.getMessage() + " in " + thread.getName() + lost;
        }
    }

    private static int fail(int item) {
        throw new Unsendable("cannot go ", item);
    }

    @Test
    void whatCannotCrossIsToldAndCostsNothingElse() {
        try (Pool pool = Pool.processes(2)) {
            long worker = pool.apply(() -> ProcessHandle.current().pid());
            for (int round = 0; round < 5; round++) {
                Thread here = Thread.currentThread();
                assertThatThrownBy(() -> pool.apply(() -> here.getName()))
                        .isInstanceOf(PayloadException.class)
                        .hasMessageContaining("task");
                assertThatThrownBy(() -> pool.map(Holder::name, List.of(new Holder("a", here))))
                        .isInstanceOf(PayloadException.class)
                        .hasMessageContaining("thread");
                assertThatThrownBy(() -> pool.apply(() -> new Holder("a", Thread.currentThread())))
                        .isInstanceOf(PayloadException.class)
                        .hasMessageContaining("result")
                        .hasMessageContaining("thread");
                assertThatThrownBy(() -> pool.map(PayloadTest::fail, List.of(7)))
                        .isInstanceOf(TaskFailedException.class)
                        .cause()
                        .hasMessageContaining("cannot go 7");
            }
            List<Outcome<Object, String>> mixed = pool
                    .<Object, String>outcomes(
                            String::valueOf, List.of("good", new Holder("a", Thread.currentThread()), 3))
                    .stream()
                    .toList();
            assertThat(mixed.get(0).orElseThrow()).isEqualTo("good");
            assertThat(mixed.get(1)).isInstanceOf(Outcome.Failure.class);
            assertThat(mixed.get(2).orElseThrow()).isEqualTo("3");
            List<Long> workers = pool.broadcast(() -> ProcessHandle.current().pid());
            assertThat(workers).as("no worker was lost").contains(worker);
        }
    }
}
