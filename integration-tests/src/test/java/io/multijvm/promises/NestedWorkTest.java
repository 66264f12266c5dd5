// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tasks that give work to the pool that runs them. */
@PromiseTest
class NestedWorkTest {
    private static int down(int depth) {
        return depth == 0 ? 0 : 1 + Pool.current().<Integer>apply(() -> down(depth - 1));
    }

    private static int tree(int depth) {
        return depth == 0
                ? 1
                : Pool.current().map(NestedWorkTest::tree, List.of(depth - 1, depth - 1)).stream()
                        .mapToInt(leaves -> leaves)
                        .sum();
    }

    @Test
    void recursionsFinishOnTwoWorkersHoweverMany() {
        try (Pool pool = Pool.processes(2)) {
            long begin = System.nanoTime();
            assertThat(pool.<Integer>apply(() -> down(20))).isEqualTo(20);
            System.out.printf("depth 20 on 2 workers: %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            begin = System.nanoTime();
            assertThat(pool.map(NestedWorkTest::down, List.of(20, 20, 20))).containsExactly(20, 20, 20);
            System.out.printf("three at once: %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            begin = System.nanoTime();
            assertThat(pool.<Integer>apply(() -> tree(8))).isEqualTo(256);
            System.out.printf("fan-out 2 to depth 8: %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        }
    }
}
