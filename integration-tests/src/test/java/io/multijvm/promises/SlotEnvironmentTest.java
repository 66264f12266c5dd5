// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.testkit.PromiseTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A slot's own variables are there in each process that fills it. */
@PromiseTest
class SlotEnvironmentTest {
    @Test
    void eachSlotHasItsOwnVariablesAlsoAfterADeath() {
        try (Pool pool = Pool.processes(o -> o.workers(2)
                .env(Map.of("SHARED", "all"))
                .env(slot -> Map.of("DEVICE", "gpu" + slot))
                .cpusPerWorker(5))) {
            assertThat(devices(pool)).contains("gpu0 all 5", "gpu1 all 5").hasSize(2);
            assertThatThrownBy(() -> pool.apply(() -> {
                        Runtime.getRuntime().halt(9);
                        return 1;
                    }))
                    .isInstanceOf(WorkerCrashedException.class);
            assertThat(devices(pool)).contains("gpu0 all 5", "gpu1 all 5").hasSize(2);
        }
    }

    /** Items that last long enough for both workers to have some. */
    private static Set<String> devices(Pool pool) {
        Set<String> found = new TreeSet<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (found.size() < 2 && System.nanoTime() < end) {
            found.addAll(pool.with(o -> o.chunkSize(1))
                    .map(
                            item -> {
                                TimeUnit.MILLISECONDS.sleep(20);
                                return System.getenv("DEVICE") + " " + System.getenv("SHARED") + " "
                                        + Runtime.getRuntime().availableProcessors();
                            },
                            List.of(1, 2, 3, 4)));
        }
        return found;
    }

    @Test
    void aFunctionThatThrowsIsNamedAsTheReasonThatNoWorkerStarts() {
        try (Pool pool = Pool.processes(o -> o.workers(1).env(slot -> {
            throw new IllegalStateException("no device " + slot + " here");
        }))) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("no device 0 here");
        }
    }
}
