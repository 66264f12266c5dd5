// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Futures are completed once each, in order, and none waits for ever behind another. */
class FinisherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EACH = 20_000;

    /** Of a thread that has no core just now, too: then another one goes on with those behind it, on purpose. */
    private static final long VERY_PATIENT_MILLIS = 300_000;

    private static final long PATIENT_MILLIS = 20;

    /** What three threads bring: which, and which of it. */
    private static ConcurrentLinkedQueue<int[]> completedBy(Finisher finisher) throws InterruptedException {
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
        return completed;
    }

    private static Stream<Integer> of(int thread, ConcurrentLinkedQueue<int[]> completed) {
        return completed.stream().filter(each -> each[0] == thread).map(each -> each[1]);
    }

    @Test
    void whatSeveralThreadsBringIsCompletedInTheOrderOfEachThread() throws Exception {
        var completed = completedBy(new Finisher(threadsFor(number -> true), VERY_PATIENT_MILLIS));
        for (int t = 0; t < 3; t++) {
            assertThat(of(t, completed))
                    .containsExactlyElementsOf(IntStream.range(0, EACH).boxed().toList());
        }
    }

    @Test
    void whatSeveralThreadsBringIsCompletedOnceEachWhoeverGoesOnWithIt() throws Exception {
        var completed = completedBy(new Finisher(threadsFor(number -> true), 1));
        for (int t = 0; t < 3; t++) {
            assertThat(of(t, completed).sorted())
                    .containsExactlyElementsOf(IntStream.range(0, EACH).boxed().toList());
        }
    }

    @Test
    void whatWaitsForThoseBehindItHoldsThemUpForAMomentOnly() {
        Finisher finisher = new Finisher();
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

    /** Of a system that has threads only for some of what is to be run, by its number from 0. */
    private static Executor threadsFor(IntPredicate some) {
        AtomicInteger asked = new AtomicInteger();
        return work -> {
            if (!some.test(asked.getAndIncrement())) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            Thread thread = new Thread(work, "finishes");
            thread.setDaemon(true);
            thread.start();
        };
    }

    @Test
    void whatFoundNoThreadIsCompletedAsSoonAsThereIsOneInItsOrder() {
        Finisher scarce = new Finisher(threadsFor(number -> number >= 3), VERY_PATIENT_MILLIS);
        List<Integer> completed = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            scarce.finish(() -> completed.add(number));
        }
        await().atMost(PATIENCE).until(() -> completed.size() == 2);
        assertThat(completed).containsExactly(0, 1);
    }

    @Test
    void whatWaitsForThoseBehindItIsHeldUpForAMomentAlsoWhereTheNextThreadIsNotToBeHadAtOnce() {
        Finisher scarce = new Finisher(threadsFor(number -> number == 0 || number >= 4), PATIENT_MILLIS);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        scarce.finish(() -> {
            try {
                if (second.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    first.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        scarce.finish(second::countDown);
        await().atMost(PATIENCE.dividedBy(2)).until(() -> first.getCount() == 0);
    }
}
