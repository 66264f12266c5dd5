// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Data that several JVMs map. Long forms: {@code -Dmultijvm.increments=5000000}, {@code -Dmultijvm.litmus=1000000} and
 * {@code -Dmultijvm.array.megabytes=1024}.
 */
@SharedPoolTest
class SharedDataTest {
    private static final int INCREMENTS = Integer.getInteger("multijvm.increments", 500_000);
    private static final int ROUNDS = Integer.getInteger("multijvm.litmus", 5_000);
    private static final long MEGABYTES = Integer.getInteger("multijvm.array.megabytes", 128);
    private static final int MANY = 10_000;
    private static final int CLOSES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Pool pool;

    @BeforeAll
    void start() {
        pool = Pool.processes(4);
        pool.broadcast(() -> 0);
    }

    @AfterAll
    void end() {
        pool.close();
    }

    @Test
    void whatTwoJvmsCountIsExact() {
        try (Manager manager = Manager.start()) {
            SharedLong v = manager.longValue(0);
            SharedInt here = manager.intValue(0);
            List<Long> nanos = pool.with(o -> o.chunkSize(1))
                    .map(
                            unused -> {
                                meet(here, 2);
                                long begin = System.nanoTime();
                                for (int i = 0; i < INCREMENTS; i++) {
                                    v.incrementAndGet();
                                }
                                return (System.nanoTime() - begin) / INCREMENTS;
                            },
                            List.of(1, 2));
            assertThat(v.get()).isEqualTo(2L * INCREMENTS);
            System.out.printf("2 JVMs x %d increments: %d, at %s ns each%n", INCREMENTS, v.get(), nanos);
        }
    }

    /** Waits until there were so many arrivals: only so do items run at the same time for certain. */
    private static void meet(SharedInt arrivals, int wanted) {
        arrivals.incrementAndGet();
        until(() -> arrivals.get() >= wanted ? 1 : 0, 1);
    }

    /** Two threads of two JVMs; {@code first} writes x and then reads y, {@code second} the other way round. */
    @Test
    void storesAreNotReorderedWithLaterLoadsNorWithEarlierStores() {
        try (Manager manager = Manager.start()) {
            SharedInt x = manager.intValue(0);
            SharedLongArray y = manager.longArray(1);
            SharedLongArray data = manager.longArray(100);
            SharedInt flag = manager.intValue(0);
            SharedInt seenByFirst = manager.intValue(0);
            SharedInt turn = manager.intValue(0);
            List<Integer> wrong = pool.with(o -> o.chunkSize(1))
                    .map(
                            who -> who == 1
                                    ? first(x, y, data, flag, seenByFirst, turn)
                                    : second(x, y, data, flag, seenByFirst, turn),
                            List.of(1, 2));
            assertThat(wrong).containsExactly(0, 0);
            System.out.printf(
                    "%d rounds of store buffering and message passing between two JVMs: none wrong%n", ROUNDS);
        }
    }

    private static int first(
            SharedInt x, SharedLongArray y, SharedLongArray data, SharedInt flag, SharedInt seen, SharedInt turn) {
        for (int round = 1; round <= ROUNDS; round++) {
            int now = round;
            until(() -> turn.get(), 2 * now - 2);
            turn.incrementAndGet();
            until(() -> turn.get() >= 2 * now ? 1 : 0, 1);
            x.set(round);
            seen.set((int) y.get(0));
            // message passing: a plain copy, then a flag
            long[] message = new long[100];
            Arrays.fill(message, round);
            data.set(0, message);
            flag.set(round);
            until(() -> flag.get(), -now);
        }
        return 0;
    }

    private static int second(
            SharedInt x, SharedLongArray y, SharedLongArray data, SharedInt flag, SharedInt seen, SharedInt turn) {
        int wrong = 0;
        long[] message = new long[100];
        for (int round = 1; round <= ROUNDS; round++) {
            int now = round;
            until(() -> turn.get() >= 2 * now - 1 ? 1 : 0, 1);
            turn.incrementAndGet();
            y.set(0, round);
            int mine = x.get();
            until(() -> flag.get(), now);
            if (mine != round && seen.get() != round) {
                wrong++; // each has read what was before the other's store
            }
            data.get(0, message);
            for (long part : message) {
                wrong += part == round ? 0 : 1;
            }
            flag.set(-round);
        }
        return wrong;
    }

    @SuppressWarnings("ThreadPriorityCheck") // there may be fewer cores than processes that wait for each other
    private static void until(LongSupplier value, long wanted) {
        for (int spins = 0; value.getAsLong() != wanted; spins++) {
            if (spins % 100 == 99) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anArrayIsInMemoryOnceHoweverManyUseItAndFreeWhenItIsClosed() throws Exception {
        long length = (MEGABYTES << 20) / Long.BYTES;
        try (Manager manager = Manager.start()) {
            SharedLongArray array = manager.longArray(length);
            array.set(length - 1, 1);
            SharedInt here = manager.intValue(0);
            long kilobytes = pool
                    .with(o -> o.chunkSize(1))
                    .map(
                            unused -> {
                                meet(here, 4);
                                long before = pss();
                                meet(here, 8);
                                for (long at = 0; at < length; at += 512) {
                                    array.getAndAdd(at, 1);
                                }
                                meet(here, 12);
                                long grown = pss() - before;
                                meet(here, 16);
                                return grown;
                            },
                            List.of(1, 2, 3, 4))
                    .stream()
                    .mapToLong(grown -> grown)
                    .sum();
            assertThat(array.get(0)).isEqualTo(4);
            assertThat(array.get(512 * ((length - 1) / 512))).isEqualTo(4);
            System.out.printf(
                    "an array of %d MB used by 4 workers: %d MB more resident in all (Pss)%n",
                    MEGABYTES, kilobytes >> 10);
            assertThat(kilobytes >> 10).isBetween(MEGABYTES * 8 / 10, MEGABYTES * 12 / 10 + 20);
            assertThat(held()).isGreaterThanOrEqualTo(MEGABYTES << 20);
            array.close();
            await().atMost(PATIENCE).until(() -> held() < (MEGABYTES << 20) / 2);
        }
    }

    /** Proportional, so that what is shared counts once; in kB. */
    private static long pss() {
        try {
            return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of all shared memory that this JVM keeps open, as the owner's does. */
    private static long held() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                try {
                    if (Files.readSymbolicLink(descriptor).startsWith("/dev/shm")) {
                        bytes += Files.size(descriptor);
                    }
                } catch (IOException e) {
                    // closed since it was listed
                }
            }
        }
        return bytes;
    }

    @Test
    void whatThereIsNoRoomForIsRefusedWithTheSizes() {
        try (Manager manager = Manager.start()) {
            assertThatThrownBy(() -> manager.longArray(1L << 45))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("array of longs of length " + (1L << 45))
                    .hasMessageContaining("no room for " + (1L << 48) + " bytes")
                    .hasMessageContaining("/dev/shm");
            assertThat(manager.longArray(10).length()).isEqualTo(10);
        }
    }

    @Test
    void thousandsOfValuesAreMadeAndClosedAndNoneWaitsUntilAnotherHasRested() {
        try (Manager manager = Manager.start()) {
            SharedLong inUse = manager.longValue(1);
            long begin = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                try (SharedLong v = manager.longValue(i)) {
                    if (i % 100 == 0) {
                        assertThat(v.incrementAndGet()).isEqualTo(i + 1);
                    }
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            assertThat(inUse.get()).isEqualTo(1);
            System.out.printf("%d values made and closed: %.0f a second%n", MANY, MANY / seconds);
            assertThat(seconds).as("to wait for each would take hours").isLessThan(150);
        }
    }

    @Test
    void memoryIsSharedByItsHandleAndItsViewsOutliveItsClose() {
        String name = "memory of " + ProcessHandle.current().pid();
        try (Manager manager = Manager.start()) {
            SharedMemory memory = manager.memory(name, 10_000);
            ByteBuffer view = memory.buffer();
            assertThat(view.capacity()).isEqualTo(10_000);
            int sum = pool.apply(() -> {
                ByteBuffer here = memory.buffer(4_000, 8);
                here.putLong(0, 12_345L);
                return memory.readOnly().getInt(0)
                        + SharedMemory.attach(name).name().length();
            });
            assertThat(sum).isEqualTo(name.length());
            assertThat(view.getLong(4_000)).isEqualTo(12_345);
            assertThat(memory.readOnly().isReadOnly()).isTrue();
            assertThatThrownBy(() -> memory.buffer(9_999, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            memory.close();
            assertThatThrownBy(memory::buffer)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            SharedMemory.attach(name).unlink();
            assertThatThrownBy(() -> SharedMemory.attach(name)).isInstanceOf(IllegalArgumentException.class);
            // a worker that has it open hears of it a moment later
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> pool.apply(() -> memory.buffer().get(0)))
                            .hasStackTraceContaining("IllegalStateException"));
            assertThat(view.getLong(4_000)).isEqualTo(12_345);
            assertThat(manager.memory(name, 5).readOnly().get(0)).isZero();
        }
    }

    @Test
    void whoIsAtWorkWhenItIsClosedIsToldAndTouchesNothingThatComesAfter() {
        try (Manager manager = Manager.start()) {
            List<SharedLong> later = new ArrayList<>();
            for (int round = 0; round < CLOSES; round++) {
                SharedLong v = manager.longValue(0);
                SharedLongArray array = manager.longArray(1 << 16);
                TaskFuture<String> counts = pool.submit(() -> endOf(() -> v.incrementAndGet()));
                TaskFuture<String> copies = pool.submit(() -> endOf(copying(array)));
                until(() -> v.get() > 1_000 && array.get(0) > 10 ? 1 : 0, 1);
                v.close();
                array.close();
                for (int i = 0; i < 20; i++) {
                    later.add(manager.longValue(4711));
                }
                assertThat(counts.join()).startsWith("IllegalStateException");
                assertThat(copies.join()).startsWith("IllegalStateException");
            }
            assertThat(later).allSatisfy(v -> assertThat(v.get()).isEqualTo(4711));
        }
    }

    private static Runnable copying(SharedLongArray array) {
        long[] all = new long[1 << 16];
        return () -> {
            all[0]++;
            array.set(0, all);
            array.get(0, all);
        };
    }

    /** Does it until that fails. */
    private static String endOf(Runnable work) {
        while (true) {
            try {
                work.run();
            } catch (RuntimeException | InternalError e) {
                return e.getClass().getSimpleName() + ": " + e.getMessage();
            }
        }
    }

    @Test
    void memoryWithoutALengthOrANameIsRefusedAndNothingStays() {
        try (Manager manager = Manager.start()) {
            for (long bytes : new long[] {0, -1, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> manager.memory("refused", bytes))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("bytes " + bytes);
            }
            assertThatThrownBy(() -> manager.memory(" ", 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> manager.memory("too large", 1L << 50))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no room for");
            assertThatThrownBy(() -> SharedMemory.attach("too large")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
