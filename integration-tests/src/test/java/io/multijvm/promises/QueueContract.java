// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.TaskFuture;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.shared.QueueShutDownException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.Waitable;
import io.multijvm.testkit.SharedPoolTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a queue does for processes, whoever of these dies. */
@SharedPoolTest
abstract class QueueContract extends EachItsManager {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int MANY = 2_000;

    private static void died(TaskFuture<?> future) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WorkerCrashedException.class);
    }

    @Test
    void aFullQueueTakesNothingUntilAnotherProcessHasMadeRoom() throws Exception {
        SharedQueue<Integer> queue = manager.queue(2);
        assertThat(queue.remainingCapacity()).isEqualTo(2);
        queue.put(1);
        assertThat(queue.offer(2)).isTrue();
        assertThat(queue.offer(3)).isFalse();
        assertThatThrownBy(() -> queue.add(3)).isInstanceOf(IllegalStateException.class);
        long begin = System.nanoTime();
        assertThat(queue.offer(3, 30, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(30_000_000);
        assertThat(queue.remainingCapacity()).isZero();
        TaskFuture<List<Integer>> drained = pool.submit(() -> List.of(queue.take(), queue.take(), queue.take()));
        queue.put(3);
        assertThat(drained.get()).containsExactly(1, 2, 3);
        assertThat(queue.isEmpty()).as("another has emptied it").isTrue();
    }

    @Test
    void whatIsPutBeforeAndAfterAProcessUsesTheQueueComesInItsOrder() throws Exception {
        SharedQueue<String> queue = manager.queue();
        for (int i = 0; i < 100; i++) {
            queue.put("element " + i);
        }
        TaskFuture<List<String>> taken = pool.submit(() -> {
            List<String> all = new ArrayList<>();
            while (all.size() < 200) {
                all.add(queue.poll(1, TimeUnit.MINUTES));
            }
            return all;
        });
        for (int i = 100; i < 200; i++) {
            queue.put("element " + i);
        }
        assertThat(taken.get())
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "element " + i).toList());
    }

    @Test
    void everyElementIsTakenOnceAndEachProducersInTheirOrder() throws Exception {
        SharedQueue<int[]> queue = manager.queue(50);
        List<TaskFuture<List<int[]>>> consumers =
                List.of(pool.submit(() -> allOf(queue)), pool.submit(() -> allOf(queue)));
        TaskFuture<?> producer = pool.submit(() -> produce(queue, 0));
        produce(queue, 1);
        producer.get();
        queue.shutdown();
        List<Integer> all = new ArrayList<>();
        for (TaskFuture<List<int[]>> consumer : consumers) {
            for (int each = 0; each < 2; each++) {
                int of = each;
                List<Integer> his = consumer.get().stream()
                        .filter(element -> element[0] == of)
                        .map(element -> element[1])
                        .toList();
                assertThat(his).isSorted();
                his.forEach(number -> all.add(of * MANY + number));
            }
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(2 * MANY);
    }

    private static void produce(SharedQueue<int[]> queue, int producer) throws InterruptedException {
        for (int i = 0; i < MANY; i++) {
            queue.put(new int[] {producer, i});
        }
    }

    private static <E> List<E> allOf(SharedQueue<E> queue) throws InterruptedException {
        List<E> taken = new ArrayList<>();
        assertThatCount(queue.takeEach(taken::add), taken);
        return taken;
    }

    private static void assertThatCount(long told, List<?> taken) {
        if (told != taken.size()) {
            throw new AssertionError(told + " told, " + taken.size() + " taken");
        }
    }

    @Test
    void afterAShutdownNothingIsPutAndWhatIsThereIsTaken() throws Exception {
        SharedQueue<String> queue = manager.queue(1);
        SharedEvent waits = manager.event();
        queue.put("last");
        TaskFuture<?> putter = pool.submit(() -> {
            waits.set();
            queue.put("too late");
        });
        waits.await();
        queue.shutdown();
        assertThatThrownBy(putter::get).hasCauseInstanceOf(QueueShutDownException.class);
        assertThat(queue.isShutdown()).isTrue();
        assertThatThrownBy(() -> queue.put("later")).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(() -> queue.offer("later")).isInstanceOf(QueueShutDownException.class);
        assertThat(pool.apply(() -> queue.take())).isEqualTo("last");
        assertThatThrownBy(queue::take).isInstanceOf(QueueShutDownException.class);
        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(1, TimeUnit.MINUTES)).isNull();
        assertThat(queue.lease(LONG)).isEmpty();
        assertThat(queue.takeEach(element -> {})).isZero();
    }

    @Test
    void joinReturnsWhenAllThatWasPutIsWorkedOff() throws Exception {
        SharedQueue<Integer> queue = manager.queue();
        queue.join();
        for (int i = 0; i < 10; i++) {
            queue.put(i);
        }
        assertThat(queue.join(Duration.ofMillis(10))).isFalse();
        TaskFuture<?> work = pool.submit(() -> {
            for (int i = 0; i < 9; i++) {
                queue.take();
                queue.taskDone();
            }
        });
        work.get();
        assertThat(queue.join(Duration.ofMillis(10))).isFalse();
        TaskFuture<?> last = pool.submit(() -> {
            queue.take();
            queue.taskDone();
        });
        queue.join();
        last.get();
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more often");
    }

    @Test
    void aLeasedElementComesBackWhenItsTakerDiesAndATakenOneIsGone() throws Exception {
        SharedQueue<String> queue = manager.queue();
        for (String each : List.of("taken", "leased", "third")) {
            queue.put(each);
        }
        died(pool.submit(() -> {
            queue.take();
            queue.lease();
            Runtime.getRuntime().halt(7);
        }));
        await().atMost(LONG).until(() -> queue.size() == 2);
        try (SharedQueue.Lease<String> second = queue.lease()) {
            assertThat(second.item()).isEqualTo("leased");
            assertThat(second.attempt()).isEqualTo(2);
            assertThat(second.acknowledge()).isTrue();
            assertThat(second.acknowledge()).isFalse();
        }
        try (SharedQueue.Lease<String> third = queue.lease()) {
            assertThat(third.item()).isEqualTo("third");
        }
        assertThat(queue).containsExactly("third"); // given back, for nobody acknowledged it
    }

    @Test
    void whoWaitsGetsWhatADeadOneHadLeased() throws Exception {
        SharedQueue<Integer> queue = manager.queue();
        SharedEvent leased = manager.event();
        SharedEvent die = manager.event();
        queue.put(1);
        TaskFuture<?> dies = pool.submit(() -> {
            queue.lease();
            leased.set();
            die.await();
            Runtime.getRuntime().halt(7);
        });
        leased.await();
        TaskFuture<Integer> waits = pool.submit(() -> queue.take());
        queue.shutdown(); // what is leased may come back, so this is not the end
        die.set();
        died(dies);
        assertThat(waits.get()).isEqualTo(1);
        assertThat(queue.takeEach(element -> {})).isZero();
    }

    @Test
    void anActionThatFailsGivesItsElementBack() throws Exception {
        SharedQueue<Integer> queue = manager.queue();
        queue.put(1);
        queue.put(2);
        assertThatThrownBy(() -> queue.leaseEach(element -> {
                    if (element == 2) {
                        throw new NoSuchElementException("it fails");
                    }
                }))
                .isInstanceOf(NoSuchElementException.class);
        queue.shutdown();
        List<Integer> left = new ArrayList<>();
        assertThat(queue.leaseEach(left::add)).isEqualTo(1);
        assertThat(left).containsExactly(2);
    }

    @Test
    void whatCannotCrossIsRefusedAndChangesNothing() throws Exception {
        SharedQueue<Object> queue = manager.queue(1);
        assertThatThrownBy(() -> queue.put(Thread.currentThread())).isInstanceOf(PayloadException.class);
        assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.size()).isZero();
        assertThat(queue.offer("fits")).isTrue();
        assertThat(pool.apply(() -> queue.take())).isEqualTo("fits");
    }

    @Test
    void largeElementsComeWhole() throws Exception {
        SharedQueue<byte[]> queue = manager.queue(2);
        int[] lengths = {0, 1, 16 << 10, 300_000, 3 << 20};
        TaskFuture<?> producer = pool.submit(() -> {
            for (int round = 0; round < 6; round++) {
                for (int length : lengths) {
                    byte[] bytes = new byte[length];
                    Arrays.fill(bytes, (byte) (length + round));
                    queue.put(bytes);
                }
            }
        });
        for (int round = 0; round < 6; round++) {
            for (int length : lengths) {
                byte[] expected = new byte[length];
                Arrays.fill(expected, (byte) (length + round));
                if (round == 3) {
                    await().atMost(LONG).until(() -> !queue.isEmpty());
                    assertThat(queue.peek()).isEqualTo(expected);
                }
                byte[] taken = round % 2 == 0 ? queue.take() : acknowledged(queue);
                assertThat(taken).isEqualTo(expected);
            }
        }
        producer.get();
    }

    private static byte[] acknowledged(SharedQueue<byte[]> queue) throws InterruptedException {
        try (SharedQueue.Lease<byte[]> lease = queue.lease()) {
            assertThat(lease.acknowledge()).isTrue();
            return lease.item();
        }
    }

    @Test
    void anInterruptEndsAWaitAndLosesNothing() throws Exception {
        SharedQueue<Integer> queue = manager.queue(1);
        for (int round = 0; round < 20; round++) {
            int number = round;
            List<Integer> taken = new ArrayList<>();
            Thread taker = new Thread(() -> {
                try {
                    taken.add(queue.take());
                } catch (InterruptedException e) {
                    // before it came, or it would be lost
                }
            });
            taker.start();
            TaskFuture<?> producer = pool.submit(() -> queue.put(number));
            taker.interrupt();
            taker.join();
            producer.get();
            assertThat(taken.isEmpty() ? queue.take() : taken.get(0)).isEqualTo(round);
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> queue.put(1)).isInstanceOf(InterruptedException.class);
        assertThat(queue).isEmpty();
    }

    @Test
    void whoWaitsForSeveralQueuesIsWokenByTheFirstElementAndByAnEnd() throws Exception {
        SharedQueue<String> first = manager.queue();
        SharedQueue<String> second = manager.queue();
        SharedEvent waits = manager.event();
        List<SharedQueue<String>> both = List.of(first, second);
        TaskFuture<?> other = pool.submit(() -> {
            waits.await();
            second.put("there");
        });
        assertThat(Waitable.any(Duration.ZERO, both)).isEmpty();
        waits.set();
        assertThat(Waitable.any(LONG, both)).containsExactly(second);
        other.get();
        assertThat(second.poll()).isEqualTo("there");
        assertThat(Waitable.any(Duration.ofMillis(1), both)).isEmpty();

        waits.clear();
        TaskFuture<List<String>> told = pool.submit(() -> {
            List<String> seen = new ArrayList<>();
            first.whenReady(() -> seen.add("forgotten")).close();
            CountDownLatch ended = new CountDownLatch(1);
            Waitable.Registration kept = first.whenReady(ended::countDown);
            waits.set();
            ended.await();
            kept.close(); // nothing is left to forget
            return seen;
        });
        waits.await();
        first.shutdown();
        assertThat(told.get()).isEmpty();
        assertThat(Waitable.any(LONG, both)).containsExactly(first);
    }

    @Test
    void aQueueCrossesThroughAQueue() throws Exception {
        SharedQueue<SharedQueue<String>> queues = manager.queue();
        SharedQueue<String> inner = manager.queue();
        queues.put(inner);
        pool.apply(() -> queues.take().put("from there"));
        assertThat(inner.take()).isEqualTo("from there");
    }

    @Test
    void afterItsEndAllAreTold() throws Exception {
        SharedQueue<String> queue = manager.queue(1);
        SharedEvent ready = manager.event();
        TaskFuture<?> waits = pool.submit(() -> {
            ready.set();
            queue.take();
        });
        ready.await();
        queue.close();
        queue.close();
        assertThatThrownBy(waits::get).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.put("x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::size).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::isEmpty).isInstanceOf(IllegalStateException.class);
        assertThat(queue.toString()).contains("QUEUE");
    }

    /** One program on both; what it sees must be the same. */
    @Test
    void itDoesWhatTheQueuesOfTheJdkDo() {
        for (int seed = 0; seed < 4; seed++) {
            SharedQueue<Integer> ours = manager.queue(8);
            List<String> expected = trace(new LinkedBlockingQueue<>(8), new Random(seed));
            assertThat(trace(ours, new Random(seed))).as("seed " + seed).isEqualTo(expected);
            ours.close();
        }
    }

    private static List<String> trace(BlockingQueue<Integer> queue, Random random) {
        List<String> seen = new ArrayList<>();
        for (int step = 0; step < 250; step++) {
            Integer value = random.nextInt(12);
            int what = random.nextInt(18);
            String result;
            try {
                result = String.valueOf(does(queue, what, value));
            } catch (RuntimeException e) {
                result = e.getClass().getSimpleName();
            }
            seen.add(step + " " + what + " " + value + " -> " + result);
        }
        return seen;
    }

    private static Object does(BlockingQueue<Integer> queue, int what, Integer value) {
        return switch (what) {
            case 0, 1, 2, 3 -> queue.offer(value);
            case 4 -> queue.add(value);
            case 5 -> queue.poll();
            case 6 -> queue.peek();
            case 7 -> queue.remove();
            case 8 -> queue.element();
            case 9 -> queue.remove(value);
            case 10 -> queue.contains(value);
            case 11 -> queue.size() + " " + queue.remainingCapacity() + " " + queue.isEmpty();
            case 12 -> {
                List<Integer> to = new ArrayList<>();
                yield queue.drainTo(to, value / 3) + " " + to;
            }
            case 13 -> queue.removeIf(each -> each % 5 == 0);
            case 14 -> Arrays.toString(queue.toArray()) + Arrays.toString(queue.toArray(new Integer[0]));
            case 15 -> {
                Iterator<Integer> all = queue.iterator();
                if (all.hasNext()) {
                    all.next();
                    all.remove();
                }
                yield queue.stream().toList();
            }
            case 16 -> queue.removeAll(List.of(value, value + 1)) + " " + queue.containsAll(List.of(value));
            default -> {
                if (value < 2) {
                    queue.clear();
                }
                yield queue.retainAll(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9)) + " " + queue.addAll(List.of());
            }
        };
    }
}
