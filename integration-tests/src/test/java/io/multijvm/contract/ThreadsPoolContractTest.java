// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.Pool;
import io.multijvm.failure.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThreadsPoolContractTest extends PoolContract implements ConcurrentContract {
    /** The pool that a task closes although it must not: there is no other way for a task to have it. */
    private static final AtomicReference<@Nullable Pool> OWN = new AtomicReference<>();

    @Override
    public Pool newPool() {
        return Pool.threads(2);
    }

    @Test
    void aPoolHasAtLeastOneThread() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pool.threads(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pool.threads(-1));
    }

    @Test
    void itemsAndResultsAreShared() {
        List<Integer> item = new ArrayList<>();
        try (Pool pool = newPool()) {
            List<List<Integer>> results = pool.<List<Integer>, List<Integer>>map(Tasks::addOne, List.of(item));
            assertThat(results.get(0)).isSameAs(item).containsExactly(1);
        }
    }

    @Test
    void threadsSayWhoseTheyAre() {
        try (Pool pool = newPool()) {
            assertThat(pool.<String>apply(() -> Thread.currentThread().getName()))
                    .matches("multijvm-thread-[01]");
        }
    }

    private static void closeOwn() {
        Pool own = OWN.get();
        if (own != null) {
            own.close();
        }
    }

    @Test
    void aTaskThatClosesItsOwnPoolIsTold() {
        try (Pool pool = newPool()) {
            OWN.set(pool);
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.apply(ThreadsPoolContractTest::closeOwn))
                    .havingCause()
                    .isInstanceOf(IllegalStateException.class)
                    .withMessageContaining("terminate()");
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        } finally {
            OWN.set(null);
        }
    }
}
