// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.Calls;
import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Args;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One task, many items, all results. */
interface MapContract extends PoolUnderTest {

    @Test
    default void anEmptyInputHasNoResults() throws Exception {
        try (Pool pool = newPool()) {
            for (Calls calls : List.of(pool, pool.with(o -> o.chunkSize(7)))) {
                assertThat(calls.<Integer, Integer>map(Tasks::square, List.of()))
                        .isEmpty();
                assertThat(calls.<Integer, Integer>mapAsync(Tasks::square, List.of())
                                .get(30, TimeUnit.SECONDS))
                        .isEmpty();
                assertThat(calls.<Integer, Integer>imap(Tasks::square, List.of()))
                        .isEmpty();
                assertThat(calls.<Integer, Integer>outcomes(Tasks::square, List.of()))
                        .isEmpty();
            }
        }
    }

    @Test
    default void oneItemHasOneResult() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Integer>map(Tasks::square, List.of(9))).containsExactly(81);
            assertThat(pool.<Integer, Integer>imap(Tasks::square, List.of(9))).containsExactly(81);
        }
    }

    @Test
    default void itemsAndResultsMayBeNull() {
        List<@Nullable String> items = Arrays.asList(null, "a", null);
        try (Pool pool = newPool()) {
            assertThat(pool.<@Nullable String, @Nullable String>map(Tasks::nullToText, items))
                    .containsExactly("null", null, "null");
            assertThat(pool.<@Nullable String, @Nullable String>imap(Tasks::nullToText, items))
                    .containsExactly("null", null, "null");
            assertThat(pool.<@Nullable String, @Nullable String>outcomes(Tasks::nullToText, items))
                    .extracting(outcome -> outcome.orElseThrow())
                    .containsExactly("null", null, "null");
            assertThat(pool.<@Nullable String>apply(() -> Tasks.nullToText("a")))
                    .isNull();
        }
    }

    @Test
    default void resultsComeInInputOrderHoweverLongEachItemTakes() {
        List<Integer> items = PoolUnderTest.range(80);
        try (Pool pool = newPool()) {
            assertThat(pool.with(o -> o.chunkSize(1)).<Integer, Integer>map(Tasks::unevenly, items))
                    .isEqualTo(items);
            assertThat(pool.<Integer, Integer>imap(Tasks::unevenly, items)).containsExactlyElementsOf(items);
        }
    }

    @Test
    default void tenThousandItemsHaveTenThousandResults() {
        List<Integer> squares =
                IntStream.range(0, 10_000).map(Tasks::square).boxed().toList();
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Integer>map(Tasks::square, PoolUnderTest.range(10_000)))
                    .isEqualTo(squares);
            assertThat(pool.<Integer, Integer>imap(Tasks::square, PoolUnderTest.range(10_000)).stream())
                    .containsExactlyElementsOf(squares);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    default void theSizeOfChunksChangesNoResult(int chunkSize) {
        List<Integer> squares =
                IntStream.range(0, 100).map(Tasks::square).boxed().toList();
        try (Pool pool = newPool()) {
            Calls calls = pool.with(o -> o.chunkSize(chunkSize));
            assertThat(calls.<Integer, Integer>map(Tasks::square, PoolUnderTest.range(100)))
                    .isEqualTo(squares);
            assertThat(calls.<Integer, Integer>imap(Tasks::square, PoolUnderTest.range(100)))
                    .containsExactlyElementsOf(squares);
        }
    }

    @Test
    default void itemsMayBeOfTwoOrThreeArguments() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, String, String>starmap(
                            (a, b) -> a + b, List.of(Args.of(1, "x"), Args.of(2, "y"))))
                    .containsExactly("1x", "2y");
            assertThat(pool.<Integer, Integer, Integer, Integer>starmap(
                            (a, b, c) -> a * 100 + b * 10 + c, List.of(Args.of(1, 2, 3), Args.of(4, 5, 6))))
                    .containsExactly(123, 456);
        }
    }

    @Test
    default void anInputNeedNotKnowItsSizeAndIsReadOnce() {
        AtomicInteger reads = new AtomicInteger();
        Iterable<Integer> items = () -> {
            reads.incrementAndGet();
            return IntStream.range(0, 50).iterator();
        };
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Integer>map(Tasks::square, items))
                    .hasSize(50)
                    .endsWith(49 * 49);
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    default void aCallerThatIsInterruptedAlreadyGetsACancellationAndKeepsItsFlag() {
        Endless items = new Endless();
        try (Pool pool = newPool()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>map(Tasks::square, items));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    default void theFirstFailureIsThrownWithTheTasksOwnExceptionAndTheItem() {
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(
                            () -> pool.<Integer, Integer>map(item -> Tasks.failAt(3, item), PoolUnderTest.range(10)))
                    .satisfies(e -> assertThat(e.index()).isEqualTo(3))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.TASK))
                    .withMessageContaining("item 3")
                    .withMessageContaining("no 3")
                    .havingCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .withMessage("no 3")
                    .satisfies(cause -> assertThat(cause.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("failAt")));
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    default void aFailureStopsTheReadingOfAnEndlessInput() {
        Endless items = new Endless();
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>map(item -> Tasks.failAt(50, item), items))
                    .satisfies(e -> assertThat(e.index()).isEqualTo(50));
        }
        int read = items.read.get();
        assertThat(read).isGreaterThan(50);
    }

    @Test
    default void aCheckedExceptionOfATaskIsTheCause() {
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>map(Tasks::failOnPositive, List.of(4)))
                    .havingCause()
                    .isInstanceOf(IOException.class)
                    .withMessage("disk 4");
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.<Integer>apply(() -> Tasks.failOnPositive(5)))
                    .havingCause()
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    default void anErrorOfATaskFailsItsItemOnly() {
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.<Integer>apply(() -> Tasks.overflow(1)))
                    .havingCause()
                    .isInstanceOf(StackOverflowError.class);
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    default void anExceptionThatCannotBeBuiltAgainKeepsItsNameAndMessage() {
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>map(Tasks::peculiar, List.of(4)))
                    .withMessageContaining("code 4 because")
                    .havingCause()
                    .withMessageContaining("code 4 because")
                    .satisfies(cause -> assertThat(nameOf(cause)).isEqualTo(Tasks.Peculiar.class.getName()));
        }
    }

    private static String nameOf(Throwable cause) {
        return cause instanceof RemoteTaskException remote
                ? remote.className()
                : cause.getClass().getName();
    }

    @Test
    default void whatTheInputThrowsIsThrown() {
        try (Pool pool = newPool()) {
            for (int good : new int[] {0, 1, 20}) {
                assertThatExceptionOfType(BrokenInput.class)
                        .isThrownBy(() -> pool.<Integer, Integer>map(Tasks::square, PoolUnderTest.breakingAfter(good)))
                        .withMessage("the input broke after " + good);
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(
                                () -> pool.<Integer, Integer>mapAsync(Tasks::square, PoolUnderTest.breakingAfter(good))
                                        .get(30, TimeUnit.SECONDS))
                        .withCauseInstanceOf(BrokenInput.class);
            }
            assertThat(pool.<Integer, Integer>map(Tasks::square, List.of(3))).containsExactly(9);
        }
    }

    @Test
    default void callsWithOtherOptionsAreCallsOfTheSamePool() {
        try (Pool pool = newPool()) {
            Calls chunked = pool.with(o -> o.chunkSize(2));
            Calls both = chunked.with(o -> o.buffer(3));
            assertThat(both.<Integer, Integer>map(Tasks::square, List.of(1, 2, 3)))
                    .containsExactly(1, 4, 9);
            assertThat(both.<Integer, Integer>imap(Tasks::square, List.of(1, 2, 3)))
                    .containsExactly(1, 4, 9);
            assertThat(chunked.<Integer>apply(() -> 5)).isEqualTo(5);
            assertThatIllegalArgumentException().isThrownBy(() -> pool.with(o -> o.chunkSize(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> pool.with(o -> o.buffer(0)));
        }
    }

    @Test
    default void aTaskKnowsWhichItemItRuns() {
        try (Pool pool = newPool()) {
            List<List<Long>> contexts = pool.<Integer, List<Long>>map(Tasks::context, PoolUnderTest.range(10));
            for (int i = 0; i < 10; i++) {
                assertThat(contexts.get(i).get(0)).isEqualTo(i);
                assertThat(contexts.get(i).get(1)).isBetween(0L, 1L);
                assertThat(contexts.get(i).get(2)).isEqualTo(1);
            }
        }
    }
}
