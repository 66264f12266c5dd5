// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedMap;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What those hear who wait for a map when its owner goes; {@link KilledCollectionUsersTest} has the deaths of its users. */
@PromiseTest
@SuppressWarnings("NullAway") // what a task returns here is never null
class SharedCollectionsDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whoWaitsForACallIsToldThatItsManagerWasClosedAndThatTheCallMayHaveBeenDone() {
        try (Pool pool = Pool.processes(1)) {
            TaskFuture<Integer> waits;
            TaskFuture<Integer> comesLater;
            try (Manager manager = Manager.start()) {
                SharedMap<String, Integer> map = manager.map();
                SharedEvent entered = manager.event();
                waits = pool.submit(() -> map.computeAtOwner("a", (key, value) -> {
                    entered.set();
                    new CountDownLatch(1).await();
                    return 1;
                }));
                comesLater = pool.submit(() -> map.put("a", 2));
                await().atMost(PATIENCE).until(entered::isSet);
            }
            assertThatThrownBy(waits::join)
                    .hasStackTraceContaining("computeAtOwner() was not answered before that: it may have been done");
            assertThatThrownBy(comesLater::join)
                    .hasStackTraceContaining(IllegalStateException.class.getName())
                    .hasStackTraceContaining("cannot be used");
        }
    }
}
