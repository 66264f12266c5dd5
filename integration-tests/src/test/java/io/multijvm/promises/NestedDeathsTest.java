// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.TaskFuture;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deaths, time-outs and cancels around tasks that wait for their own pool. */
@PromiseTest
class NestedDeathsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGE = 3 << 20;

    @TempDir
    Path directory;

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    /** Runs until it is interrupted, and leaves word of both. */
    private static void untilInterrupted(Path begun, Path interrupted) throws IOException {
        Files.createFile(begun);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Files.createFile(interrupted);
        }
    }

    private static int sayUntil(int item, Path file) {
        do {
            TaskContext.current().progress(0.5, "inner " + item);
        } while (item == 1 && !Files.exists(file));
        return item;
    }

    private static void awaitFile(Path file) {
        await(file.toString()).atMost(PATIENCE).until(() -> Files.exists(file));
    }

    private static void awaitTwoWorkers(Pool pool) {
        Set<Long> pids = new HashSet<>();
        await().atMost(PATIENCE).until(() -> {
            pids.addAll(pool.with(o -> o.chunkSize(1)).map(x -> pid(), List.of(1, 2, 3, 4)));
            return pids.size() == 2;
        });
    }

    @Test
    void withAFreeWorkerAnInnerDeathCostsOnlyTheInnerItemAndAnOutersEndEndsItsInnerItems() {
        Path begun = directory.resolve("begun");
        Path interrupted = directory.resolve("interrupted");
        String files = directory.toString();
        try (Pool pool = Pool.processes(2)) {
            awaitTwoWorkers(pool);
            assertThat(pool.<String>apply(() -> {
                        long before = pid();
                        try {
                            Pool.current().apply(() -> Faults.die(Faults.Death.HALT));
                            return "nothing happened";
                        } catch (WorkerCrashedException e) {
                            CrashReport report = e.report().orElseThrow();
                            return "exit code " + report.exitCode().getAsInt() + ", here " + (report.pid() == before);
                        }
                    }))
                    .isEqualTo("exit code 9, here false");

            awaitTwoWorkers(pool);
            assertThat(pool.<Boolean>apply(() -> {
                        byte[] large = new byte[LARGE];
                        Arrays.fill(large, (byte) 7);
                        List<byte[]> back = Pool.current().map(bytes -> bytes, List.of(large, large));
                        return Arrays.equals(back.get(0), large) && Arrays.equals(back.get(1), large);
                    }))
                    .isTrue();

            String first = files + "/1";
            assertThatThrownBy(() -> pool.apply(() -> {
                        var unused = Pool.current()
                                .submit(() -> untilInterrupted(Path.of(first + "begun"), Path.of(first + "ended")));
                        awaitFile(Path.of(first + "begun"));
                        Faults.die(Faults.Death.HALT);
                    }))
                    .isInstanceOf(WorkerCrashedException.class);
            awaitFile(Path.of(first + "ended"));

            awaitTwoWorkers(pool);
            assertThatThrownBy(() -> pool.with(o -> o.itemTimeout(Duration.ofSeconds(3)))
                            .apply(() -> Pool.current()
                                    .apply(() ->
                                            untilInterrupted(Path.of(files, "begun"), Path.of(files, "interrupted")))))
                    .isInstanceOf(TaskTimeoutException.class);
            assertThat(begun).exists();
            awaitFile(interrupted);
        }
    }

    @Test
    void withoutAFreeWorkerTheOuterItemIsBlamedAndTheInnerOneNamed() {
        String files = directory.toString();
        try (Pool pool = Pool.processes(1)) {
            assertThatThrownBy(() -> pool.map(
                            x -> {
                                Pool.current()
                                        .map(
                                                y -> {
                                                    if (y == 3) {
                                                        Faults.die(Faults.Death.HALT);
                                                    }
                                                    return y;
                                                },
                                                List.of(0, 1, 2, 3));
                                return x;
                            },
                            List.of(1)))
                    .isInstanceOfSatisfying(WorkerCrashedException.class, e -> {
                        CrashReport report = e.report().orElseThrow();
                        assertThat(report.index()).hasValue(0);
                        assertThat(report.what()).contains("while it ran item 3 of a call that it had made itself");
                    });

            List<PoolListener.ItemProgress> heard = new CopyOnWriteArrayList<>();
            pool.addListener(new PoolListener() {
                @Override
                public void itemProgressed(ItemProgress progress) {
                    heard.add(progress);
                    if (progress.index() == 1) {
                        new File(files, "heard").mkdir();
                    }
                }
            });
            pool.apply(() -> Pool.current().map(x -> sayUntil(x, Path.of(files, "heard")), List.of(0, 1)));
            assertThat(heard)
                    .as("an item that the waiting worker runs itself is told of by its own index")
                    .anyMatch(word -> word.index() == 1 && word.text().equals("inner 1"));

            long worker = pool.<Long>apply(NestedDeathsTest::pid);
            TaskFuture<?> outer = pool.submit(() -> Pool.current()
                    .apply(() -> untilInterrupted(Path.of(files, "begun"), Path.of(files, "interrupted"))));
            awaitFile(directory.resolve("begun"));
            assertThat(outer.cancel(true)).isTrue();
            awaitFile(directory.resolve("interrupted"));
            assertThat(pool.<Long>apply(NestedDeathsTest::pid)).isEqualTo(worker);

            TaskFuture<?> last = pool.submit(() ->
                    Pool.current().apply(() -> untilInterrupted(Path.of(files, "begunAgain"), Path.of(files, "over"))));
            awaitFile(directory.resolve("begunAgain"));
            pool.terminate();
            assertThatThrownBy(last::join).isInstanceOf(CancellationException.class);
        }
    }
}
