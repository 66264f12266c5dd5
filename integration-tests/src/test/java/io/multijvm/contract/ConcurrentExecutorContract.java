// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static io.multijvm.contract.NamedTasks.awaitFile;
import static io.multijvm.contract.NamedTasks.touch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.contract.NamedTasks.Between;
import io.multijvm.contract.NamedTasks.Fail;
import io.multijvm.contract.NamedTasks.Pid;
import io.multijvm.contract.NamedTasks.Square;
import io.multijvm.contract.NamedTasks.Touch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only pools that do several things at once can promise. */
abstract class ConcurrentExecutorContract extends ExecutorContract {
    @TempDir
    @Nullable
    Path directory;

    private int tasks;

    /** Whether a cancel is known wherever items wait when it returns; a worker process hears of it a moment later. */
    abstract boolean isCancelledAtOnce();

    @BeforeEach
    void number() {
        tasks = 0;
    }

    /** A task that has told that it runs when the {@code begun} file is there, and ends with the {@code gate} file. */
    private Between held() {
        return held(file("gate"));
    }

    private Between held(Path gate) {
        tasks++;
        return new Between(
                file("begun" + tasks).toString(),
                gate.toString(),
                file("ended" + tasks).toString());
    }

    private Path file(String name) {
        if (directory == null) {
            throw new AssertionError("no directory");
        }
        return directory.resolve(name);
    }

    /** The processes that the two workers are: both run at once. */
    private Set<Long> pids() throws Exception {
        Path gate = file("gate-of-pids" + tasks);
        Between one = held(gate);
        Between other = held(gate);
        TaskFuture<Long> first = pool().submit(one);
        TaskFuture<Long> second = pool().submit(other);
        awaitFile(Path.of(one.begun()));
        awaitFile(Path.of(other.begun()));
        touch(gate.toString());
        Set<Long> pids = new HashSet<>();
        pids.add(first.get());
        pids.add(second.get());
        return pids;
    }

    @Test
    void whoeverEndsAFutureEarlyStopsItsItemAndKeepsTheWorkerIfItFollows() throws Exception {
        Set<Long> before = pids();
        List<Between> held = new ArrayList<>();
        for (int way = 0; way < 6; way++) {
            Between task = held();
            held.add(task);
            TaskFuture<Long> future = pool().submit(task);
            awaitFile(Path.of(task.begun()));
            switch (way) {
                case 0 -> assertThat(future.cancel(true)).isTrue();
                case 1 -> assertThat(future.complete(17L)).isTrue();
                case 2 ->
                    assertThat(future.completeExceptionally(new IllegalStateException("mine")))
                            .isTrue();
                case 3 -> assertThat(future.completeAsync(() -> 17L).join()).isEqualTo(17L);
                case 4 ->
                    assertThat(future.completeOnTimeout(17L, 1, TimeUnit.MILLISECONDS)
                                    .join())
                            .isEqualTo(17L);
                default ->
                    assertThat(causeOfGet(future.orTimeout(1, TimeUnit.MILLISECONDS)))
                            .isInstanceOf(TimeoutException.class);
            }
            assertThat(future).isDone();
            assertThat(future.isCancelled()).isEqualTo(way == 0);
        }
        // both workers are free again, though no gate was opened
        assertThat(pids()).isEqualTo(before);
        for (Between task : held) {
            assertThat(Path.of(task.ended())).doesNotExist();
        }
    }

    @Test
    void aCancelThatMayNotInterruptLetsWhatRunsRunAndDropsWhatHasNotBegun() throws Exception {
        Between one = held();
        Between other = held();
        TaskFuture<Long> running = pool().submit(one);
        TaskFuture<Long> alsoRunning = pool().submit(other);
        awaitFile(Path.of(one.begun()));
        awaitFile(Path.of(other.begun()));
        Path never = file("never");
        List<TaskFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(pool().submit(new Touch(never.toString())));
        }
        waiting.forEach(future -> assertThat(future.cancel(false)).isTrue());
        assertThat(running.cancel(false)).isTrue();
        assertThat(running).isCancelled();
        assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
        touch(one.gate());
        awaitFile(Path.of(one.ended()));
        assertThat(alsoRunning.get()).isPositive();
        assertThat(pool().submit(new Square(2)).get()).isEqualTo(4);
        if (isCancelledAtOnce()) {
            assertThat(never).doesNotExist();
        }
        assertThat(waiting).allMatch(Future::isCancelled);
        assertThat(running).isCancelled();
    }

    @Test
    void aMapThatIsCancelledSoftlyFinishesWhatRunsAndBeginsNoMore() throws Exception {
        Path gate = file("gate");
        String at = file("item").toString();
        TaskFuture<List<Long>> map = pool().mapAsync(
                        n -> new Between(at + n, gate.toString(), at + n + "-ended").call(), List.of(0, 1, 2, 3, 4, 5));
        awaitFile(file("item0"));
        assertThat(map.cancel(false)).isTrue();
        // what workers had ahead of them has come back when they run something else
        touch(gate.toString());
        awaitFile(file("item0-ended"));
        assertThat(pool().submit(new Square(2)).get()).isEqualTo(4);
        if (isCancelledAtOnce()) {
            assertThat(file("item5")).doesNotExist();
        }
    }

    @Test
    void anInterruptEndsTheWaitOfGetAndCancelsTheTasksOfInvokeAll() throws Exception {
        Between task = held();
        TaskFuture<Long> future = pool().submit(task);
        awaitFile(Path.of(task.begun()));
        assertThat(interruptedIn(future::get)).isInstanceOf(InterruptedException.class);
        assertThat(future).isNotDone();
        touch(task.gate());
        assertThat(future.get()).isPositive();

        Path closed = file("closed");
        List<Between> held = List.of(held(closed), held(closed), held(closed));
        assertThat(interruptedIn(() -> pool().invokeAll(held))).isInstanceOf(InterruptedException.class);
        Between alone = held(closed);
        assertThat(interruptedIn(() -> pool().invokeAny(List.of(alone)))).isInstanceOf(InterruptedException.class);
        assertThat(pids()).as("both workers are free").isNotEmpty();
        assertThat(Path.of(held.get(0).ended())).doesNotExist();
    }

    /** What a call throws to a thread that is interrupted while it waits in it. */
    private static @Nullable Throwable interruptedIn(Callable<?> call) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                call.call();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING
                        || thread.getState() == Thread.State.WAITING
                        || !thread.isAlive());
        thread.interrupt();
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
        return thrown.get();
    }

    @Test
    void invokeAnyCancelsTheLosersAndTimedCallsWhatIsLate() throws Exception {
        Path closed = file("closed");
        List<Callable<? extends Number>> racing = List.of(held(closed), new Fail("no"), new Square(9));
        assertThat(this.<Number>any(racing)).isEqualTo(81);
        List<Between> late = List.of(held(closed), held(closed), held(closed));
        List<Future<Long>> all = pool().invokeAll(late, 300, TimeUnit.MILLISECONDS);
        assertThat(all).hasSize(3).allMatch(Future::isCancelled);
        assertThatThrownBy(() -> pool().invokeAny(late, 300, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("3 tasks");
        List<Future<Long>> none = pool().invokeAll(List.of(new Pid()), 0, TimeUnit.SECONDS);
        assertThat(none).hasSize(1).allMatch(Future::isCancelled);
        assertThat(pids()).as("both workers are free").isNotEmpty();
    }

    @SuppressWarnings("unchecked") // whatever they give is a T
    private <T> T any(List<? extends Callable<? extends T>> tasks) throws Exception {
        return pool().invokeAny((List<Callable<T>>) (List<?>) tasks);
    }

    @Test
    void aCancelledFutureOfACompletionServiceIsHandedOut() throws Exception {
        ExecutorCompletionService<Long> service = new ExecutorCompletionService<>(pool());
        Between task = held();
        Future<Long> future = service.submit(task);
        awaitFile(Path.of(task.begun()));
        assertThat(service.poll()).isNull();
        assertThat(future.cancel(true)).isTrue();
        assertThat(service.poll(60, TimeUnit.SECONDS)).isSameAs(future);
        assertThat(pids()).as("both workers are free").isNotEmpty();
    }

    @Test
    void tenThreadsShareAPool() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 10; t++) {
            int mine = t;
            threads.add(new Thread(() -> {
                try {
                    useMixed(mine);
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(failures).isEmpty();
    }

    private void useMixed(int mine) throws Exception {
        for (int round = 0; round < 10; round++) {
            int n = mine * 100 + round;
            assertThat(pool().submit(new Square(n)).get(60, TimeUnit.SECONDS)).isEqualTo(n * n);
            assertThat(pool().map(x -> x + n, List.of(1, 2, 3))).containsExactly(n + 1, n + 2, n + 3);
            TaskFuture<Integer> given = pool().submit(new Square(n));
            if (!given.cancel(round % 2 == 0)) {
                assertThat(given.join()).isEqualTo(n * n);
            }
            assertThat(causeOfGet(pool().submit(new Fail("no " + n)))).hasMessage("no " + n);
            assertThat(pool().<Integer>invokeAny(List.of(new Square(n), new Square(n))))
                    .isEqualTo(n * n);
        }
    }

    @Test
    void aSubmitThatRacesWithTheEndOfItsPoolIsRejectedOrAnswered() throws Exception {
        Pool pool = open();
        assertThat(pool.submit(new Square(1)).get()).isEqualTo(1);
        Queue<TaskFuture<Integer>> futures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> submitUntilRejected(pool, futures)));
        }
        threads.forEach(Thread::start);
        await().atMost(Duration.ofSeconds(60)).until(() -> futures.size() > 100);
        pool.shutdown();
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
        for (TaskFuture<Integer> future : futures) {
            if (!future.isCancelled()) {
                assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(4);
            }
        }
    }

    private static void submitUntilRejected(Pool pool, Queue<TaskFuture<Integer>> futures) {
        try {
            while (true) {
                TaskFuture<Integer> future = pool.submit(new Square(2));
                futures.add(future);
                if (futures.size() > 1000) {
                    future.handle((value, failure) -> value).join();
                }
            }
        } catch (RejectedExecutionException e) {
            // the end of the loop
        }
    }

    @Test
    void shutdownNowStopsWhatRunsAndGivesBackWhatWasNeverBegun() throws Exception {
        Pool pool = open();
        Between one = held(file("closed"));
        Between other = held(file("closed"));
        TaskFuture<Long> running = pool.submit(one);
        TaskFuture<Long> alsoRunning = pool.submit(other);
        awaitFile(Path.of(one.begun()));
        awaitFile(Path.of(other.begun()));
        List<Future<?>> waiting = new ArrayList<>();
        Set<Runnable> expected = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Touch touch = new Touch(file("never" + i).toString());
            expected.add(touch);
            waiting.add(pool.submit(touch));
        }
        waiting.add(pool.submit(new Square(12)));
        Future<?> unwanted = pool.submit(new Touch(file("unwanted").toString()));
        assertThat(unwanted.cancel(true)).isTrue();
        pool.shutdown();
        assertThat(pool.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(pool.isTerminated()).isFalse();

        List<Runnable> unbegun = pool.shutdownNow();
        assertThat(unbegun).hasSize(21).containsAll(expected);
        assertThat(pool.shutdownNow()).isEmpty();
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(running).isCancelled();
        assertThat(alsoRunning).isCancelled();
        assertThat(waiting).allMatch(Future::isCancelled);
        assertThat(file("never0")).doesNotExist();

        unbegun.forEach(task -> pool().submit(task).join());
        assertThat(file("never19")).exists();
        assertThat(file("unwanted")).doesNotExist();
    }
}
