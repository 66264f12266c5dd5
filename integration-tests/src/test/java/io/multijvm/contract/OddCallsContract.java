// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Args;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The odd cases that the tests of Python's, Pebble's and mpire's pools check. */
abstract class OddCallsContract extends SharedPool {

    private static int square(int x) {
        return x * x;
    }

    @Test
    void anEmptyInputAnswersAtOnceInEveryFormThoughNoWorkerIsUpYet() {
        long begin = System.nanoTime();
        try (Pool fresh = open()) {
            List<Integer> nothing = List.of();
            assertThat(fresh.map(OddCallsContract::square, nothing)).isEmpty();
            assertThat(fresh.with(o -> o.chunkSize(3)).map(OddCallsContract::square, nothing))
                    .isEmpty();
            assertThat(fresh.mapAsync(OddCallsContract::square, nothing).join()).isEmpty();
            assertThat(fresh.imap(OddCallsContract::square, nothing)).isEmpty();
            assertThat(fresh.imapUnordered(OddCallsContract::square, nothing)).isEmpty();
            assertThat(fresh.outcomes(OddCallsContract::square, nothing)).isEmpty();
            assertThat(fresh.starmap((Integer a, Integer b) -> a, List.<Args.Two<Integer, Integer>>of()))
                    .isEmpty();
            fresh.<Integer>forEach(OddCallsContract::square, nothing);
            // far less than a JVM needs to start
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            fresh.terminate();
        }
    }

    private static Iterable<Integer> throwsAt(int at) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < 20;
            }

            @Override
            public Integer next() {
                if (next == at) {
                    throw new IllegalArgumentException("bad line " + at);
                }
                return next++;
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,5", "2,0", "2,5", "4,0", "4,5"})
    void whatComesBeforeABrokenItemOfTheInputComesFirst(int chunk, int at) {
        for (boolean ordered : new boolean[] {true, false}) {
            List<Integer> got = new ArrayList<>();
            assertThatThrownBy(() -> pool().with(o -> {
                                o.chunkSize(chunk);
                                if (!ordered) {
                                    o.unordered();
                                }
                            })
                            .<Integer, Integer>imap(item -> item, throwsAt(at))
                            .forEach(got::add))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("bad line " + at);
            assertThat(got).containsExactlyInAnyOrderElementsOf(upTo(at));
        }
        assertThatThrownBy(() -> pool().map(OddCallsContract::square, throwsAt(at)))
                .hasMessage("bad line " + at);
        assertThat(pool().map(OddCallsContract::square, List.of(3))).containsExactly(9);
    }

    /** A collection whose size is not what its iterator gives. */
    private static final class Liar extends AbstractList<Integer> {
        private final int said;
        private final int real;

        Liar(int said, int real) {
            this.said = said;
            this.real = real;
        }

        @Override
        public Integer get(int index) {
            return index;
        }

        @Override
        public int size() {
            return said;
        }

        @Override
        public Iterator<Integer> iterator() {
            return upTo(real).iterator();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,10", "3,10", "10,3", "1000000,5", "7,0"})
    void aCollectionThatLiesAboutItsSizeIsReadByItsIterator(int said, int real) {
        assertThat(pool().<Integer, Integer>map(item -> item, new Liar(said, real)))
                .isEqualTo(upTo(real));
        assertThat(pool().<Integer, Integer>imap(item -> item, new Liar(said, real)))
                .containsExactlyElementsOf(upTo(real));
        assertThat(pool().<Integer, Integer, Integer>map((a, b) -> a, new Liar(said, real), upTo(20)))
                .isEqualTo(upTo(Math.min(real, 20)));
    }

    /** No constructor that a codec could call, and a field that cannot cross. */
    private static final class Odd extends RuntimeException {
        @SuppressWarnings("unused") // it is what cannot cross
        final Thread thread = Thread.currentThread();

        Odd(String text, Object second) {
            super(text + second);
        }
    }

    private static int throwOdd(int x) {
        throw new Odd("odd ", x);
    }

    @Test
    void whatCannotCrossTwentyTimesInARowCostsNoWorker() {
        List<Long> before = pool().broadcast(() -> ProcessHandle.current().pid());
        Thread thread = Thread.currentThread();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> pool().map(item -> 1, Arrays.asList(1, thread)))
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> pool().map(item -> Thread.currentThread(), upTo(3)))
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> pool().map(OddCallsContract::throwOdd, upTo(3)))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("odd ");
        }
        assertThat(pool().broadcast(() -> ProcessHandle.current().pid())).isEqualTo(before);
    }

    @Test
    void aMapWhileAStreamIsOpenIsAnsweredAndTheStreamGoesOn() {
        AtomicLong read = new AtomicLong();
        try (ResultStream<Integer> stream = pool().imap(item -> item, CallsContract.endless(read))) {
            Iterator<Integer> taken = stream.iterator();
            assertThat(taken.next()).isZero();
            assertThat(pool().map(OddCallsContract::square, upTo(50))).hasSize(50);
            for (int i = 1; i < 100; i++) {
                assertThat(taken.next()).isEqualTo(i);
            }
        }
    }

    @Test
    void aStreamThatIsClosedEarlyReadsNoFurther() {
        AtomicLong read = new AtomicLong();
        ResultStream<Integer> stream = pool().imap(item -> item, CallsContract.endless(read));
        Iterator<Integer> taken = stream.iterator();
        assertThat(taken.next()).isZero();
        stream.close();
        assertThat(taken.hasNext()).isFalse();
        assertThatThrownBy(taken::next).isInstanceOf(NoSuchElementException.class);
        assertThat(pool().<Integer>apply(() -> 1)).isEqualTo(1);
        long then = read.get();
        assertThat(pool().map(OddCallsContract::square, upTo(200))).hasSize(200);
        // one item may have been at hand when it was closed
        assertThat(read.get()).isLessThanOrEqualTo(then + 1);
    }

    private static int failWithAMegabyte(int item) {
        if (item == 3) {
            throw new IllegalStateException("x".repeat(1 << 20));
        }
        return item;
    }

    @Test
    void aFirstFailureOfAMegabyteHoldsNothingUp() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> pool().map(OddCallsContract::failWithAMegabyte, upTo(200)))
                    .isInstanceOf(TaskFailedException.class)
                    .cause()
                    .hasMessageContaining("xxx");
        }
        assertThat(pool().map(OddCallsContract::square, upTo(500))).hasSize(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 1_000_000})
    void anyChunkSizeGivesTheSameResults(int chunk) {
        var calls = pool().with(o -> o.chunkSize(chunk));
        assertThat(calls.<Integer, Integer>map(item -> item, upTo(100))).isEqualTo(upTo(100));
        assertThat(calls.<Integer, Integer>imap(item -> item, upTo(100))).containsExactlyElementsOf(upTo(100));
    }

    private static final class Parcel {
        final int[] content = new int[100_000];
    }

    @Test
    void argumentsAndResultsAreNotKeptAliveAfterTheCall() {
        List<WeakReference<Object>> seen = new ArrayList<>();
        mapParcels(seen);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    System.gc();
                    return seen.stream().allMatch(reference -> reference.get() == null);
                });
        assertThat(seen).hasSize(30);
    }

    private void mapParcels(List<WeakReference<Object>> seen) {
        List<Parcel> parcels = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            parcels.add(new Parcel());
        }
        List<List<Parcel>> results = List.of(
                pool().<Parcel, Parcel>map(parcel -> parcel, parcels),
                pool().<Parcel, Parcel>imap(parcel -> parcel, parcels).stream().toList(),
                pool().<Parcel, Parcel>mapAsync(parcel -> parcel, parcels).join(),
                List.of(pool().<Parcel>apply(Parcel::new)));
        parcels.forEach(parcel -> seen.add(new WeakReference<>(parcel)));
        results.forEach(list -> list.forEach(parcel -> seen.add(new WeakReference<>(parcel))));
        while (seen.size() < 30) {
            Parcel captured = new Parcel();
            int length = pool().<Integer>apply(() -> captured.content.length);
            assertThat(length).isEqualTo(100_000);
            seen.add(new WeakReference<>(captured));
        }
    }

    /** For the kinds that run beside the caller. */
    abstract static class Concurrent extends OddCallsContract {

        @Test
        void aCallIsMadeThoughItsStreamIsNeverRead() {
            AtomicLong read = new AtomicLong();
            try (ResultStream<Integer> unread =
                    pool().with(o -> o.buffer(5)).imap(item -> item, CallsContract.endless(read))) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> unread.progress().done() == 5);
                assertThat(read).hasValue(5);
            }
        }

        @Test
        void aResultThatTakesLongerThanItIsWaitedForIsStillThereLater(@TempDir Path directory) {
            String go = directory.resolve("go").toString();
            try (ResultStream<Integer> results = pool().imap(
                            item -> {
                                NamedTasks.awaitFile(Path.of(go));
                                return item;
                            },
                            upTo(1))) {
                assertThat(results.next(Duration.ofMillis(1))).isEmpty();
                assertThat(results.atEnd()).isFalse();
                NamedTasks.touch(go);
                assertThat(results.next(Duration.ofSeconds(60))).hasValue(0);
            }
        }
    }
}
