// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DoorbellTest {
    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private final List<Long> rung = new ArrayList<>();
    private long committed;
    private final Doorbell bell = new Doorbell(loop::add, timers::add, () -> committed, rung::add);

    @Test
    void aResultWithNothingBehindItIsAnnouncedAtOnce() {
        commit(false);
        turn();
        assertThat(rung).containsExactly(1L);
    }

    @Test
    void whileTheLoopWatchesQuickItemsDoNotWakeItAndOneBellTellsOfAll() {
        commit(true);
        turn();
        for (int i = 0; i < 1000; i++) {
            commit(true);
        }
        assertThat(loop).as("the task thread woke nobody").isEmpty();
        tick();
        assertThat(rung).containsExactly(1L, 1001L);
    }

    @Test
    void aLoopThatFindsNothingNewFallsAsleepAndTheNextResultWakesIt() {
        commit(true);
        turn();
        tick();
        assertThat(timers).as("nobody watches").isEmpty();
        commit(true);
        assertThat(loop).hasSize(1);
        turn();
        assertThat(rung).containsExactly(1L, 2L);
        assertThat(timers).hasSize(1);
    }

    @Test
    void manyWhoRingBeforeTheLoopComesRoundMakeOneBell() {
        commit(false);
        commit(false);
        bell.ringSoon();
        assertThat(loop).hasSize(1);
        turn();
        assertThat(rung).containsExactly(2L);
    }

    @Test
    void aBellWithNothingNewIsNotRung() {
        bell.ringSoon();
        turn();
        assertThat(rung).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noCommitIsLeftUnannouncedWhateverTheTiming(long seed) throws Exception {
        Random random = new Random(seed);
        AtomicLong ring = new AtomicLong();
        AtomicLong told = new AtomicLong();
        AtomicInteger bells = new AtomicInteger();
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try {
            // looks far more often than in life, so that falling asleep and committing meet often
            Doorbell real = new Doorbell(
                    thread,
                    look -> {
                        var unused = thread.schedule(look, 5, TimeUnit.MICROSECONDS);
                    },
                    ring::get,
                    position -> {
                        told.set(position);
                        bells.incrementAndGet();
                    });
            for (int round = 0; round < 3000; round++) {
                int burst = 1 + random.nextInt(30);
                for (int i = 0; i < burst; i++) {
                    ring.set(ring.getPlain() + 1);
                    // always "there is more": the last one of a burst is announced by the watch alone
                    real.committed(true);
                    busy(random.nextInt(200));
                }
                long all = ring.get();
                Awaitility.await("seed " + seed + ", round " + round)
                        .pollDelay(0, TimeUnit.MILLISECONDS)
                        .pollInterval(100, TimeUnit.MICROSECONDS)
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> told.get() == all);
            }
        } finally {
            thread.shutdownNow();
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat((long) bells.get()).isLessThan(ring.get());
    }

    private static void busy(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    private void commit(boolean more) {
        committed++;
        bell.committed(more);
    }

    private void turn() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    private void tick() {
        timers.remove().run();
    }
}
