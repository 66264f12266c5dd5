// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.FaultPlan;
import io.multijvm.FaultPlan.Fault;
import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workers are killed by SIGKILL all the time, half of them by themselves as an item begins, half from outside at any moment:
 * no result is lost, doubled or wrong, and all come in order.
 */
@PromiseTest
class ChaosTest {
    /** The long form has 100,000, 20 times: {@code -Plong}. */
    private static final int ITEMS = Integer.getInteger("multijvm.chaos.items", 20_000);

    private static final int TIMES = Integer.getInteger("multijvm.chaos.times", 1);
    private static final long SEED = Long.getLong("multijvm.chaos.seed", 20_261_121);
    /** Of all items: some ten of 20,000. */
    private static final double RATE = 0.0005;

    @TempDir
    Path directory;

    private static int work(String file, int item) {
        Faults.count(Path.of(file), item);
        return item * 31 + 7;
    }

    /**
     * Kills a worker of the pool now and then, until it is told to stop; never the last one that is ready, and none before a
     * successor of the one before it has come: on a busy machine none might ever get to work.
     */
    private static final class Killer extends Thread implements PoolListener {
        private final Map<Long, Boolean> ready = new ConcurrentHashMap<>();
        private final Semaphore came = new Semaphore(0);
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final Random random;
        private final AtomicInteger killed = new AtomicInteger();

        Killer(long seed) {
            super("killer");
            random = new Random(seed);
        }

        @Override
        public void workerReady(Worker worker) {
            ready.put(worker.pid(), true);
            came.release();
        }

        @Override
        public void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
            ready.remove(worker.pid());
        }

        @Override
        public void run() {
            try {
                while (!stopped.await(300 + random.nextInt(900), TimeUnit.MILLISECONDS)) {
                    List<Long> pids = List.copyOf(ready.keySet());
                    if (pids.size() > 1 && came.drainPermits() > 0) {
                        long pid = pids.get(random.nextInt(pids.size()));
                        ready.remove(pid);
                        if (ProcessHandle.of(pid)
                                .map(ProcessHandle::destroyForcibly)
                                .orElse(false)) {
                            killed.incrementAndGet();
                        }
                    }
                }
            } catch (InterruptedException e) {
                // the test is over
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(SEED, SEED + TIMES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostDoubledOrWrongWhileWorkersAreKilledAtRandom(long seed) throws IOException, InterruptedException {
        String file = directory.resolve("runs").toString();
        Killer killer = new Killer(seed);
        long begin = System.nanoTime();
        List<Integer> results;
        long deaths;
        // many a standby is killed before it has begun anything: for as long as we kill, that says nothing about the
        // pool
        try (Pool pool = Pool.processes(o -> o.workers(2)
                .standby(2)
                .restartLimit(100, Duration.ofMinutes(1))
                .faults(new FaultPlan().atRandom(Fault.KILL, RATE, seed)))) {
            pool.addListener(killer);
            killer.start();
            results = pool.with(o -> o.retries(20).crashLimit(20))
                    .<Integer, Integer>map(
                            item -> work(file, item),
                            IntStream.range(0, ITEMS).boxed().toList());
            killer.stopped.countDown();
            killer.join();
            deaths = pool.stats().workersDied();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;

        List<Integer> right =
                IntStream.range(0, ITEMS).map(item -> item * 31 + 7).boxed().toList();
        Map<Integer, Integer> runs = Faults.counts(Path.of(file));
        long again = runs.values().stream().mapToInt(times -> times - 1).sum();
        System.out.printf(
                "chaos: %d items, %d workers died (%d killed from outside): 0 lost, 0 doubled, 0 wrong, in order;"
                        + " %d items run again; %.1f s%n",
                ITEMS, deaths, killer.killed.get(), again, seconds);
        assertThat(results).isEqualTo(right);
        assertThat(runs).hasSize(ITEMS);
        assertThat(again).as("only what a death cost is run again").isLessThanOrEqualTo(deaths);
        assertThat(deaths).isGreaterThanOrEqualTo(10L * ITEMS / 20_000);
    }
}
