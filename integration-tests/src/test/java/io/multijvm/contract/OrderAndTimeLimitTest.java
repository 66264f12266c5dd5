// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options that mean the same in every kind of pool. */
@PromiseTest
class OrderAndTimeLimitTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final List<Integer> TWENTY = IntStream.range(0, 20).boxed().toList();

    enum Kind {
        PROCESSES,
        THREADS,
        SERIAL;

        Pool open() {
            return switch (this) {
                case PROCESSES -> Pool.processes(2);
                case THREADS -> Pool.threads(2);
                case SERIAL -> Pool.serial();
            };
        }
    }

    private static int sleepOn7(int item) throws InterruptedException {
        if (item == 7) {
            TimeUnit.MINUTES.sleep(5);
        }
        return item;
    }

    @ParameterizedTest
    @EnumSource
    void anItemThatRunsTooLongFailsAloneWithTheStackItStoodIn(Kind kind) {
        try (Pool pool = kind.open()) {
            List<Outcome<Integer, Integer>> outcomes = pool
                    .with(o -> o.itemTimeout(LIMIT).chunkSize(10))
                    .<Integer, Integer>outcomes(OrderAndTimeLimitTest::sleepOn7, TWENTY)
                    .stream()
                    .toList();

            assertThat(outcomes).hasSize(20);
            for (Outcome<Integer, Integer> outcome : outcomes) {
                if (outcome.index() != 7) {
                    assertThat(outcome.orElseThrow()).isEqualTo(outcome.item());
                }
            }
            assertThat(outcomes.get(7)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
                assertThat(failure.error()).isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                    assertThat(late.index()).isEqualTo(7);
                    assertThat(late.limit()).isEqualTo(LIMIT);
                    assertThat(late.stack()).anyMatch(frame -> frame.contains("OrderAndTimeLimitTest.sleepOn7("));
                    assertThat(late.stack()).noneMatch(frame -> frame.contains("io.multijvm.worker"));
                });
            });
            assertThat(pool.<Integer>apply(() -> 42)).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLimitIsOfEachItemAndNotOfAllTogether(Kind kind) {
        try (Pool pool = kind.open()) {
            List<Integer> results = pool.with(o -> o.itemTimeout(LIMIT).chunkSize(8))
                    .<Integer, Integer>map(
                            item -> {
                                TimeUnit.MILLISECONDS.sleep(400);
                                return item;
                            },
                            TWENTY.subList(0, 8));
            assertThat(results).isEqualTo(TWENTY.subList(0, 8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSingleTaskHasItsLimitToo(Kind kind) {
        SerializableCallable<Integer> sleeps = () -> sleepOn7(7);
        try (Pool pool = kind.open()) {
            assertThatThrownBy(() -> pool.with(o -> o.itemTimeout(LIMIT)).<Integer>apply(sleeps))
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("timed out after 2 s");
        }
    }

    private static int slowFirst(int item) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(item == 0 ? 1500 : 1);
        return item;
    }

    @ParameterizedTest
    @EnumSource(names = {"PROCESSES", "THREADS"})
    void withoutOrderOneSlowItemHoldsUpNoOther(Kind kind) {
        try (Pool pool = kind.open()) {
            // both workers are there before the slow item begins
            assertThat(pool.with(o -> o.chunkSize(1)).<Integer, Integer>map(item -> item, TWENTY))
                    .isEqualTo(TWENTY);
            List<Integer> order = new ArrayList<>();
            try (ResultStream<Outcome<Integer, Integer>> outcomes = pool.with(
                            o -> o.unordered().chunkSize(1).buffer(100))
                    .<Integer, Integer>outcomes(OrderAndTimeLimitTest::slowFirst, TWENTY)) {
                for (Outcome<Integer, Integer> outcome : outcomes) {
                    assertThat(outcome.orElseThrow()).isEqualTo(outcome.item());
                    assertThat(outcome.item().longValue()).isEqualTo(outcome.index());
                    order.add(outcome.item());
                }
            }
            assertThat(order).containsExactlyInAnyOrderElementsOf(TWENTY);
            assertThat(order).last().isEqualTo(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutOrderEachItemStillHasItsOneResult(Kind kind) {
        try (Pool pool = kind.open();
                ResultStream<Integer> results = pool.with(o -> o.unordered())
                        .<Integer, Integer>imap(
                                item -> item, IntStream.range(0, 5000).boxed().toList())) {
            assertThat(results.stream().sorted().toList())
                    .isEqualTo(IntStream.range(0, 5000).boxed().toList());
        }
    }
}
