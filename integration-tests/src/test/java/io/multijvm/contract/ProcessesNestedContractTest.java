// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.task.SerializableConsumer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesNestedContractTest extends NestedContract.Concurrent {
    @Override
    Pool open() {
        return Pool.processes(2);
    }

    @Test
    void thePoolAsAWholeIsForTheProgramThatMadeIt() {
        try (Pool pool = Pool.processes(o -> o.workers(2).seed(42).standby(1))) {
            assertThat(pool.<Long>apply(() -> Pool.current().seed())).isEqualTo(42);
            List<SerializableConsumer<Pool>> refused = List.of(
                    mine -> mine.share("x"),
                    mine -> mine.resize(3),
                    Pool::restart,
                    Pool::stats,
                    mine -> mine.broadcast(() -> 1));
            assertThat(pool.map(ProcessesNestedContractTest::refusal, refused))
                    .allSatisfy(said -> assertThat(said).contains("was called by a task of the pool itself"));
            // both are freed for others by what their tasks asked for, whichever worker ran it
            TaskFuture<Integer> one = pool.submit(
                    () -> Pool.current().map(x -> x, List.of(1, 2, 3)).size());
            assertThat(one.join()).isEqualTo(3);
            assertThat(pool.stats().itemsDone()).isGreaterThanOrEqualTo(1 + refused.size() + 1 + 3);
        }
    }

    /** Tells that it is here and waits until the other one is. */
    private static long meets(String directory, String name, int which) {
        NamedTasks.touch(directory + "/" + name + which);
        NamedTasks.awaitFile(Path.of(directory, name + (1 - which)));
        return ProcessHandle.current().pid();
    }

    @Test
    void aFreeWorkerIsPreferredToOneThatWaitsAndTwoThatWaitRunTheirOwnItemsAtTheSameTime(@TempDir Path directory) {
        String files = directory.toString();
        try (Pool pool = open()) {
            // both workers are there, and each runs one of these
            List<Boolean> inside = pool.with(o -> o.chunkSize(1))
                    .map(
                            which -> {
                                long here = meets(files, "outer", which);
                                return Pool.current().apply(() -> meets(files, "inner", which)) == here;
                            },
                            List.of(0, 1));
            assertThat(inside).as("nobody is free: each runs its own item").containsExactly(true, true);

            int elsewhere = pool.<Integer>apply(() -> {
                long here = ProcessHandle.current().pid();
                int others = 0;
                for (int i = 0; i < 100; i++) {
                    long inner =
                            Pool.current().apply(() -> ProcessHandle.current().pid());
                    others += inner == here ? 0 : 1;
                }
                return others;
            });
            assertThat(elsewhere).as("of a hundred items, with a free worker").isEqualTo(100);
        }
    }

    private static String refusal(SerializableConsumer<Pool> call) {
        try {
            call.accept(Pool.current());
            return "done";
        } catch (UnsupportedOperationException | IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
