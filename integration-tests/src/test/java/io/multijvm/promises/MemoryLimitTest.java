// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Machine;
import io.multijvm.Pool;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.Hunger;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** However a task takes too much memory, it costs that item alone, says which memory it was, and its worker goes. */
@SharedPoolTest
class MemoryLimitTest {
    private static final List<Integer> TWENTY = IntStream.range(0, 20).boxed().toList();
    private static final int HUNGRY = 7;

    @TempDir
    Path directory;

    private Pool pool = unopened();
    private Path dumps = Path.of("");

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void openPool(@TempDir Path parent) {
        dumps = parent.resolve("dumps");
        pool = Pool.processes(o -> o.workers(2)
                .heap("64m")
                .directMemory("64m")
                .metaspace("96m")
                .memoryLimit("400m")
                .heapDump(dumps));
    }

    @AfterAll
    void closePool() {
        pool.close();
    }

    private static int eat(String file, SerializableRunnable meal, int item) throws Exception {
        Faults.count(Path.of(file), item);
        if (item == HUNGRY) {
            meal.runOrThrow();
        }
        return item * item;
    }

    /** Of twenty items one fails so, and none is run twice. */
    private CrashReport onlyOneFails(SerializableRunnable meal) throws IOException {
        String file = directory.resolve("runs").toString();
        long begin = System.nanoTime();
        List<Outcome<Integer, Integer>> outcomes =
                pool
                        .with(o -> o.chunkSize(5))
                        .<Integer, Integer>outcomes(item -> eat(file, meal, item), TWENTY)
                        .stream()
                        .toList();
        for (Integer item : TWENTY) {
            if (item != HUNGRY) {
                assertThat(outcomes.get(item).orElseThrow()).isEqualTo(item * item);
            }
        }
        Outcome.Failure<?, ?> failure = (Outcome.Failure<?, ?>) outcomes.get(HUNGRY);
        assertThat(failure.kind()).as(failure.error().toString()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(Faults.counts(Path.of(file)))
                .hasSize(20)
                .allSatisfy((item, times) ->
                        assertThat(times).as("runs of item " + item).isEqualTo(1));
        assertThat(pool.<Integer>apply(() -> 42)).isEqualTo(42);
        CrashReport report = failure.error().report().orElseThrow();
        assertThat(report.index()).hasValue(HUNGRY);
        System.out.printf(
                "19 results and one item that %s, %.2f s%n", report.what(), (System.nanoTime() - begin) / 1e9);
        return report;
    }

    @Test
    void nativeMemoryBeyondTheLimitEndsTheWorkerAndSaysWhatItTook() throws IOException {
        CrashReport report = onlyOneFails(() -> {
            Hunger.takeNative(450);
            TimeUnit.DAYS.sleep(1);
        });
        assertThat(report.what())
                .contains("over its limit of 400 MiB", "its heap is no more than 6", "lie outside of it");
        assertThat(report.nextStep()).contains("Raise the memory limit");
    }

    @Test
    void whatGrowsFasterThanAnybodyLooksIsStoppedByTheSystem() throws IOException {
        CrashReport report = onlyOneFails(() -> Hunger.askNative(4L << 30));
        assertThat(report.what()).contains("got no more memory from the system", "4294967296 bytes");
        assertThat(report.nextStep()).contains("memory limit of 400 MiB", "no more than 912 MiB");
    }

    @Test
    void anErrorForDirectBuffersThatTheTaskThrowsOnInsideOfAnotherEndsTheWorkerToo() throws IOException {
        CrashReport report = onlyOneFails(() -> {
            try {
                Hunger.takeDirect();
            } catch (OutOfMemoryError e) {
                IllegalStateException other = new IllegalStateException("no reader");
                other.addSuppressed(new IllegalArgumentException("wrapped twice", e));
                throw other;
            }
        });
        assertThat(report.what()).contains("direct buffers");
    }

    @Test
    void anErrorInAThreadThatTheTaskStartedEndsTheWorkerToo() throws IOException {
        CrashReport report = onlyOneFails(() -> {
            Thread thread = new Thread(Hunger::takeDirect);
            thread.start();
            thread.join();
            TimeUnit.DAYS.sleep(1);
        });
        assertThat(report.what()).contains("direct buffers");
    }

    /**
     * Threads cost address space, which the memory limit bounds by the system (RLIMIT_DATA). That, and not a limit on processes,
     * which knows users and not root, stops them here as anywhere.
     */
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "elsewhere the system bounds no stacks, and threads would end the machine")
    void asManyThreadsAsTheSystemGivesAreToldAsThat() throws IOException {
        CrashReport report = onlyOneFails(Hunger::takeThreads);
        assertThat(report.kind()).isEqualTo(DeathKind.OUT_OF_THREADS);
        assertThat(report.what()).contains("could not start another thread", "unable to create native thread");
        assertThat(report.nextStep())
                .contains("leaves threads behind", "ulimit -u", "pids.max", "no more than 912 MiB from the system");
    }

    private static int nest(int item) {
        return Pool.current()
                .<Integer, Integer>map(
                        inner -> {
                            try {
                                Hunger.takeDirect();
                            } catch (OutOfMemoryError e) {
                                throw new IllegalStateException("no reader", e);
                            }
                            return inner;
                        },
                        List.of(item))
                .get(0);
    }

    @Test
    void whereMemoryIsAlwaysShortOneWorkerDoesItAllAndWhatATaskAsksForCostsOneItemToo() {
        String all = Long.toString(Machine.totalMemory());
        try (Pool narrow =
                Pool.processes(o -> o.workers(3).heap("64m").directMemory("64m").memoryFloor(all))) {
            assertThat(narrow.<Integer, Integer>map(item -> item + 1, TWENTY)).hasSize(20);
            assertThat(narrow.stats().workersStarted()).isEqualTo(1);

            assertThatThrownBy(() -> narrow.<Integer, Integer>map(item -> nest(item), List.of(1)))
                    .isInstanceOfSatisfying(
                            WorkerCrashedException.class,
                            crash -> assertThat(crash.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY))
                    .hasMessageContaining("direct buffers")
                    .hasMessageContaining("of a call that it had made itself");
            assertThat(narrow.<Integer>apply(() -> 42)).isEqualTo(42);
        }
    }

    @Test
    void tooManyClassesAreToldAsThat() throws IOException {
        CrashReport report = onlyOneFails(Hunger::takeMetaspace);
        assertThat(report.what()).contains("memory for classes");
        assertThat(report.nextStep()).contains("Raise metaspace");
    }

    @Test
    void aFullHeapLeavesOneDumpForThePoolHoweverOftenItHappens() throws IOException {
        CrashReport first = onlyOneFails(Hunger::takeHeap);
        Files.delete(directory.resolve("runs"));
        CrashReport second = onlyOneFails(Hunger::takeHeap);
        try (Stream<Path> files = Files.list(dumps)) {
            assertThat(files.toList()).singleElement().satisfies(dump -> {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dump)))
                        .isEqualTo("rw-------");
                assertThat(Stream.concat(first.files().stream(), second.files().stream()))
                        .filteredOn(dump::equals)
                        .as("the reports that name it; a full metaspace may have left it before")
                        .hasSizeLessThanOrEqualTo(1);
            });
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dumps)))
                .isEqualTo("rwx------");
    }

    @Test
    void workersOfferThemselvesToTheKernelBeforeTheirCoordinator() throws IOException {
        Path score = Path.of("/proc/self/oom_score_adj");
        int own = Integer.parseInt(Files.readString(score).trim());
        int workers = pool.<Integer>apply(() -> Integer.parseInt(
                Files.readString(Path.of("/proc/self/oom_score_adj")).trim()));
        assertThat(workers).isEqualTo(Math.min(1000, own + 500));
    }
}
