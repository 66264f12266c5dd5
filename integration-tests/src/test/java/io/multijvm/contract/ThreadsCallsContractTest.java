// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.TaskContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ThreadsCallsContractTest extends CallsContract {
    /** Where tasks find what cannot cross. */
    private static final AtomicReference<Pool> SHARED = new AtomicReference<>();

    private static final AtomicReference<CountDownLatch> HELD = new AtomicReference<>();

    @Override
    Pool open() {
        return Pool.threads(2);
    }

    @Test
    void aTaskCannotBroadcastToItsOwnPoolForItWouldWaitForItself() {
        SHARED.set(pool());
        assertThatThrownBy(() -> pool().<Integer>apply(
                                () -> SHARED.get().broadcast(() -> 1).size()))
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broadcast()");
    }

    @Test
    void twoBroadcastsAtOnceAndABusyThreadDoNotWaitForEachOtherInACircle() throws InterruptedException {
        HELD.set(new CountDownLatch(1));
        var busy = pool().submit(() -> {
            HELD.get().await();
            return 1;
        });
        Thread other = new Thread(() -> pool().broadcast(() -> {}));
        other.start();
        HELD.get().countDown();
        assertThat(pool().broadcast(() -> TaskContext.current().slot())).containsExactly(0, 1);
        other.join();
        assertThat(busy.join()).isEqualTo(1);
    }
}
