// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.PoolStats;
import io.multijvm.TaskFuture;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that come and go while the pool stays. */
@PromiseTest
class WorkersComeAndGoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a task leaves behind in its worker. */
    private static int left;

    private static final List<ByteBuffer> LEAKED = new ArrayList<>();

    @TempDir
    Path directory;

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static String place() {
        TaskContext context = TaskContext.current();
        return context.slot() + "." + context.incarnation();
    }

    private static List<Integer> numbers(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static long awaitFile(String file) {
        while (!Files.exists(Path.of(file))) {
            LockSupport.parkNanos(1_000_000);
        }
        return pid();
    }

    /** Keeps more native memory than before, and touches it. */
    private static long leak(int mebibytes) {
        ByteBuffer block = ByteBuffer.allocateDirect(mebibytes << 20);
        for (int at = 0; at < block.capacity(); at += 1024) {
            block.put(at, (byte) 1);
        }
        LEAKED.add(block);
        return pid();
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    @Test
    void withOneItemAWorkerAllResultsComeAndAllPidsDiffer() {
        Set<Long> pids = new HashSet<>();
        List<TaskFuture<Long>> backlog = new ArrayList<>();
        try (Pool pool = Pool.processes(o -> o.workers(2).recycleAfter(1))) {
            pids.addAll(pool.map(item -> pid(), numbers(6)));
            assertThat(pool.stats().workersRecycled()).isGreaterThanOrEqualTo(4);
            assertThat(pool.stats().workersDied()).isZero();
            for (int i = 0; i < 3; i++) {
                backlog.add(pool.submit(() -> pid()));
            }
        } // closed while the backlog is still there
        backlog.forEach(future -> pids.add(future.join()));
        assertThat(pids).as("pids of 9 items").hasSize(9);
    }

    @Test
    void aStandbyTakesADeadWorkersPlaceSoonerThanAnyProcessCanBeStarted() {
        Duration without = untilTheSuccessorsFirstResult(0);
        Duration with = untilTheSuccessorsFirstResult(1);
        System.out.printf(
                "worker killed -> its successor's first result: %d ms without a standby, %d ms with one%n",
                without.toMillis(), with.toMillis());
    }

    private static Duration untilTheSuccessorsFirstResult(int standby) {
        try (Pool pool = Pool.processes(o -> o.workers(1).standby(standby))) {
            List<Long> nanos = new ArrayList<>();
            for (int round = 1; round <= 3; round++) {
                long first = pool.<Long>apply(() -> pid());
                await().atMost(PATIENCE).until(() -> pool.stats().standbys() == standby);
                List<Long> before = ProcessHandle.current()
                        .children()
                        .map(ProcessHandle::pid)
                        .toList();
                long begin = System.nanoTime();
                kill(first);
                long second = pool.<Long>apply(() -> pid());
                nanos.add(System.nanoTime() - begin);
                assertThat(second).isNotEqualTo(first);
                assertThat(before.contains(second))
                        .as("whether the successor had been started before the death")
                        .isEqualTo(standby == 1);
                assertThat(pool.<String>apply(() -> place())).isEqualTo("0." + (round + 1));
            }
            nanos.sort(null);
            return Duration.ofNanos(nanos.get(1));
        }
    }

    @Test
    void aPoolIsResizedAndRestartedDuringWorkAndLosesNothing() throws Exception {
        Heard heard = new Heard();
        try (Pool pool = Pool.processes(1)) {
            pool.addListener(heard);
            pool.addListener(new PoolListener() {
                @Override
                public void workerReady(Worker worker) {
                    throw new IllegalStateException("a listener that throws");
                }
            });
            assertThat(pool.<Integer>apply(() -> ++left)).isEqualTo(1);
            assertThat(pool.<Integer>apply(() -> ++left)).as("state stays").isEqualTo(2);
            long old = pool.<Long>apply(() -> pid());
            pool.restart();
            assertThat(pool.<Integer>apply(() -> ++left)).as("state is gone").isEqualTo(1);
            assertThat(pool.<Long>apply(() -> pid())).isNotEqualTo(old);

            TaskFuture<List<Integer>> work =
                    pool.with(o -> o.chunkSize(5)).mapAsync(item -> item * item, numbers(5000));
            for (int size : new int[] {2, 1, 3, 1, 2, 3, 1, 2}) {
                pool.resize(size);
                assertThat(pool.stats().workers()).isEqualTo(size);
            }
            assertThat(work.get())
                    .containsExactlyElementsOf(
                            numbers(5000).stream().map(i -> i * i).toList());
            await().atMost(PATIENCE).untilAsserted(() -> {
                PoolStats stats = pool.stats();
                assertThat(stats.idle()).isEqualTo(2);
                assertThat(stats.starting() + stats.leaving() + stats.busy()).isZero();
            });

            // a full pool's worth at once: both run, or neither would end
            String file = directory.resolve("both").toString();
            TaskFuture<Long> waits = pool.submit(() -> awaitFile(file));
            TaskFuture<Long> frees = pool.submit(() -> {
                Files.createFile(Path.of(file));
                return pid();
            });
            assertThat(waits.get()).isNotEqualTo(frees.get());
            assertThatThrownBy(() -> pool.apply(() -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(TaskFailedException.class);
            pool.submit(() -> {
                        Faults.die(Faults.Death.HALT);
                        return 0;
                    })
                    .exceptionally(e -> 0)
                    .get();
            PoolStats stats = pool.stats();
            assertThat(stats.itemsFailed()).isEqualTo(2);
            assertThat(stats.itemsDone()).isEqualTo(5000 + 5 + 2);
            assertThat(stats.workersDied()).isEqualTo(1);
        }
        assertThat(heard.workers)
                .filteredOn(line -> line.startsWith("ended"))
                .allMatch(
                        line -> line.matches(
                                "ended \\d CLOSED|ended \\d RESIZED|ended 0 RESTARTED|ended \\d DIED halted with exit code 9.*"));
        assertThat(heard.workers).filteredOn(line -> line.contains("RESTARTED")).hasSize(1);
        assertThat(heard.workers).filteredOn(line -> line.contains("DIED")).hasSize(1);
        assertThat(heard.workers).startsWith("ready 0.1");
        assertThat(heard.failures).containsExactlyInAnyOrder(FailureKind.TASK, FailureKind.CRASH);
    }

    private static final class Heard implements PoolListener {
        final List<String> workers = new CopyOnWriteArrayList<>();
        final List<FailureKind> failures = new CopyOnWriteArrayList<>();

        @Override
        public void workerReady(Worker worker) {
            assertThat(worker.pid()).isPositive();
            workers.add("ready " + worker.slot() + "." + worker.incarnation());
        }

        @Override
        public void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
            workers.add("ended " + worker.slot() + " " + why
                    + report.map(r -> " " + r.what()).orElse(""));
        }

        @Override
        public void itemFailed(Failure failure) {
            failures.add(failure.kind());
        }
    }

    @Test
    void withAnIdleTimeoutWorkersAreStartedOnDemandAndLeaveWhenIdle() {
        try (Pool pool = Pool.processes(o -> o.workers(2).idleTimeout(Duration.ofSeconds(2)))) {
            assertThat(pool.stats().starting()).isZero();
            long first = pool.<Long>apply(() -> pid());
            assertThat(pool.<Long>apply(() -> pid())).as("one after the other").isEqualTo(first);
            assertThat(pool.stats().workersStarted()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> !ProcessHandle.of(first).isPresent());
            assertThat(pool.<Long>apply(() -> pid())).isNotEqualTo(first);
            assertThat(pool.stats().workersDied()).isZero();
        }
    }

    @Test
    void aWorkerThatHasTakenTooMuchMemoryIsReplacedAndAnOldOneToo() {
        try (Pool pool = Pool.processes(
                o -> o.workers(1).heap("300m").recycleAbove("300m").standby(1))) {
            long small = pool.<Long>apply(() -> leak(1));
            long leaky = pool.<Long>apply(() -> leak(250));
            assertThat(leaky).isEqualTo(small);
            await().atMost(PATIENCE).until(() -> pool.<Long>apply(() -> pid()) != leaky);
            assertThat(pool.stats().workersRecycled()).isEqualTo(1);
        }
        try (Pool pool = Pool.processes(o -> o.workers(1).recycleAge(Duration.ofMillis(800)))) {
            long young = pool.<Long>apply(() -> pid());
            await().atMost(PATIENCE).until(() -> pool.<Long>apply(() -> pid()) != young);
        }
    }

    @Test
    void aClosedPoolRefusesWhatItCannotDoAnyMoreAndStillTellsHowItWas() {
        Pool pool = Pool.processes(1);
        assertThat(pool.<Integer>apply(() -> 1)).isEqualTo(1);
        pool.close();
        assertThat(pool.stats().itemsDone()).isEqualTo(1);
        assertThat(pool.stats().idle() + pool.stats().leaving()).isZero();
        assertThatThrownBy(() -> pool.resize(2)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(pool::restart).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void badNumbersAreRefusedByName() {
        assertThatThrownBy(() -> Pool.processes(o -> o.recycleAfter(0))).hasMessageContaining("recycleAfter");
        assertThatThrownBy(() -> Pool.processes(o -> o.standby(-1))).hasMessageContaining("standby");
        assertThatThrownBy(() -> Pool.processes(o -> o.recycleAbove("much"))).hasMessageContaining("much");
        assertThatThrownBy(() -> Pool.processes(o -> o.recycleAge(Duration.ZERO)))
                .hasMessageContaining("recycleAge");
        assertThatThrownBy(() -> Pool.processes(o -> o.idleTimeout(Duration.ZERO)))
                .hasMessageContaining("idleTimeout");
        assertThatThrownBy(() -> Pool.processes(o -> o.restartLimit(0, Duration.ofSeconds(1))))
                .hasMessageContaining("restartLimit");
        try (Pool pool = Pool.threads(1)) {
            assertThatThrownBy(() -> pool.resize(0)).hasMessageContaining("workers must be at least 1, not 0");
            assertThatThrownBy(pool::restart).isInstanceOf(UnsupportedOperationException.class);
            pool.resize(3);
            Heard heard = new Heard();
            pool.addListener(heard);
            assertThatThrownBy(() -> pool.apply(() -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(TaskFailedException.class);
            await().atMost(PATIENCE).until(() -> heard.failures.equals(List.of(FailureKind.TASK)));
            assertThat(pool.map(item -> item + 1, numbers(10))).hasSize(10);
            assertThat(pool.stats().workers()).isEqualTo(3);
            assertThat(pool.stats().itemsDone()).isEqualTo(10);
        }
    }
}
