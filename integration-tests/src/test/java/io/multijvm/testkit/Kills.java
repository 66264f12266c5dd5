// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What tests share that kill those who use shared objects. */
public final class Kills {
    /** How many are killed in each test. */
    public static final int ROUNDS = Math.max(6, Integer.getInteger("multijvm.rounds", 6));

    /** Who goes on until somebody was killed at a certain moment gives up after so many. */
    public static final int MOST_ROUNDS = 10 * ROUNDS;

    /** Somebody answers what a dead process left undone within this; a busy machine may be late now and then. */
    public static final Duration PROMISE = Duration.ofSeconds(1);

    /** Whoever waits longer is stuck. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** There is a median of so many that one late one does not change. */
    private static final int FEWEST = 3;

    private final Random random = new Random(Long.getLong("multijvm.seed", 20_261_121));

    /** A pool of so many, where who dies is soon replaced. */
    public static Pool pool(int workers) {
        return Pool.processes(o -> o.workers(workers).standby(1).restartLimit(1_000, Duration.ofMinutes(1)));
    }

    public Random random() {
        return random;
    }

    /** Until a moment that cannot be foreseen. */
    public void pause(int atMostNanos) {
        LockSupport.parkNanos(random.nextInt(atMostNanos));
    }

    /** Until each of those seats has done it so often from now on. */
    public static void awaitTurns(Seats seats, List<Integer> which, long turns) {
        Map<Integer, Long> wanted = which.stream()
                .collect(Collectors.toMap(seat -> seat, seat -> seats.life(seat).turns() + turns));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            which.forEach(seats::assertLives); // all of them: one may wait for another that has ended
            return wanted.entrySet().stream().allMatch(entry -> {
                Life life = seats.life(entry.getKey());
                return life.turns() >= entry.getValue() || !life.hasRoom();
            });
        });
    }

    /**
     * Kills one of them at any moment, and gives its seat to another.
     *
     * @return after how many nanoseconds each of the others had gone on
     */
    public long killOne(Seats seats, List<Integer> all) throws Exception {
        pause(3_000_000);
        int victim = random.nextInt(all.size());
        long killed = seats.kill(victim);
        awaitTurns(seats, all.stream().filter(seat -> seat != victim).toList(), 5);
        long wait = System.nanoTime() - killed;
        seats.replace(victim);
        return wait;
    }

    /**
     * Waits until one of those seats is in that phase, and then for a moment.
     *
     * @return which
     */
    public int choose(Seats seats, List<Integer> which, Life.Phase wanted) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        int next = random.nextInt(which.size());
        while (System.nanoTime() - until < 0) {
            int victim = which.get(next);
            if (seats.life(victim).phase() == wanted) {
                pause(100_000);
                if (seats.life(victim).phase() == wanted) {
                    return victim;
                }
            }
            LockSupport.parkNanos(5_000);
            next = (next + 1) % which.size();
        }
        throw new AssertionError("nobody was " + wanted + " within " + PATIENCE);
    }

    /** For the line that a test prints. */
    public static String figures(List<Long> waits) {
        long[] sorted = sorted(waits);
        if (sorted.length == 0) {
            return "at once";
        }
        return String.format(
                Locale.ROOT,
                "after %.1f ms in the median and %.1f at worst, %d of %d after more than %d ms (load %.1f)",
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length - 1] / 1e6,
                Arrays.stream(sorted).filter(wait -> wait > PROMISE.toNanos()).count(),
                sorted.length,
                PROMISE.toMillis(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Most keep the promise, whatever else the machine does, and none is stuck. Of one or two nobody can say what most do. */
    public static void checkWaits(List<Long> waits) {
        long[] sorted = sorted(waits);
        if (sorted.length >= FEWEST) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(sorted[(sorted.length - 1) / 2]))
                    .as("median wait, in ms")
                    .isLessThan(PROMISE.toMillis());
        }
        if (sorted.length > 0) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(sorted[sorted.length - 1]))
                    .as("longest wait, in ms")
                    .isLessThan(PATIENCE.toMillis());
        }
    }

    private static long[] sorted(List<Long> waits) {
        return waits.stream().mapToLong(Long::longValue).sorted().toArray();
    }
}
