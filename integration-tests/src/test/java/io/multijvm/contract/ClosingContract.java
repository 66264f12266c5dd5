// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The end of a pool. */
interface ClosingContract extends PoolUnderTest {

    private static void rejects(Pool pool) {
        List<Integer> items = List.of(1);
        List<ThrowingCallable> calls = List.of(
                () -> pool.<Integer>apply(() -> 1),
                () -> pool.apply(() -> {}),
                () -> pool.<Integer>submit(() -> 1),
                () -> pool.submit(() -> {}),
                () -> pool.<Integer, Integer>map(Tasks::square, items),
                () -> pool.<Integer, Integer>mapAsync(Tasks::square, items),
                () -> pool.<Integer, Integer>imap(Tasks::square, items),
                () -> pool.<Integer, Integer>outcomes(Tasks::square, items),
                () -> pool.with(o -> o.chunkSize(1)).<Integer>apply(() -> 1));
        for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(RejectedExecutionException.class)
                    .isThrownBy(call)
                    .withMessageContaining("closed");
        }
    }

    @Test
    default void aClosedPoolTakesNothing() {
        Pool pool = newPool();
        assertThat(pool.<Integer>apply(() -> 1)).isEqualTo(1);
        pool.close();
        rejects(pool);
        pool.close();
        rejects(pool);
    }

    @Test
    default void aTerminatedPoolTakesNothing() {
        Pool pool = newPool();
        pool.terminate();
        rejects(pool);
        pool.terminate();
        pool.close();
        rejects(pool);
    }

    @Test
    default void aPoolThatWasNeverUsedCloses() {
        newPool().close();
    }

    @Test
    default void whatWasSubmittedBeforeCloseIsFinishedWhenItReturns() {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        TaskFuture<List<Integer>> mapped;
        try (Pool pool = newPool()) {
            for (int i = 0; i < 100; i++) {
                int item = i;
                futures.add(pool.<Integer>submit(() -> Tasks.unevenly(item)));
            }
            mapped = pool.<Integer, Integer>mapAsync(Tasks::unevenly, PoolUnderTest.range(50));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(futures.get(i)).isCompletedWithValue(i);
        }
        assertThat(mapped).isCompletedWithValue(PoolUnderTest.range(50));
    }
}
