// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No commit stays unannounced, and not each of them costs a message. */
@Timeout(60)
class DoorbellTest {
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong announced = new AtomicLong();
    private final AtomicLong rings = new AtomicLong();
    private final Doorbell bell = new Doorbell(loop, committed::get, position -> {
        rings.incrementAndGet();
        announced.set(position);
    });

    @AfterEach
    void end() {
        loop.shutdownNow();
    }

    /** The pauses are about as long as the loop's watch, so that commits meet a loop that is just giving up. */
    @Test
    void aCommitThatMeetsALoopWhichStopsWatchingIsAnnounced() {
        for (int round = 0; round < 2000; round++) {
            int burst = ThreadLocalRandom.current().nextInt(1, 4);
            for (int i = 0; i < burst; i++) {
                committed.incrementAndGet();
                bell.committed(true);
            }
            if (round % 20 == 0) {
                long last = committed.get();
                await().atMost(Duration.ofSeconds(5))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> announced.get() == last);
            } else {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(400_000, 1_200_000));
            }
        }
    }

    @Test
    void manyQuickCommitsShareTheirMessages() {
        for (int i = 0; i < 100_000; i++) {
            committed.incrementAndGet();
            bell.committed(true);
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> announced.get() == 100_000);
        assertThat(rings.get()).isLessThan(10_000);
    }
}
