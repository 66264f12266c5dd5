// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told to listeners, with an executor that runs when the test says so. */
class NewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<Runnable> executor = new ArrayDeque<>();
    private final News news = new News(executor::add);

    private static final class Remembering implements PoolListener {
        final List<Integer> heard = new ArrayList<>();

        @Override
        public void workerReady(Worker worker) {
            heard.add(worker.slot());
            if (worker.slot() == 0) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private void tell(int number) {
        PoolListener.Worker worker = new PoolListener.Worker(number, 1, 1);
        news.tell(listener -> listener.workerReady(worker));
    }

    @Test
    void everyListenerHearsAllInOrderWhateverAnotherThrows() {
        Remembering first = new Remembering();
        Remembering second = new Remembering();
        news.add(first);
        news.add(second);
        IntStream.range(0, 5).forEach(this::tell);
        assertThat(executor).as("one teller at a time").hasSize(1);
        executor.remove().run();

        assertThat(first.heard).containsExactly(0, 1, 2, 3, 4);
        assertThat(second.heard).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whoWaitsForTheRestWaitsForWhatIsStillBeingFoundOutToo() throws Exception {
        Remembering listener = new Remembering();
        news.add(listener);
        news.findsOut();
        FutureTask<Integer> end = new FutureTask<>(() -> {
            news.awaitTold(60_000, 60_000);
            return listener.heard.size();
        });
        Thread waits = new Thread(end, "waits");
        waits.start();
        await().atMost(PATIENCE).until(() -> waits.getState() == Thread.State.TIMED_WAITING);

        tell(1);
        news.foundOut();
        executor.remove().run();

        assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        news.awaitTold(0, 0); // nothing is left
    }

    @Test
    void ofWhatASlowListenerIsToHearABoundedNumberIsKeptAndItHearsOnAfterwards() {
        Remembering slow = new Remembering();
        news.add(slow);
        IntStream.range(1, 5000).forEach(this::tell);
        executor.remove().run();
        assertThat(slow.heard).hasSize(1024).startsWith(1, 2, 3);

        tell(7);
        executor.remove().run();
        assertThat(slow.heard).hasSize(1025).endsWith(7);
    }

    private static final class Deaths implements PoolListener {
        final List<Integer> heard = new ArrayList<>();
        int failed;

        @Override
        public void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
            heard.add(worker.slot());
        }

        @Override
        public void itemFailed(Failure failure) {
            failed++;
        }
    }

    private void die(int number) {
        PoolListener.Worker worker = new PoolListener.Worker(number, 1, 1);
        news.tellDeath(listener -> listener.workerEnded(worker, WorkerEnd.DIED, Optional.empty()));
    }

    @Test
    void noDeathIsDroppedBehindAnyNumberOfFailedItems() {
        Deaths slow = new Deaths();
        news.add(slow);
        for (int death = 0; death < 2000; death++) {
            for (int item = 0; item < 5; item++) {
                PoolListener.Failure failure = new PoolListener.Failure(item, 1, FailureKind.TASK);
                news.tell(listener -> listener.itemFailed(failure));
            }
            die(death);
        }
        executor.remove().run();
        assertThat(slow.failed).isEqualTo(1024);
        assertThat(slow.heard)
                .containsExactlyElementsOf(IntStream.range(0, 2000).boxed().toList());
    }

    @Test
    void deathsToAListenerThatNeverReturnsAreBoundedToo() {
        Deaths stuck = new Deaths();
        news.add(stuck);
        IntStream.range(0, 20_000).forEach(this::die);
        tell(1);
        executor.remove().run();
        assertThat(stuck.heard).hasSize(News.MOST_DEATHS).startsWith(0, 1, 2);

        die(7);
        executor.remove().run();
        assertThat(stuck.heard).endsWith(7);
    }

    @Test
    void withoutAListenerNothingIsKept() {
        tell(1);
        assertThat(executor).isEmpty();
    }

    @Test
    void ofOneWorkersWordsOnlyTheNewestWaitsAndInItsOrder() {
        Remembering listener = new Remembering();
        news.add(listener);
        tell(1);
        tellNewest("first worker", 10);
        tellNewest("second worker", 20);
        tell(2);
        tellNewest("first worker", 11);
        executor.remove().run();

        assertThat(listener.heard).containsExactly(1, 20, 2, 11);
    }

    private void tellNewest(String of, int number) {
        PoolListener.Worker worker = new PoolListener.Worker(number, 1, 1);
        news.tellNewest(of, listener -> listener.workerReady(worker));
    }
}
