// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import io.multijvm.Calls;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that are made while they are read. */
interface LazyContract extends PoolUnderTest {
    Duration LONG = Duration.ofSeconds(30);

    /** What is there once nobody reads any more. */
    private static int readAtRest(Endless items) {
        int[] seen = {-1};
        await("the reading stops")
                .pollInterval(Duration.ofMillis(150))
                .atMost(LONG)
                .until(() -> seen[0] == (seen[0] = items.read.get()));
        return items.read.get();
    }

    @Test
    default void anEndlessInputIsReadNoFurtherAheadThanTheBuffer() {
        Endless items = new Endless();
        try (Pool pool = newPool();
                ResultStream<Integer> results =
                        pool.with(o -> o.buffer(10)).<Integer, Integer>imap(Tasks::square, items)) {
            Iterator<Integer> iterator = results.iterator();
            for (int i = 0; i < 100; i++) {
                assertThat(iterator.next()).isEqualTo(i * i);
                assertThat(items.read).hasValueLessThanOrEqualTo(i + 1 + 10);
            }
            assertThat(readAtRest(items)).isBetween(100, 110);
        }
    }

    @Test
    default void withoutABufferOptionAnEndlessInputIsStillReadAheadByABoundedNumber() {
        Endless items = new Endless();
        try (Pool pool = newPool();
                ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, items)) {
            assertThat(results.stream().limit(50)).hasSize(50).endsWith(49 * 49);
            assertThat(readAtRest(items)).isLessThan(100_000);
        }
    }

    @Test
    default void closingAStreamCancelsWhatIsLeft() {
        Endless items = new Endless();
        try (Pool pool = newPool()) {
            ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, items);
            Iterator<Integer> iterator = results.iterator();
            assertThat(iterator.next()).isEqualTo(0);
            results.close();
            results.close();
            assertThat(results.atEnd()).isTrue();
            assertThat(iterator.hasNext()).isFalse();
            int read = readAtRest(items);
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
            assertThat(items.read).hasValue(read);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    default void whatTheInputThrowsComesAfterTheResultsBeforeIt(int chunkSize) {
        try (Pool pool = newPool()) {
            Calls calls = pool.with(o -> o.chunkSize(chunkSize));
            for (int good : new int[] {0, 1, 5}) {
                breaksAfter(good, calls.<Integer, Integer>imap(Tasks::square, PoolUnderTest.breakingAfter(good)));
                breaksAfter(good, calls.<Integer, Integer>outcomes(Tasks::square, PoolUnderTest.breakingAfter(good)));
            }
        }
    }

    private static void breaksAfter(int good, ResultStream<?> results) {
        List<@Nullable Object> seen = new ArrayList<>();
        assertThatExceptionOfType(BrokenInput.class).isThrownBy(() -> results.forEach(seen::add));
        assertThat(seen).hasSize(good);
        assertThat(results.atEnd()).isTrue();
    }

    @Test
    default void anInputMayWaitForEarlierResults() {
        BlockingQueue<Integer> fed = new LinkedBlockingQueue<>(List.of(2));
        Iterable<Integer> items = () -> Stream.generate(() -> taken(fed)).iterator();
        try (Pool pool = newPool();
                ResultStream<Integer> results = pool.<Integer, Integer>imap(item -> (item + 1) % 1000, items)) {
            Iterator<Integer> iterator = results.iterator();
            for (int i = 0; i < 20; i++) {
                int result = iterator.next();
                assertThat(result).isEqualTo(3 + i);
                fed.add(result);
            }
            // the reader may be waiting for this one when the stream is closed
            fed.add(0);
        }
    }

    private static int taken(BlockingQueue<Integer> fed) {
        try {
            Integer item = fed.poll(30, TimeUnit.SECONDS);
            if (item == null) {
                throw new IllegalStateException("no result came");
            }
            return item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    default void outcomesAreFailuresAndSuccessesInInputOrder() {
        try (Pool pool = newPool()) {
            List<Outcome<Integer, Integer>> outcomes = pool
                    .<Integer, Integer>outcomes(
                            item -> Tasks.failAt(item % 3 == 1 ? item : -1, item), PoolUnderTest.range(9))
                    .stream()
                    .toList();
            assertThat(outcomes).hasSize(9);
            for (int i = 0; i < 9; i++) {
                Outcome<Integer, Integer> outcome = outcomes.get(i);
                assertThat(outcome.index()).isEqualTo(i);
                assertThat(outcome.item()).isEqualTo(i);
                assertThat(outcome.attempts()).isEqualTo(1);
                if (i % 3 == 1) {
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Failure.class,
                                    failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TASK));
                    assertThatExceptionOfType(TaskFailedException.class)
                            .isThrownBy(outcome::orElseThrow)
                            .withMessageContaining("item " + i)
                            .withCauseInstanceOf(IllegalArgumentException.class);
                } else {
                    assertThat(outcome.orElseThrow()).isEqualTo(i);
                }
            }
        }
    }

    @Test
    default void aFailureIsThrownInItsPlaceAndEndsTheStream() {
        Endless items = new Endless();
        try (Pool pool = newPool();
                ResultStream<Integer> results = pool.<Integer, Integer>imap(item -> Tasks.failAt(2, item), items)) {
            Iterator<Integer> iterator = results.iterator();
            assertThat(iterator.next()).isEqualTo(0);
            assertThat(iterator.next()).isEqualTo(1);
            assertThat(iterator.hasNext()).isTrue();
            assertThat(results.atEnd()).isFalse();
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(iterator::next)
                    .satisfies(e -> assertThat(e.index()).isEqualTo(2));
            assertThat(iterator.hasNext()).isFalse();
            assertThat(results.atEnd()).isTrue();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        }
    }

    @Test
    default void theNextResultMayBeAskedForWithATimeLimit() {
        try (Pool pool = newPool();
                ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, PoolUnderTest.range(3))) {
            for (int i = 0; i < 3; i++) {
                assertThat(results.atEnd()).isFalse();
                assertThat(results.next(LONG)).hasValue(i * i);
            }
            assertThat(results.next(LONG)).isEmpty();
            assertThat(results.atEnd()).isTrue();
        }
    }

    @Test
    default void aNullResultIsNoOptional() {
        List<@Nullable String> items = Arrays.asList("a", null);
        try (Pool pool = newPool();
                ResultStream<@Nullable String> results =
                        pool.<@Nullable String, @Nullable String>imap(Tasks::nullToText, items)) {
            assertThatNullPointerException().isThrownBy(() -> results.next(LONG));
            assertThat(results.next(LONG)).hasValue("null");
        }
    }

    @Test
    default void resultsMayBeGoneThroughOnce() {
        try (Pool pool = newPool();
                ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, List.of(1))) {
            assertThat(results).containsExactly(1);
            assertThatIllegalStateException().isThrownBy(results::iterator);
            assertThatIllegalStateException().isThrownBy(results::stream);
        }
    }

    @Test
    default void closingTheJavaStreamClosesTheResults() {
        Endless items = new Endless();
        try (Pool pool = newPool()) {
            ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, items);
            try (Stream<Integer> stream = results.stream()) {
                assertThat(stream.limit(3).toList()).containsExactly(0, 1, 4);
            }
            assertThat(results.atEnd()).isTrue();
            readAtRest(items);
        }
    }

    @Test
    default void closingThePoolEndsTheReadingAndTheStreamSaysSo() {
        Endless items = new Endless();
        Pool pool = newPool();
        ResultStream<Integer> results = pool.<Integer, Integer>imap(Tasks::square, items);
        Iterator<Integer> iterator = results.iterator();
        assertThat(iterator.next()).isEqualTo(0);
        pool.close();
        int read = items.read.get();
        List<Integer> rest = new ArrayList<>();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> iterator.forEachRemaining(rest::add));
        assertThat(items.read).as("items read").hasValue(read);
        for (int i = 0; i < rest.size(); i++) {
            assertThat(rest.get(i)).isEqualTo((i + 1) * (i + 1));
        }
    }

    @Test
    default void aStreamThatWasReadToItsEndNeedsNoClosing() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Integer>imap(Tasks::square, PoolUnderTest.range(20)))
                    .hasSize(20);
        }
    }
}
