// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One at a time, in order, whoever does it. */
class TurnsTest {
    private static final int EACH = 5_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Turns turns = new Turns(threads);
    /** Without any lock: only turns protect them. */
    private final List<Integer> done = new ArrayList<>();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void stepsOfSeveralThreadsNeverOverlapAndKeepTheOrderOfEachThread() throws Exception {
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int number = t;
            callers.add(new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    int step = number * EACH + i;
                    if (i % 3 != 0 || !turns.now(() -> done.add(step))) {
                        turns.later(() -> done.add(step));
                    }
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        CountDownLatch all = new CountDownLatch(1);
        turns.later(all::countDown);
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        for (int t = 0; t < 3; t++) {
            int from = t * EACH;
            assertThat(done.stream().filter(step -> step >= from && step < from + EACH))
                    .containsExactlyElementsOf(
                            IntStream.range(from, from + EACH).boxed().toList());
        }
        assertThat(done).hasSize(3 * EACH);
    }

    @Test
    void nobodyTakesATurnThatIsTakenAndAStepKnowsThatItIsInOne() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        List<Boolean> mine = new ArrayList<>();
        turns.later(() -> {
            mine.add(turns.isMine());
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(turns.now(() -> done.add(1))).isFalse();
        assertThat(turns.isMine()).isFalse();
        leave.countDown();
        CountDownLatch after = new CountDownLatch(1);
        turns.later(after::countDown);
        assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(mine).containsExactly(true);
        assertThat(done).isEmpty();
    }

    @Test
    void whatNoThreadCanDoIsRefusedAndTheTurnIsFreeAgain() {
        threads.shutdown();
        assertThatThrownBy(() -> turns.later(() -> done.add(1))).isInstanceOf(RejectedExecutionException.class);
        assertThat(turns.now(() -> done.add(2))).isTrue();
        assertThat(done).containsExactly(2);
    }

    /** Of a system that has none for a while. */
    private Executor threadsAfter(int refusals) {
        AtomicInteger left = new AtomicInteger(refusals);
        return work -> {
            if (left.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(work);
        };
    }

    @Test
    void whatWaitedForATurnThatWasTakenIsDoneAsSoonAsThereIsAThreadAgain() throws Exception {
        Turns scarce = new Turns(threadsAfter(3));
        CountDownLatch all = new CountDownLatch(2);
        boolean taken = scarce.now(() -> {
            scarce.later(() -> add(1, all));
            scarce.later(() -> add(2, all));
        });
        assertThat(taken).isTrue();
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void whoFindsNoThreadIsToldSoAndThoseThatCameMeanwhileAreDoneLater() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        Turns[] scarce = new Turns[1];
        Executor refuses = threadsAfter(1);
        AtomicInteger calls = new AtomicInteger();
        scarce[0] = new Turns(work -> {
            if (calls.getAndIncrement() == 0) { // another thread comes just then, and relies on this one
                scarce[0].later(() -> add(2, all));
            }
            refuses.execute(work);
        });
        assertThatThrownBy(() -> scarce[0].later(() -> add(1, all))).isInstanceOf(OutOfMemoryError.class);
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(done).containsExactly(2);
    }

    private void add(int step, CountDownLatch latch) {
        done.add(step);
        latch.countDown();
    }
}
