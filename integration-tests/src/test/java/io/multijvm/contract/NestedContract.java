// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.CallProgress;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Levels;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a task may ask of the pool that runs it, in each kind of pool. */
@PromiseTest
abstract class NestedContract {
    /** A new pool of this kind, of two workers where it has any. */
    abstract Pool open();

    /** One, two, three and so on. */
    private static final class Endless implements Iterable<Integer> {
        @Override
        public Iterator<Integer> iterator() {
            return Stream.iterate(1, x -> x + 1).iterator();
        }
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static int sum(List<Integer> values) {
        return values.stream().mapToInt(value -> value).sum();
    }

    @Test
    void aTaskGetsItsResultsFromItsOwnPoolInEveryWay() {
        try (Pool pool = open()) {
            assertThat(pool.map(NestedContract::inEveryWay, List.of(0, 100)))
                    .containsExactly("0 45 45 90 true 225 6", "100 1045 45 90 true 225 6");
        }
    }

    private static String inEveryWay(int base) throws InterruptedException {
        Pool mine = Pool.current();
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int x : upTo(10)) {
            futures.add(mine.submit(() -> x * 2));
        }
        // not one of our own methods: nobody is told that this thread waits
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
        boolean lazy;
        try (ResultStream<Integer> stream = mine.with(o -> o.unordered()).imap(x -> x * 3, new Endless())) {
            lazy = stream.stream().limit(5).allMatch(x -> x > 0 && x % 3 == 0);
        }
        AtomicInteger fromThread = new AtomicInteger();
        Thread thread = new Thread(() -> fromThread.set(sum(mine.map(x -> x, upTo(4)))));
        thread.start();
        thread.join();
        return mine.<Integer>apply(() -> base)
                + " " + sum(mine.map(x -> x + base, upTo(10)))
                + " " + sum(mine.mapAsync(x -> x, upTo(10)).join())
                + " " + futures.stream().mapToInt(TaskFuture::join).sum()
                + " " + lazy
                + " "
                + mine.<Integer, Integer>outcomes(x -> x * 5, upTo(10)).stream()
                        .mapToInt(outcome -> outcome.orElseThrow())
                        .sum()
                + " " + fromThread;
    }

    @Test
    void callsInsideOfCallsNeverStarveThePoolDownToSixtyFourLevels() {
        try (Pool pool = open()) {
            assertThat(pool.map(Levels::down, List.of(20, 20, 20))).containsExactly(20, 20, 20);
            assertThat(pool.<Integer>apply(() -> Levels.tree(8))).isEqualTo(256);
            assertThat(pool.<String>apply(() -> Levels.deepest(0)))
                    .startsWith("64: this call is the 65th in a row")
                    .contains("the limit is 64")
                    .contains("-Dio.multijvm.nestedCalls=N");
        }
    }

    @Test
    void optionsAndContextCountInsideAsTheyDoOutside() {
        try (Pool pool = open()) {
            assertThat(pool.map(NestedContract::withOptions, List.of(0, 1)))
                    .allSatisfy(
                            said -> assertThat(said)
                                    .isEqualTo(
                                            "the call's deadline, 3 of 4 and 1 failed, 1 attempt, then 2, 200 seeds, lanes 190, large 6000000, kept"));
        }
    }

    private static int forEver(int x) throws InterruptedException {
        new CountDownLatch(1).await();
        return x;
    }

    private static int notAtFirst() {
        int attempt = TaskContext.current().attempt();
        if (attempt == 1) {
            throw new IllegalStateException("not in the first attempt");
        }
        return attempt;
    }

    private static String withOptions(int item) {
        Pool mine = Pool.current();
        String said = "";
        try {
            mine.with(o -> o.deadline(Duration.ofMillis(300))).map(NestedContract::forEver, upTo(3));
        } catch (TaskTimeoutException e) {
            said += e.ofWholeCall() ? "the call's deadline" : String.valueOf(e.getMessage());
        }
        AtomicReference<CallProgress> last = new AtomicReference<>();
        try {
            mine.with(o -> o.finishOthers().progress(last::set)).map(x -> 6 / (x - 2), upTo(4));
        } catch (TaskFailedException e) {
            CallProgress now = Objects.requireNonNull(last.get());
            said += ", " + (now.done() - now.failed()) + " of " + now.total().orElse(-1) + " and " + now.failed()
                    + " failed";
        }
        TaskFuture<Integer> future = mine.submit(() -> item);
        said += future.join() == item ? ", " + future.attempts().size() + " attempt" : "";
        said += ", then "
                + mine.with(o -> o.retries(1).retryOn(FailureKind.TASK))
                        .map(x -> notAtFirst(), upTo(1))
                        .get(0);
        said += ", "
                + new HashSet<>(mine.map(x -> TaskContext.current().random().nextLong(), upTo(200))).size() + " seeds";
        said += ", lanes " + sum(mine.with(o -> o.<Integer>affinity(x -> x % 3)).map(x -> x, upTo(20)));
        // more than shared memory is used for, and more than one message holds
        said += ", large "
                + mine.map(size -> new byte[size], List.of(1_000_000, 2_000_000)).stream()
                        .map(bytes -> mine.<byte[]>apply(() -> Arrays.copyOf(bytes, 2 * bytes.length)))
                        .mapToInt(bytes -> bytes.length)
                        .sum();
        int first = mine.<Integer>apply(() -> TaskContext.current().state("kept", () -> 7));
        return said + (first == 7 ? ", kept" : "");
    }

    @Test
    void whatGoesWrongInsideIsTheTasksToCatchAndItsContextIsItsOwnAgain() {
        try (Pool pool = open()) {
            assertThat(pool.map(NestedContract::afterFailures, List.of("a", "b")))
                    .containsExactly("0 inside, late 0, [0, 1, 2], 0", "1 inside, late 0, [0, 1, 2], 1");
            assertThatThrownBy(() -> pool.apply(() -> Pool.current().close()))
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("return from the task first");
        }
        assertThatThrownBy(Pool::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only in the thread that runs a task");
    }

    private static String afterFailures(String item) {
        Pool mine = Pool.current();
        String said = TaskContext.current().itemIndex() + " ";
        try {
            mine.apply(() -> {
                throw new IllegalStateException("inside");
            });
        } catch (TaskFailedException e) {
            said += Objects.requireNonNull(e.getCause()).getMessage();
        }
        try {
            mine.with(o -> o.itemTimeout(Duration.ofMillis(300))).apply(() -> new CountDownLatch(1).await());
        } catch (TaskTimeoutException e) {
            said += ", late " + e.index();
        }
        return said + ", "
                + mine.map(x -> TaskContext.current().itemIndex(), upTo(3)) + ", "
                + TaskContext.current().itemIndex();
    }

    /** Where there are several workers, so that a pool can be closed while a task runs. */
    abstract static class Concurrent extends NestedContract {
        @Test
        void closingFinishesWhatRunningTasksAskFor() throws InterruptedException {
            Pool pool = open();
            TaskFuture<Integer> outer = pool.submit(() -> Levels.tree(5) + Levels.down(5));
            pool.close();
            assertThat(outer.join()).isEqualTo(37);
        }
    }
}
