// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NewestTest {
    private final List<Duration> waits = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private final List<Integer> told = new ArrayList<>();
    private final Newest<Integer> newest = new Newest<>(
            (after, action) -> {
                waits.add(after);
                due.add(action);
            },
            told::add);

    private void runDue() {
        List<Runnable> now = List.copyOf(due);
        due.clear();
        now.forEach(Runnable::run);
    }

    @Test
    void theFirstWordIsToldAtOnceAndOfThoseInThePauseOnlyTheNewest() {
        newest.say(1);
        runDue();
        newest.say(2);
        newest.say(3);
        assertThat(told).containsExactly(1);
        runDue();
        assertThat(told).containsExactly(1, 3);
        runDue();
        assertThat(waits).containsExactly(Duration.ZERO, Newest.PAUSE, Newest.PAUSE);
        assertThat(due).as("nobody wakes up where nothing is said").isEmpty();

        newest.say(4);
        runDue();
        assertThat(told).containsExactly(1, 3, 4);
    }

    @Test
    void theLastWordOfManyThreadsIsNeverLeftUntold() throws Exception {
        ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int round = 0; round < 2000; round++) {
                int last = round;
                CountDownLatch heard = new CountDownLatch(1);
                Newest<Integer> words = new Newest<>((after, action) -> loop.execute(action), word -> {
                    if (word == last) {
                        heard.countDown();
                    }
                });
                words.say(-1);
                words.say(last);
                assertThat(heard.await(10, TimeUnit.SECONDS))
                        .as("round %s", round)
                        .isTrue();
            }
        } finally {
            loop.shutdownNow();
        }
    }
}
