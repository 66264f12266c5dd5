// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Attempt;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls and their options do with worker JVMs that die, hang, or are not up yet. */
@SharedPoolTest
class CallsAndDeathsTest {
    private static final SerializableCallable<Long> PID =
            () -> ProcessHandle.current().pid();
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Pool pool = unopened();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void openPool() {
        pool = Pool.processes(2);
    }

    @AfterAll
    void closePool() {
        pool.close();
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    @Test
    void aBroadcastWaitsForWorkersThatAreStarting() {
        try (Pool fresh = Pool.processes(2)) {
            assertThat(fresh.broadcast(PID)).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void aBroadcastThatKillsAWorkerIsToldAndTheOthersHaveRunIt() throws IOException {
        String file = directory.resolve("runs").toString();
        List<Long> before = pool.broadcast(PID);
        SerializableCallable<Integer> dieInSlot1 = () -> {
            Faults.count(Path.of(file), TaskContext.current().slot());
            if (TaskContext.current().slot() == 1) {
                Faults.die(Faults.Death.HALT);
            }
            return 1;
        };
        assertThatThrownBy(() -> pool.broadcast(dieInSlot1)).isInstanceOf(WorkerCrashedException.class);
        assertThat(Faults.counts(Path.of(file)))
                .hasSize(2)
                .allSatisfy((slot, runs) -> assertThat(runs).isEqualTo(1));

        List<Long> after = pool.broadcast(PID);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(1)).isNotEqualTo(before.get(1));
    }

    @Test
    void aCrashReportNamesTheItemByItsKey() {
        assertThatThrownBy(() -> pool.with(o -> o.<Integer>key(item -> "page-" + item))
                        .<Integer, Integer>map(
                                item -> {
                                    if (item == 3) {
                                        Faults.die(Faults.Death.HALT);
                                    }
                                    return item;
                                },
                                upTo(6)))
                .isInstanceOfSatisfying(WorkerCrashedException.class, crash -> {
                    assertThat(crash.report().map(CrashReport::key)).hasValue("page-3");
                    assertThat(crash.report().orElseThrow().summary()).startsWith("item 3 (page-3): worker ");
                })
                .hasMessageStartingWith("page-3: item 3: worker ");
    }

    /** Counts before it dies, so that it dies only once. */
    private static long dieTheFirstTime(String file) throws Exception {
        boolean first = !Files.exists(Path.of(file));
        Faults.count(Path.of(file), 0);
        if (first) {
            Faults.die(Faults.Death.HALT);
        }
        return ProcessHandle.current().pid();
    }

    @Test
    void aFutureTellsOfTheAttemptThatCostAWorkerAndTheRestBeforeTheNext() {
        String file = directory.resolve("attempts").toString();
        long begin = System.nanoTime();
        TaskFuture<Long> future = pool.with(o -> o.retries(1).backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .submit(() -> dieTheFirstTime(file));
        long pid = future.join();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(1), LONG);
        List<Attempt> attempts = future.attempts();
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).failure()).hasValue(FailureKind.CRASH);
        assertThat(attempts.get(0).pid()).isNotEqualTo(pid);
        assertThat(attempts.get(0).took()).isEmpty();
        assertThat(attempts.get(1).failure()).isEmpty();
        assertThat(attempts.get(1).pid()).isEqualTo(pid);
        assertThat(attempts.get(1).number()).isEqualTo(2);
    }

    @SuppressWarnings("BusyWait") // that is the point: it minds no interrupt
    private static int spin(String file) {
        Faults.count(Path.of(file), (int) ProcessHandle.current().pid());
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        return 1;
    }

    @Test
    void anItemThatMindsNoInterruptIsAnsweredAtTheDeadlineAndCostsItsWorkerLater() throws IOException {
        String file = directory.resolve("spinning").toString();
        assertThat(pool.broadcast(PID)).hasSize(2);
        long begin = System.nanoTime();
        assertThatThrownBy(() -> pool.with(o -> o.deadline(Duration.ofSeconds(2)))
                        .<Integer, Integer>map(item -> item == 1 ? spin(file) : item, upTo(2)))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("it was running in worker ");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);

        int pid = Faults.counts(Path.of(file)).keySet().iterator().next();
        await().atMost(LONG)
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(pool.broadcast(PID)).hasSize(2).doesNotContain((long) pid);
    }

    /** The two keys begin at the same time in two workers; then one item comes at a time, while both are idle. */
    @Test
    void itemsOfOneKeyRunInOneWorkerThoughAnotherIsIdle() {
        assertThat(pool.broadcast(PID)).hasSize(2);
        List<String> keys = List.of("a", "b", "b", "a", "b", "b", "b", "a", "a", "b", "a", "b");
        ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
        Iterable<Integer> oneByOne = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < keys.size();
            }

            @Override
            public Integer next() {
                if (next >= 2) {
                    await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> done.size() >= next);
                }
                return next++;
            }
        };
        List<Long> pids = new ArrayList<>();
        pool.with(o -> o.chunkSize(1).<Integer>affinity(keys::get))
                .<Integer, Long>imap(
                        item -> {
                            TimeUnit.MILLISECONDS.sleep(item < 2 ? 1000 : 1);
                            return ProcessHandle.current().pid();
                        },
                        oneByOne)
                .forEach(pid -> {
                    pids.add(pid);
                    done.add(1);
                });

        Set<Long> ofA = new HashSet<>();
        Set<Long> ofB = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            (keys.get(i).equals("a") ? ofA : ofB).add(pids.get(i));
        }
        assertThat(ofA).hasSize(1).doesNotContainAnyElementsOf(ofB);
        assertThat(ofB).hasSize(1);
    }
}
