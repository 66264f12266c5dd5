// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.TaskContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadsCallsContractTest extends CallsContract {
    /** Where tasks find what cannot cross. */
    private static final List<Pool> SHARED = new CopyOnWriteArrayList<>();

    private static final CountDownLatch HELD = new CountDownLatch(1);

    @Override
    Pool open() {
        return Pool.threads(2);
    }

    @Test
    void aTaskCannotBroadcastToItsOwnPoolForItWouldWaitForItself() {
        SHARED.add(pool());
        assertThatThrownBy(() -> pool().<Integer>apply(
                                () -> SHARED.get(0).broadcast(() -> 1).size()))
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broadcast()");
    }

    @Test
    void twoBroadcastsAtOnceAndABusyThreadDoNotWaitForEachOtherInACircle() throws InterruptedException {
        var busy = pool().submit(() -> {
            HELD.await();
            return 1;
        });
        Thread other = new Thread(() -> pool().broadcast(() -> {}));
        other.start();
        HELD.countDown();
        assertThat(pool().broadcast(() -> TaskContext.current().slot())).containsExactly(0, 1);
        other.join();
        assertThat(busy.join()).isEqualTo(1);
    }
}
