// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.ProcessOptions;
import io.multijvm.TaskFuture;
import io.multijvm.codec.JavaCodec;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools that are kept running between their uses. */
@PromiseTest
class WarmPoolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private static void one(ProcessOptions options) {
        options.workers(1);
    }

    @AfterEach
    void endAll() {
        Pool.closeWarm("a");
        Pool.closeWarm("b");
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static long awaitFile(String file) {
        while (!Files.exists(Path.of(file))) {
            LockSupport.parkNanos(1_000_000);
        }
        return pid();
    }

    private static Object forEver() throws InterruptedException {
        return new CountDownLatch(1).await(1, TimeUnit.HOURS);
    }

    private static long pidIn(String key, Consumer<ProcessOptions> options) {
        try (Pool pool = Pool.warm(key, options)) {
            return pool.<Long>apply(() -> pid());
        }
    }

    @Test
    void theSameKeyAndOptionsGiveTheSameRunningWorkerAndOtherOptionsAnother() {
        long first = pidIn("a", WarmPoolTest::one);
        assertThat(pidIn("a", WarmPoolTest::one)).isEqualTo(first);
        assertThat(pidIn("a", o -> o.workers(1).calls(c -> c.retries(1))))
                .as("options for calls are the share's own")
                .isEqualTo(first);
        assertThat(pidIn("a", o -> o.workers(1).env(java.util.Map.of("WARM", "1"))))
                .isNotEqualTo(first);
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(first).isEmpty());
        Pool.closeWarm("a");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    /** A result that takes its time to be read, in whatever thread does that. */
    private static final class SlowToRead implements Serializable {
        private static final long serialVersionUID = 1;

        private final long pid = pid();

        private Object readResolve() {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            return this;
        }
    }

    @Test
    void whenAShareIsClosedAllItsFuturesAreDoneAndNotAMomentLater() {
        try (Pool stays = Pool.warm("a", o -> o.workers(2).codec(new JavaCodec()))) {
            String file = directory.resolve("later").toString();
            TaskFuture<List<Long>> longer = stays.mapAsync(x -> awaitFile(file), List.of(1));
            TaskFuture<SlowToRead> future;
            TaskFuture<List<SlowToRead>> many;
            try (Pool share = Pool.warm("a", o -> o.workers(2).codec(new JavaCodec()))) {
                future = share.submit(() -> new SlowToRead());
                many = share.mapAsync(x -> new SlowToRead(), List.of(1));
            }
            List<Boolean> done = List.of(future.isDone(), many.isDone(), longer.isDone());
            assertThat(new File(file).mkdir()).isTrue();
            assertThat(done)
                    .as("of a submit, of a map, and of another share's map")
                    .containsExactly(true, true, false);
            assertThat(future.join().pid).isNotEqualTo(pid());
            assertThat(longer.join()).hasSize(1);
        }
    }

    @Test
    void aShareThatIsClosedWaitsForItsOwnWorkOnlyAndOneThatIsTerminatedDropsItsOwnOnly() throws Exception {
        Path go = directory.resolve("go");
        String file = go.toString();
        try (Pool other = Pool.warm("a", o -> o.workers(2))) {
            TaskFuture<Long> others = other.submit(() -> awaitFile(file));
            try {
                closeAndTerminateBeside(others);
            } finally {
                Files.write(go, new byte[0]);
            }
            assertThat(others.get()).isPositive();
            assertThat(other.map(i -> i + 1, List.of(1, 2))).containsExactly(2, 3);
        }
    }

    private static void closeAndTerminateBeside(TaskFuture<Long> others) throws Exception {
        Pool mine = Pool.warm("a", o -> o.workers(2));
        TaskFuture<Long> own = mine.submit(() -> pid());
        mine.close();
        assertThat(own.get(10, TimeUnit.SECONDS)).isPositive();
        assertThat(others).isNotDone();
        assertThatThrownBy(() -> mine.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);

        Pool third = Pool.warm("a", o -> o.workers(2));
        TaskFuture<Object> stuck = third.submit(() -> forEver());
        TaskFuture<Object> waits = third.submit(() -> forEver());
        third.terminate();
        assertThatThrownBy(() -> stuck.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> waits.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(others).isNotDone();
    }

    @Test
    void tenThreadsShareOnePoolAndAPoolWhoseWorkersDoNotStartIsReplacedByAFreshOne() throws Exception {
        assertThatThrownBy(() -> pidIn("a", o -> o.workers(1).jvmArgs("-XX:+NoSuchFlag")))
                .isInstanceOf(PoolBrokenException.class);
        assertThatThrownBy(() -> pidIn("a", o -> o.workers(1).jvmArgs("-XX:+NoSuchFlag")))
                .as("tried anew")
                .isInstanceOf(PoolBrokenException.class);
        Set<Long> pids = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(10);
        try {
            List<Future<?>> all = IntStream.range(0, 10)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        for (int round = 0; round < 5; round++) {
                            pids.add(pidIn("a", WarmPoolTest::one));
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(pids).hasSize(1);
    }

    @Test
    void aPoolThatNobodyUsesEndsAfterItsIdleTime() {
        long pid = pidIn("b", o -> o.workers(1).idleTimeout(Duration.ofMillis(200)));
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
    }

    /** Leaves a warm pool behind. */
    public static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) {
            System.out.println("worker " + pidIn("forgotten", WarmPoolTest::one));
        }
    }

    @Test
    void aProgramThatLeavesAWarmPoolBehindEndsAndItsWorkersWithIt() throws Exception {
        Path output = directory.resolve("output");
        Process program = ChildJvm.start(ChildJvm.java(), List.of(), output, Forgetful.class);
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String line = Files.readAllLines(output).stream()
                .filter(printed -> printed.startsWith("worker "))
                .findFirst()
                .orElseThrow();
        long worker = Long.parseLong(line.substring("worker ".length()));
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(worker).isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .noneMatch(name -> name.contains("multijvm-" + program.pid() + "-")
                                || name.contains("multijvm-hub-" + program.pid() + "-"));
            }
        });
    }
}
