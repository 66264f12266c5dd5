// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.PoolListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told to listeners, with an executor that runs when the test says so. */
class NewsTest {
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
