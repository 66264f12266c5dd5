// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedList;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedMap;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a process has called before it died is done whole or not at all, and nobody else notices. More kills: {@code -Dmultijvm.rounds}. */
@PromiseTest
@SuppressWarnings({
    "NullAway", // what a task returns here is never null
    "FutureReturnValueIgnored" // nobody is there to hear of it
})
class SharedCollectionsDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = Math.max(3, Integer.getInteger("multijvm.rounds", 3));
    private static final int LARGE = 1_000_000;
    private static final int KEYS = 8;

    @Test
    void aWorkerThatIsKilledInTheMiddleOfPutsLeavesWholeValuesAndTheOthersGoOn() {
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(o -> o.workers(2).standby(1).restartLimit(1_000, Duration.ofMinutes(1)))) {
            SharedMap<Integer, byte[]> map = manager.map();
            SharedList<byte[]> list = manager.list();
            SharedLong turns = manager.longValue(0);
            SharedLong puts = manager.longValue(0);
            SharedLong killed = manager.longValue(0);
            SharedEvent enough = manager.event();
            TaskFuture<Integer> lives = pool.submit(() -> {
                int merged = 0;
                while (!enough.isSet()) {
                    map.computeAtOwner(-1, (key, value) -> new byte[] {1});
                    turns.incrementAndGet();
                    merged++;
                }
                return merged;
            });
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    long wanted = puts.get() + 1 + 2L * (round % 3);
                    TaskFuture<Integer> dies = pool.submit(() -> {
                        killed.set(ProcessHandle.current().pid());
                        for (int i = 0; ; i++) {
                            byte[] value = new byte[LARGE];
                            Arrays.fill(value, (byte) i);
                            map.putAsync(i % KEYS, value);
                            list.addAsync(value);
                            if (list.size() > KEYS) {
                                list.clear();
                            }
                            puts.incrementAndGet();
                        }
                    });
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> puts.get() >= wanted);
                    LockSupport.parkNanos((long) (Math.random() * 5_000_000));
                    ProcessHandle.of(killed.get()).ifPresent(ProcessHandle::destroyForcibly);
                    assertThatThrownBy(dies::join).hasCauseInstanceOf(WorkerCrashedException.class);
                    long then = turns.get();
                    await().atMost(PATIENCE).until(() -> turns.get() > then + 10);
                    map.forEach((key, value) -> assertThat(isWhole(value)).isTrue());
                    assertThat(list).allMatch(SharedCollectionsDeathsTest::isWhole);
                }
            } finally {
                enough.set(); // or the pool could not be closed
            }
            assertThat(lives.join()).isPositive();
            assertThat(map).hasSizeBetween(2, KEYS + 1);
            System.out.printf(
                    "%d workers killed in the middle of puts of %d bytes: %d puts, %d values, all whole; the other did %d calls%n",
                    ROUNDS, LARGE, puts.get(), map.size(), turns.get());
        }
    }

    private static boolean isWhole(byte[] value) {
        if (value.length == 1) {
            return true;
        }
        for (byte each : value) {
            if (each != value[0]) {
                return false;
            }
        }
        return value.length == LARGE;
    }

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
