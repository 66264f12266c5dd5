// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.task.TaskContext;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class SerialPoolContractTest extends PoolContract implements CopiesContract {
    @Override
    public Pool newPool() {
        return Pool.serial();
    }

    @Test
    void itemsRunInTheCallingThread() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Long>apply(() -> Thread.currentThread().getId()))
                    .isEqualTo(Thread.currentThread().getId());
        }
    }

    @Test
    void aSubmitIsFinishedWhenItReturns() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer>submit(() -> 5)).isCompletedWithValue(5);
            assertThat(pool.<Integer>submit(() -> Tasks.failAt(1, 1))).isCompletedExceptionally();
            assertThat(pool.<Integer, Integer>mapAsync(Tasks::square, List.of(2)))
                    .isCompletedWithValue(List.of(4));
        }
    }

    @Test
    void aStreamReadsNothingAhead() {
        Endless items = new Endless();
        try (Pool pool = newPool();
                ResultStream<Integer> results =
                        pool.with(o -> o.buffer(10)).<Integer, Integer>imap(Tasks::square, items)) {
            Iterator<Integer> iterator = results.iterator();
            assertThat(items.read).hasValue(0);
            assertThat(iterator.next()).isEqualTo(0);
            assertThat(iterator.next()).isEqualTo(1);
            assertThat(items.read).hasValue(2);
        }
    }

    @Test
    void anInterruptedCallerGetsACancellationAndKeepsItsFlag() {
        String place = place();
        try (Pool pool = newPool()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> pool.<Integer, Integer>map(item -> Tasks.mark(place, item), List.of(0)));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(Marks.isSet(place, Tasks.STARTED + 0)).isFalse();
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void anInterruptOfTheRunningItemIsOneOfItsCaller() {
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> pool.<Integer>apply(() -> {
                        throw new InterruptedException();
                    }));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static long indexAfterInnerPool() {
        try (Pool inner = Pool.serial()) {
            inner.apply(() -> {});
        }
        return TaskContext.current().itemIndex();
    }

    @Test
    void aTaskThatUsesAnotherPoolInItsThreadKeepsItsContext() {
        try (Pool pool = newPool()) {
            assertThat(pool.<Integer, Long>map(item -> indexAfterInnerPool(), List.of(5, 6)))
                    .containsExactly(0L, 1L);
        }
    }
}
