// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What cannot cross is told, and costs nothing else. Ten times each, for a leak or a lost worker shows later. */
interface PayloadContract extends PoolUnderTest {
    int TIMES = 10;

    private static void refused(String root, String named, ThrowingCallable call) {
        assertThatExceptionOfType(PayloadException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.PAYLOAD))
                .satisfies(e -> assertThat(e.path()).startsWith(root))
                .withMessageContaining(named);
    }

    @Test
    default void aTaskThatCannotCrossIsRefusedAtTheCall() {
        Thread captured = Thread.currentThread();
        SerializableFunction<Integer, String> function = item -> captured.getName() + item;
        SerializableCallable<String> callable = () -> captured.getName();
        List<Integer> items = List.of(1, 2);
        try (Pool pool = newPool()) {
            for (int i = 0; i < TIMES; i++) {
                refused("task", "Thread", () -> pool.apply(callable));
                refused("task", "Thread", () -> pool.submit(callable));
                refused("task", "Thread", () -> pool.map(function, items));
                refused("task", "Thread", () -> pool.mapAsync(function, items));
                refused("task", "Thread", () -> pool.imap(function, items));
                refused("task", "Thread", () -> pool.outcomes(function, items));
                assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
            }
        }
    }

    /** Not serialisable, as most classes. */
    final class Office {
        private final int number = 7;

        SerializableFunction<Integer, Integer> usesField() {
            return item -> item + number;
        }
    }

    @Test
    default void aLambdaThatUsesAFieldIsRefusedAndToldThatItCapturesThis() {
        try (Pool pool = newPool()) {
            refused("task", "this", () -> pool.map(new Office().usesField(), List.of(1)));
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    default void anItemThatCannotCrossIsRefusedByItsIndex() {
        List<List<Object>> items =
                Arrays.asList(List.of("fine"), List.of("fine", Thread.currentThread()), List.of("fine"));
        try (Pool pool = newPool()) {
            for (int i = 0; i < TIMES; i++) {
                refused("item", "item 1", () -> pool.<List<Object>, Integer>map(Tasks::sizeOf, items));
                List<Outcome<List<Object>, Integer>> outcomes =
                        pool.<List<Object>, Integer>outcomes(Tasks::sizeOf, items).stream()
                                .toList();
                assertThat(outcomes).hasSize(3);
                assertThat(outcomes.get(0).orElseThrow()).isEqualTo(1);
                refused("item", "Thread", outcomes.get(1)::orElseThrow);
                assertThat(outcomes.get(1).attempts()).isZero();
                assertThat(outcomes.get(2).orElseThrow()).isEqualTo(1);
            }
        }
    }

    @Test
    default void aResultThatCannotCrossFailsItsItem() {
        try (Pool pool = newPool()) {
            for (int i = 0; i < TIMES; i++) {
                refused("result", "item 0", () -> pool.<Integer, Object>map(Tasks::returnThread, List.of(1)));
                refused("result", "Thread", () -> pool.<Object>apply(() -> Tasks.returnThread(1)));
                assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
            }
        }
    }

    @Test
    default void aLambdaIsNoResult() {
        try (Pool pool = newPool()) {
            for (int i = 0; i < TIMES; i++) {
                assertThatExceptionOfType(PayloadException.class)
                        .isThrownBy(() -> pool.<Integer, Object>map(Tasks::returnLambda, List.of(1)));
                assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
            }
        }
    }

    @Test
    default void anExceptionThatCannotCrossIsToldByNameAndMessage() {
        try (Pool pool = newPool()) {
            for (int i = 0; i < TIMES; i++) {
                assertThatExceptionOfType(TaskFailedException.class)
                        .isThrownBy(() -> pool.<Integer, Integer>map(Tasks::throwThread, List.of(5)))
                        .withMessageContaining("held by 5")
                        .havingCause()
                        .isInstanceOfSatisfying(RemoteTaskException.class, cause -> {
                            assertThat(cause.className()).isEqualTo(Tasks.HoldsThread.class.getName());
                            assertThat(cause.remoteMessage()).isEqualTo("held by 5");
                            assertThat(cause.getStackTrace())
                                    .anyMatch(frame -> frame.getMethodName().equals("throwThread"));
                        });
                assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
            }
        }
    }
}
