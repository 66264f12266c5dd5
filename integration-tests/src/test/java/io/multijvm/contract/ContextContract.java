// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.shared.Shared;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task can know and keep is the same in every kind of pool. One pool a test, for a pool of processes is slow to start. */
@PromiseTest
abstract class ContextContract {
    static final long SEED = 42;
    /** Two characters long in Java. */
    private static final String LETTER = Character.toString(0x1F600);

    /** The first numbers of items 0 to 3 of a pool's first call: written down, so that no release changes them by accident. */
    private static final List<Integer> DRAWN = List.of(182, 169, 982, 241);

    /** A new pool of this kind with {@link #SEED}, of two workers where it has any. */
    abstract Pool open();

    record Seen(String worker, int slot, int incarnation, long index, int attempt, boolean cancelled)
            implements Serializable {
        static Seen now() {
            TaskContext context = TaskContext.current();
            return new Seen(
                    context.workerId(),
                    context.slot(),
                    context.incarnation(),
                    context.itemIndex(),
                    context.attempt(),
                    context.isCancelled());
        }
    }

    record Count(String worker, int count) implements Serializable {}

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static int draw() {
        return TaskContext.current().random().nextInt(1000);
    }

    private static int countHere() {
        return TaskContext.current().state("count", AtomicInteger::new).incrementAndGet();
    }

    private static String notOnTheFirstTry() {
        TaskContext context = TaskContext.current();
        AtomicInteger tries = context.state("tries", AtomicInteger::new);
        return context.state("fragile", () -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("no connection yet");
            }
            return "connected on try " + tries;
        });
    }

    /** Waits for what only its listener gives it, and takes no notice of interrupts. */
    private static String stubborn() {
        CountDownLatch end = new CountDownLatch(1);
        TaskContext.current().onAbort(end::countDown);
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                // only the listener ends this
            }
        }
        return "ended";
    }

    private static int onceMore() throws InterruptedException {
        TaskContext context = TaskContext.current();
        if (context.attempt() == 1) {
            context.random().nextInt(1000);
            new CountDownLatch(1).await();
        }
        return 10_000 * context.attempt() + draw();
    }

    @Test
    void aTaskKnowsItsWorkerItsItemAndItsAttempt() {
        try (Pool pool = open()) {
            List<Seen> seen = pool.map(item -> Seen.now(), upTo(20));
            for (int i = 0; i < seen.size(); i++) {
                Seen item = seen.get(i);
                assertThat(item.index()).isEqualTo(i);
                assertThat(item.worker()).isEqualTo(item.slot() + "." + item.incarnation());
                assertThat(item.slot()).isBetween(0, 1);
                assertThat(item.attempt()).isOne();
                assertThat(item.cancelled()).isFalse();
            }
        }
    }

    @Test
    void randomNumbersDependOnSeedCallAndItemAlone() {
        try (Pool pool = open()) {
            assertThat(pool.seed()).isEqualTo(SEED);
            assertThat(pool.with(o -> o.chunkSize(1)).map(item -> draw(), upTo(4)))
                    .isEqualTo(DRAWN);
            List<Integer> second = pool.map(item -> draw(), upTo(4));
            assertThat(second).as("another call draws others").isNotEqualTo(DRAWN);
            List<Integer> single = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                single.add(pool.<Integer>apply(() -> draw()));
            }
            assertThat(single).as("submits are items of one call").isEqualTo(List.of(655, 618, 436));
            assertThat(pool.with(o -> o.itemTimeout(Duration.ofSeconds(2))
                                    .retries(1)
                                    .retryOn(FailureKind.TIMEOUT))
                            .map(item -> onceMore(), upTo(1)))
                    .as("a second attempt knows that it is one, and draws what the first drew")
                    .isEqualTo(List.of(20_634));
        }
    }

    @Test
    void whatAWorkerKeepsOutlivesItemsAndCallsAndAFailedBeginning() {
        try (Pool pool = open()) {
            Map<String, Integer> most = new HashMap<>();
            for (int call = 0; call < 2; call++) {
                pool.map(item -> new Count(TaskContext.current().workerId(), countHere()), upTo(10))
                        .forEach(count -> most.merge(count.worker(), count.count(), Math::max));
            }
            assertThat(most.values().stream().mapToInt(count -> count).sum())
                    .as("each of the twenty items was counted in its own worker, in whichever")
                    .isEqualTo(20);
            // in whatever workers it runs, each fails once and then succeeds for good
            int failures = 0;
            List<String> connected = new ArrayList<>();
            while (connected.size() < 10) {
                try {
                    connected.add(pool.<String>apply(() -> notOnTheFirstTry()));
                } catch (TaskFailedException e) {
                    assertThat(e)
                            .hasCauseInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("no connection yet");
                    failures++;
                }
            }
            assertThat(failures).isBetween(1, 2);
            assertThat(connected).containsOnly("connected on try 2");
        }
    }

    @Test
    void aListenerThatLetsALateTaskEndKeepsItsWorker() {
        try (Pool pool = open()) {
            assertThatThrownBy(() -> pool.with(o -> o.itemTimeout(Duration.ofMillis(200)))
                            .apply(() -> stubborn()))
                    .isInstanceOf(TaskTimeoutException.class);
            assertThat(workers(pool))
                    .as("the workers that the pool began with")
                    .allMatch(worker -> worker.endsWith(".1"));
        }
    }

    /** What the listener hears; it makes the file when it has heard that item twice. */
    private static final class Hearer implements PoolListener {
        final List<ItemProgress> heard = new CopyOnWriteArrayList<>();
        private final Path enough;

        Hearer(Path enough) {
            this.enough = enough;
        }

        @Override
        public void itemProgressed(ItemProgress progress) {
            heard.add(progress);
            if (of(1).size() == 2) {
                try {
                    Files.createFile(enough);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        List<ItemProgress> of(long index) {
            return heard.stream().filter(one -> one.index() == index).toList();
        }
    }

    private static void tellsALongStory() {
        // once more, where the worker has just said something else
        for (int times = 0; times < 30; times++) {
            TaskContext.current().progress(1, "x" + LETTER.repeat(1000));
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** How often it has said so until the file was there. */
    private static int saysHowFarItIs(String enough) {
        Path file = Path.of(enough);
        double fraction = 0;
        int said = 0;
        do {
            fraction += (1 - fraction) / 100_000;
            TaskContext.current().progress(fraction, "word " + ++said);
        } while (!Files.exists(file));
        return said;
    }

    @Test
    void aTaskSaysHowFarItIsAsOftenAsItLikesAndListenersHearTheNewestNowAndThen(@TempDir Path directory) {
        String enough = directory.resolve("enough").toString();
        Hearer hearer = new Hearer(Path.of(enough));
        try (Pool pool = open()) {
            pool.addListener(hearer);
            int said = pool.map(item -> item == 0 ? 0 : saysHowFarItIs(enough), upTo(2))
                    .get(1);

            List<PoolListener.ItemProgress> words = hearer.of(1);
            assertThat(words).hasSizeGreaterThanOrEqualTo(2);
            assertThat(said)
                    .as("what the task could say while %s were heard", words.size())
                    .isGreaterThan(20 * words.size());
            assertThat(hearer.of(0)).as("of an item that said nothing").isEmpty();
            assertThat(words).isSortedAccordingTo(Comparator.comparing(PoolListener.ItemProgress::fraction));
            assertThat(words).allSatisfy(word -> {
                assertThat(word.text()).startsWith("word ");
                assertThat(word.worker().slot()).isBetween(0, 1);
                assertThat(word.worker().pid()).isPositive();
            });
            // its first words are told at once, half a letter is none
            pool.apply(() -> tellsALongStory());
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(hearer.heard)
                            .last()
                            .extracting(PoolListener.ItemProgress::text)
                            .isEqualTo("x" + LETTER.repeat(499)));
            assertThatThrownBy(() -> pool.apply(() -> TaskContext.current().progress(1.1, "")))
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("fraction must be 0 to 1, not 1.1");
        }
    }

    private static List<String> workers(Pool pool) {
        return pool.with(o -> o.chunkSize(1)).map(item -> TaskContext.current().workerId(), upTo(20)).stream()
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void aSharedValueIsReadByAnyTaskUntilItIsClosed() {
        Pool closedLater = open();
        Shared<int[]> open;
        try (Pool pool = closedLater) {
            Shared<int[]> numbers = pool.share(new int[] {3, 1, 4});
            open = pool.share(new int[] {1});
            assertThat(numbers.get())
                    .as("the caller's own")
                    .isSameAs(numbers.get())
                    .containsExactly(3, 1, 4);
            assertThat(pool.map(i -> numbers.get()[i], upTo(3))).containsExactly(3, 1, 4);
            assertThat(pool.<Boolean>apply(() -> {
                        int[] first = numbers.get();
                        return first == numbers.get();
                    }))
                    .as("one object a worker")
                    .isTrue();
            assertThat(pool.map(handle -> Arrays.stream(handle.get()).sum(), List.of(numbers, open)))
                    .as("handles as items")
                    .containsExactly(8, 1);
            numbers.close();
            numbers.close();
            assertThatThrownBy(numbers::get)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> pool.<Integer>apply(() -> numbers.get()[0]))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shared value 1 (int[]")
                    .hasMessageContaining("closed");
            assertThat(pool.<Integer>apply(() -> open.get()[0])).isOne();
            assertThatThrownBy(() -> pool.share(Thread.currentThread()))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("shared value");
        }
        assertThatThrownBy(open::get).as("freed with its pool").isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closedLater.share("x")).isInstanceOf(RejectedExecutionException.class);
    }
}
