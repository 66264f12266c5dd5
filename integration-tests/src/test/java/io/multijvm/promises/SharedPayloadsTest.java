// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.StreamingCoordinator;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large payloads in memory that workers share: whoever dies whenever, one item is lost and nothing stays. */
@PromiseTest
class SharedPayloadsTest {
    private static final int ROUNDS = Integer.getInteger("multijvm.rounds", 3);
    private static final int ITEMS = 60;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @BeforeEach
    void needSharedMemory() {
        assumeTrue(Files.isWritable(SHARED_MEMORY), "there is no /dev/shm");
    }

    private static byte[] payload(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] back(byte[] item) {
        byte[] copy = item.clone();
        copy[0]++;
        return copy;
    }

    @Test
    void aWorkerThatIsKilledAtAnyMomentCostsAtMostTheItemItHadAtHand() {
        Random random = new Random(11);
        List<byte[]> items = IntStream.range(0, ITEMS)
                .mapToObj(i -> payload(i, 1 + (150 << 10) * (1 + i % 20)))
                .toList();
        int lost = 0;
        int kills = 0;
        try (Pool pool = Pool.processes(2)) {
            List<Long> warm = pool.map(i -> ProcessHandle.current().pid(), List.of(1, 2, 3, 4));
            assertThat(warm).isNotEmpty();
            for (int round = 0; round < ROUNDS; round++) {
                AtomicBoolean over = new AtomicBoolean();
                int after = random.nextInt(120);
                Thread killer = new Thread(() -> killOne(after, over), "killer");
                killer.start();
                List<Outcome<byte[], byte[]>> outcomes =
                        pool
                                .with(o -> o.chunkSize(3))
                                .<byte[], byte[]>outcomes(SharedPayloadsTest::back, items)
                                .stream()
                                .toList();
                over.set(true);
                join(killer);
                kills++;
                assertThat(outcomes).hasSize(ITEMS);
                int failed = 0;
                for (int i = 0; i < ITEMS; i++) {
                    if (outcomes.get(i) instanceof Outcome.Failure<byte[], byte[]> failure) {
                        assertThat(failure.kind()).isEqualTo(FailureKind.CRASH);
                        failed++;
                    } else {
                        assertThat(outcomes.get(i).orElseThrow())
                                .as("item " + i)
                                .isEqualTo(back(items.get(i)));
                    }
                }
                assertThat(failed).as("items lost to one kill").isLessThanOrEqualTo(1);
                lost += failed;
            }
        }
        System.out.printf(
                "%d workers killed among %d items of 150 KiB to 3 MiB each: %d items lost, all others whole%n",
                kills, ITEMS, lost);
    }

    /** Some turns of the scheduler later, any of the two. */
    private static void killOne(int after, AtomicBoolean over) {
        long until = System.nanoTime() + Duration.ofMillis(after).toNanos();
        while (System.nanoTime() < until && !over.get()) {
            Thread.onSpinWait();
        }
        ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .findAny()
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    private static void join(Thread thread) {
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] dieAfter(int item, int length) throws Exception {
        if (item % 2 == 1) {
            Runtime.getRuntime().halt(9);
        }
        return payload(item, length);
    }

    @Test
    void aLargeResultThatWasFinishedSurvivesTheDeathRightBehindIt() {
        try (Pool pool = Pool.processes(1)) {
            List<Outcome<Integer, byte[]>> outcomes = pool
                    .with(o -> o.chunkSize(2))
                    .<Integer, byte[]>outcomes(item -> dieAfter(item, 5 << 20), List.of(0, 1, 2, 3))
                    .stream()
                    .toList();

            for (int i = 0; i < 4; i += 2) {
                assertThat(outcomes.get(i).orElseThrow()).isEqualTo(payload(i, 5 << 20));
                assertThat(outcomes.get(i).attempts()).isEqualTo(1);
                assertThat(outcomes.get(i + 1)).isInstanceOf(Outcome.Failure.class);
            }
        }
        System.out.println("2 deaths right behind a result of 5 MiB: both results arrived");
    }

    @Test
    void manyIncarnationsWithLargePayloadsLeaveNoMappingInTheCoordinator() throws IOException {
        try (Pool pool = Pool.processes(1)) {
            long before = 0;
            for (int i = 0; i < 2 + ROUNDS; i++) {
                byte[] item = payload(i, 2 << 20);
                List<Outcome<byte[], Object>> outcomes = pool
                        .<byte[], Object>outcomes(bytes -> dieAfter(bytes.length > 1 ? 1 : 0, 1), List.of(item))
                        .stream()
                        .toList();
                assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failure.class);
                byte[] result = pool.apply(() -> payload(1, 3 << 20));
                assertThat(result).hasSize(3 << 20);
                if (i == 1) {
                    before = mappings();
                }
            }
            assertThat(before).isPositive();
            long most = before;
            // what a dead worker had is given back a moment after its item's failure was told
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(mappings()).as("of the one worker that lives").isLessThanOrEqualTo(most);
                assertThat(named(ProcessHandle.current().pid()))
                        .as("names in shared memory")
                        .isEmpty();
            });
        }
    }

    private static long mappings() throws IOException {
        String mine = "/multijvm-" + ProcessHandle.current().pid() + "-";
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(mine)).count();
        }
    }

    private static List<Path> named(long pid) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SHARED_MEMORY, "multijvm-" + pid + "-*")) {
            files.forEach(found::add);
        }
        return found;
    }

    @Test
    void killingTheCoordinatorWhileItStreamsLeavesNothingInSharedMemory() throws Exception {
        Path output = directory.resolve("output.txt");
        Process coordinator = ChildJvm.start(ChildJvm.java(), List.of(), output, StreamingCoordinator.class);
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(output).contains("results"));
            // the recorder's name goes at its worker's hello; a large payload's memory never had one
            await().atMost(PATIENCE).until(() -> named(coordinator.pid()).isEmpty());
            assertThat(coordinator.isAlive()).isTrue();
        } finally {
            coordinator.destroyForcibly();
        }
        coordinator.waitFor();

        assertThat(named(coordinator.pid())).isEmpty();
        System.out.println("coordinator killed while it streamed large payloads: nothing in shared memory");
    }
}
