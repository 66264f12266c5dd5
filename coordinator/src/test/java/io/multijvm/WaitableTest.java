// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.internal.result.WhenDone;
import io.multijvm.shared.Waitable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitableTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    /** Something that others may take away again, as the next element of a queue. */
    private static final class Fickle implements Waitable {
        private final List<Runnable> waiting = new ArrayList<>();
        private final CountDownLatch waitedForTwice = new CountDownLatch(2);
        private boolean ready;

        @Override
        public synchronized boolean isReady() {
            return ready;
        }

        @Override
        public synchronized Registration whenReady(Runnable action) {
            waiting.add(action);
            waitedForTwice.countDown();
            return () -> forget(action);
        }

        private synchronized void forget(Runnable action) {
            waiting.remove(action);
        }

        synchronized int waiters() {
            return waiting.size();
        }

        /** Tells the news; whether it is still true when they are heard is another matter. */
        synchronized void news(boolean still) {
            ready = still;
            List.copyOf(waiting).forEach(Runnable::run);
        }
    }

    @Test
    void thoseThatAreReadyAreGivenInTheirOrderAndEachOnce() throws Exception {
        try (Pool pool = Pool.threads(1)) {
            TaskFuture<Integer> first = pool.submit(() -> 1);
            TaskFuture<Integer> second = pool.submit(() -> 2);
            first.join();
            second.join();
            Fickle never = new Fickle();

            List<Waitable> ready = Waitable.any(LONG, List.of(never, second, first, second));

            assertThat(ready).containsExactly(second, first);
            assertThat(never.waiters()).isZero();
        }
    }

    @Test
    void whateverBecomesReadyWakesAndNobodyIsWaitedForAfterwards() throws Exception {
        Fickle one = new Fickle();
        Fickle other = new Fickle();
        Thread maker = new Thread(() -> {
            // news that are not true any more when they are heard are no reason to return
            while (one.waitedForTwice.getCount() > 0) {
                one.news(false);
            }
            other.news(true);
        });
        maker.start();

        assertThat(Waitable.any(LONG, List.of(one, other))).containsExactly(other);
        maker.join();
        assertThat(one.waiters()).isZero();
        assertThat(other.waiters()).isZero();
    }

    @Test
    void aTimeThatIsOverGivesNothingAlsoOfNothing() throws Exception {
        Fickle never = new Fickle();
        for (List<Fickle> each : List.of(List.of(never), List.<Fickle>of())) {
            long begin = System.nanoTime();
            assertThat(Waitable.any(Duration.ofMillis(30), each)).isEmpty();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(30_000_000);
            assertThat(Waitable.any(Duration.ofSeconds(-1), each)).isEmpty();
        }
        never.news(true);
        assertThat(Waitable.any(Duration.ofSeconds(Long.MIN_VALUE), List.of(never)))
                .containsExactly(never);
        assertThat(Waitable.any(Duration.ofSeconds(Long.MAX_VALUE), List.of(never)))
                .containsExactly(never);
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Waitable.any(LONG, List.of(new Fickle()))).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aFutureThatIsWaitedForOftenKeepsNothingOfIt() {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            WhenDone.run(future, runs::incrementAndGet).close();
        }
        assertThat(future.getNumberOfDependents()).isLessThan(5);
        Waitable.Registration wanted = WhenDone.run(future, runs::incrementAndGet);

        future.completeExceptionally(new IllegalStateException());

        assertThat(runs).hasValue(1);
        wanted.close();
        WhenDone.run(future, runs::incrementAndGet).close();
        assertThat(runs).hasValue(2);
    }
}
