// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.LogLines;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PromiseTest
class InitAndExitTest {
    /** Lines of the file in which workers count: what happened in which slot. */
    private static final int INIT = 100;

    private static final int EXIT = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** What only one database could say. */
    static final class NoDatabaseException extends RuntimeException {
        NoDatabaseException(String where) {
            super("no database at " + where);
        }
    }

    private static void forEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    /** Until each of the two has run an item. */
    private static void awaitBothWorkers(Pool pool) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            List<Integer> slots = pool.with(o -> o.chunkSize(1))
                    .map(item -> TaskContext.current().slot(), upTo(20));
            return slots.contains(0) && slots.contains(1);
        });
    }

    @Test
    void initRunsBeforeTheFirstItemOfEachWorkerAndExitAfterTheLastOfThoseThatLive() throws Exception {
        String log = directory.resolve("log").toString();
        try (Pool pool = Pool.processes(o -> o.workers(2)
                .init(() -> {
                    TaskContext context = TaskContext.current();
                    context.state(
                            "name",
                            () -> "made by init in " + Thread.currentThread().getName());
                    Faults.count(Path.of(log), INIT + context.slot());
                })
                .exit(() -> {
                    TaskContext context = TaskContext.current();
                    String name = context.state("name", () -> "missing");
                    Faults.count(Path.of(log), name.startsWith("made by init") ? EXIT + context.slot() : -1);
                }))) {
            List<String> names = pool.with(o -> o.chunkSize(1))
                    .map(
                            item -> TaskContext.current().state("name", () -> "missing") + ", seen in "
                                    + Thread.currentThread().getName(),
                            upTo(20));
            assertThat(names).containsOnly("made by init in multijvm-task, seen in multijvm-task");
            awaitBothWorkers(pool);
            assertThatThrownBy(() -> pool.apply(() -> Faults.die(Faults.Death.HALT)))
                    .isInstanceOf(WorkerCrashedException.class);
            awaitBothWorkers(pool);
        }
        Map<Integer, Integer> counts = Faults.counts(Path.of(log));
        assertThat(counts.getOrDefault(INIT, 0) + counts.getOrDefault(INIT + 1, 0))
                .as("each worker, and the successor of the one that died")
                .isEqualTo(3);
        assertThat(counts)
                .as("those that were left at the end")
                .containsEntry(EXIT, 1)
                .containsEntry(EXIT + 1, 1)
                .hasSize(4);
    }

    @Test
    void anInitThatThrowsBreaksThePoolWithItsOwnExceptionAfterThreeStarts() throws Exception {
        String log = directory.resolve("log").toString();
        LogLines said = LogLines.of("io.multijvm.internal.dispatch");
        try (said;
                Pool pool = Pool.processes(o -> o.workers(1).init(() -> {
                    Faults.count(Path.of(log), INIT);
                    throw new NoDatabaseException("db:5432");
                }))) {
            assertThatThrownBy(() -> pool.map(i -> i, upTo(3)))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("init function failed in worker 0 (pid ")
                    .hasMessageContaining("no database at db:5432")
                    .cause()
                    .isInstanceOf(NoDatabaseException.class)
                    .hasStackTraceContaining("InitAndExitTest");
            assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(PoolBrokenException.class);
        }
        assertThat(Faults.counts(Path.of(log))).isEqualTo(Map.of(INIT, 3));
        assertThat(said.lines()).hasSize(2).allMatch(line -> line.contains("another worker is started in its place"));
    }

    @Test
    void anInitThatEndsItsJvmBreaksThePoolWithTheDeath() {
        try (Pool pool = Pool.processes(o -> o.workers(2).init(() -> Faults.die(Faults.Death.HALT)))) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("died in the init function")
                    .cause()
                    .isInstanceOfSatisfying(
                            WorkerCrashedException.class,
                            death -> assertThat(death.report().orElseThrow().exitCode())
                                    .hasValue(9));
        }
    }

    @Test
    void anInitThatDoesNotEndBreaksThePoolWithItsStack() {
        // one start is enough, and it has time to come so far
        try (Pool pool = Pool.processes(o -> o.workers(1)
                .restartLimit(1, Duration.ofMinutes(1))
                .initTimeout(Duration.ofSeconds(3))
                .init(InitAndExitTest::forEver))) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(PoolBrokenException.class)
                    .hasMessageContaining("did not end within 3000 ms in worker 0")
                    .cause()
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("InitAndExitTest.forEver");
        }
    }

    @Test
    void aPoolIsClosedWhileItsWorkersInitialise() throws Exception {
        Path begun = directory.resolve("begun");
        String log = begun.toString();
        long start;
        try (Pool pool = Pool.processes(o -> o.workers(1).init(() -> {
            Faults.count(Path.of(log), INIT);
            forEver();
        }))) {
            assertThat(pool.seed()).isNotEqualTo(0);
            Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(begun));
            start = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("nothing was asked for, so nothing is waited for")
                .isLessThan(Duration.ofSeconds(30)); // half of what an init function may take
    }

    @Test
    void anExitThatFailsHangsOrDiesIsLoggedAndHoldsNobodyUp() {
        LogLines said = LogLines.of("io.multijvm.internal.dispatch");
        try (said) {
            try (Pool pool = Pool.processes(o -> o.workers(3)
                    .exitTimeout(Duration.ofSeconds(3))
                    .exit(() -> {
                        switch (TaskContext.current().slot()) {
                            case 0 -> throw new NoDatabaseException("exit");
                            case 1 -> forEver();
                            default -> Faults.die(Faults.Death.HALT);
                        }
                    }))) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> pool.with(o -> o.chunkSize(1))
                                .map(item -> TaskContext.current().slot(), upTo(60))
                                .containsAll(List.of(0, 1, 2)));
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(said.lines())
                            .hasSize(3)
                            .anyMatch(line ->
                                    line.matches("(?s)the exit function failed in worker 0 .*no database at exit.*"))
                            .anyMatch(line -> line.matches("(?s)the exit function failed in worker 1 .*3000 ms.*"))
                            .anyMatch(line -> line.matches("(?s)worker 2 .* did not end its exit function: it .*9.*")));
        }
    }

    @Test
    void aTerminatedPoolRunsNoExit() {
        Path log = directory.resolve("log");
        String name = log.toString();
        Pool pool = Pool.processes(o -> o.workers(1).exit(() -> Faults.count(Path.of(name), EXIT)));
        assertThat(pool.<Integer>apply(() -> 1)).isOne();
        pool.terminate();
        assertThat(log).doesNotExist();
    }

    @Test
    void aFunctionThatCannotCrossIsRefusedBeforeAnythingIsStarted() {
        Thread captured = Thread.currentThread();
        assertThatThrownBy(() -> Pool.processes(o -> o.init(captured::interrupt)))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("init");
        assertThatThrownBy(() -> Pool.processes(o -> o.exitTimeout(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exitTimeout must be positive, not PT0S");
    }
}
