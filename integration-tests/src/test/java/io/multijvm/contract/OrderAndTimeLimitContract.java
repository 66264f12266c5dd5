// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ResultStream;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that mean the same in every kind of pool. All on one pool. */
abstract class OrderAndTimeLimitContract extends SharedPool {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** For what never ends by itself: no other item has to keep to it. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final List<Integer> TWENTY = IntStream.range(0, 20).boxed().toList();

    private static int sleepOn7(int item) throws InterruptedException {
        if (item == 7) {
            TimeUnit.MINUTES.sleep(5);
        }
        return item;
    }

    @Test
    void anItemThatRunsTooLongFailsAloneWithTheStackItStoodIn() {
        List<Outcome<Integer, Integer>> outcomes = pool()
                .with(o -> o.itemTimeout(LIMIT).chunkSize(10))
                .<Integer, Integer>outcomes(OrderAndTimeLimitContract::sleepOn7, TWENTY)
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
                assertThat(late.stack()).anyMatch(frame -> frame.contains("OrderAndTimeLimitContract.sleepOn7("));
                assertThat(late.stack()).noneMatch(frame -> frame.contains("io.multijvm.worker"));
            });
        });
        assertThat(pool().<Integer>apply(() -> 42)).isEqualTo(42);
    }

    @Test
    void aLimitIsOfEachItemAndNotOfAllTogether() {
        // 2.1 s also where two workers share them
        List<Integer> fourteen = TWENTY.subList(0, 14);
        List<Integer> results = pool().with(o -> o.itemTimeout(LIMIT).chunkSize(14))
                .<Integer, Integer>map(
                        item -> {
                            TimeUnit.MILLISECONDS.sleep(300);
                            return item;
                        },
                        fourteen);
        assertThat(results).isEqualTo(fourteen);
    }

    @Test
    void aSingleTaskHasItsLimitToo() {
        SerializableCallable<Integer> sleeps = () -> sleepOn7(7);
        assertThatThrownBy(() -> pool().with(o -> o.itemTimeout(SHORT)).<Integer>apply(sleeps))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("timed out after 500 ms");
    }

    @Test
    void withoutOrderEachItemStillHasItsOneResult() {
        try (ResultStream<Integer> results = pool().with(o -> o.unordered())
                .<Integer, Integer>imap(
                        item -> item, IntStream.range(0, 5000).boxed().toList())) {
            assertThat(results.stream().sorted().toList())
                    .isEqualTo(IntStream.range(0, 5000).boxed().toList());
        }
    }

    /** For the kinds that run items beside one another. */
    abstract static class Concurrent extends OrderAndTimeLimitContract {
        private static int slowFirst(String go, int item) {
            if (item == 0) {
                NamedTasks.awaitFile(Path.of(go));
            }
            return item;
        }

        @Test
        void withoutOrderOneSlowItemHoldsUpNoOther(@TempDir Path directory) {
            String go = directory.resolve("go").toString();
            List<Integer> order = new ArrayList<>();
            try (ResultStream<Outcome<Integer, Integer>> outcomes = pool().with(
                            o -> o.unordered().chunkSize(1).buffer(100))
                    .<Integer, Integer>outcomes(item -> slowFirst(go, item), TWENTY)) {
                while (order.size() < TWENTY.size()) {
                    if (order.size() == TWENTY.size() - 1) {
                        NamedTasks.touch(go); // all others are there
                    }
                    Outcome<Integer, Integer> outcome =
                            outcomes.next(Duration.ofSeconds(50)).orElseThrow();
                    assertThat(outcome.orElseThrow()).isEqualTo(outcome.item());
                    assertThat(outcome.item().longValue()).isEqualTo(outcome.index());
                    order.add(outcome.item());
                }
            }
            assertThat(order).containsExactlyInAnyOrderElementsOf(TWENTY);
            assertThat(order).last().isEqualTo(0);
        }
    }
}
