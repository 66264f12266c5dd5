// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Futures are completed once each, in order, and none waits for ever behind another. */
class FinisherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EACH = 20_000;

    private final Finisher finisher = new Finisher();

    @Test
    void whatSeveralThreadsBringIsCompletedOnceEachInTheOrderOfEachThread() throws Exception {
        ConcurrentLinkedQueue<int[]> completed = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int number = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    int place = i;
                    finisher.finish(() -> completed.add(new int[] {number, place}));
                    if (i % 500 == 0) {
                        LockSupport.parkNanos(100_000); // so that it runs dry now and then
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        await().atMost(PATIENCE).until(() -> completed.size() == 3 * EACH);
        for (int t = 0; t < 3; t++) {
            int number = t;
            assertThat(completed.stream().filter(each -> each[0] == number).map(each -> each[1]))
                    .containsExactlyElementsOf(IntStream.range(0, EACH).boxed().toList());
        }
    }

    @Test
    void whatWaitsForThoseBehindItHoldsThemUpForAMomentOnly() {
        int depth = 5;
        List<CountDownLatch> done =
                IntStream.range(0, depth).mapToObj(i -> new CountDownLatch(1)).toList();
        for (int i = 0; i < depth; i++) {
            int number = i;
            finisher.finish(() -> {
                try {
                    boolean last = number == depth - 1;
                    if (last || done.get(number + 1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        done.get(number).countDown();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        await().atMost(PATIENCE).until(() -> done.get(0).getCount() == 0);
    }
}
