// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Attempt;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.PromiseTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An item that is too large for its worker's heap gets a larger one, once. With real worker JVMs. */
@PromiseTest
class RetryHeapTest {
    private static final int MIB = 1 << 20;

    /** What the JVM may have when it was asked for 96 MiB; collectors keep a part of it to themselves. */
    private static final long OVER_64_MIB = 64L << 20;

    /** Holds so many MiB at a time; tells what heap it had for that. */
    private static long hold(int mebibytes) {
        byte[][] held = new byte[mebibytes][];
        for (int i = 0; i < mebibytes; i++) {
            held[i] = new byte[MIB];
        }
        return held[mebibytes - 1].length == MIB ? Runtime.getRuntime().maxMemory() : 0;
    }

    private static CrashReport report(Outcome.Failure<?, ?> failure) {
        MultijvmException error = failure.error();
        return error.report().orElseThrow();
    }

    @Test
    void anItemThatNeedsMoreHeapHasItAndOneThatNeedsStillMoreFailsWithBothHeapsInItsReport() {
        try (Pool pool = Pool.processes(o -> o.workers(1).heap("32m").retryHeap("96m"))) {
            // without any retries, and told of in its attempts
            TaskFuture<Long> single = pool.submit(() -> hold(50));
            assertThat(single.join()).isGreaterThan(OVER_64_MIB);
            assertThat(single.attempts())
                    .extracting(Attempt::failure)
                    .containsExactly(Optional.of(FailureKind.OUT_OF_MEMORY), Optional.empty());
            assertThat(single.attempts()).extracting(Attempt::slot).containsOnly(0);

            List<Outcome<Integer, Long>> outcomes = pool
                    .with(o -> o.retries(3).crashLimit(9).chunkSize(3))
                    .outcomes(RetryHeapTest::hold, List.of(1, 200, 2))
                    .stream()
                    .toList();
            assertThat(outcomes).extracting(Outcome::attempts).containsExactly(1, 2, 1);
            assertThat(outcomes.get(0).orElseThrow())
                    .as("its place is filled as before")
                    .isLessThan(OVER_64_MIB);
            assertThat(outcomes.get(2).orElseThrow()).isLessThan(OVER_64_MIB);
            assertThat(outcomes.get(1)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
                CrashReport report = report(failure);
                assertThat(report.kind()).isEqualTo(DeathKind.OUT_OF_HEAP);
                assertThat(report.memory().heapMax()).isGreaterThan(OVER_64_MIB);
                assertThat(report.verdict())
                        .containsPattern(
                                "ran out of heap with 3\\d MiB, and again, alone, with the 96 MiB of retryHeap");
                assertThat(report.nextStep()).startsWith("Raise retryHeap (--retry-heap)");
            });
            assertThat(pool.stats().itemsRetried()).isEqualTo(2);
        }
    }
}
