// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.SerializableCallable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Pools whose items run beside the caller: stopping them, and waiting for them. */
interface ConcurrentContract extends PoolUnderTest {

    private TaskFuture<Integer> submitBlocked(Pool pool, int item) {
        String place = place();
        TaskFuture<Integer> future = pool.<Integer>submit(() -> Tasks.untilReleased(place, item));
        Marks.awaitSet(place, Tasks.STARTED + item);
        return future;
    }

    @Test
    default void aCancelledItemThatHasNotBegunNeverRuns() throws Exception {
        String place = place();
        try (Pool pool = newPool()) {
            List<TaskFuture<Integer>> blockers = List.of(submitBlocked(pool, 0), submitBlocked(pool, 1));
            TaskFuture<Integer> pending = pool.<Integer>submit(() -> Tasks.mark(place, 9));
            assertThat(pending.cancel(true)).isTrue();
            assertThat(pending).isCancelled();
            Marks.set(place, Tasks.RELEASE);
            for (TaskFuture<Integer> blocker : blockers) {
                assertThat(blocker.get(30, TimeUnit.SECONDS)).isBetween(0, 1);
            }
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
        assertThat(Marks.isSet(place, Tasks.STARTED + 9)).isFalse();
    }

    @Test
    default void aCancelledItemThatRunsIsInterruptedAndItsSuccessorIsNot() {
        try (Pool pool = newPool()) {
            for (int i = 0; i < 5; i++) {
                TaskFuture<Integer> running = submitBlocked(pool, i);
                assertThat(running.cancel(true)).isTrue();
                assertThat(running).isCancelled();
                Marks.awaitSet(place(), Tasks.INTERRUPTED + i);
                assertThat(pool.<Boolean>apply(() -> Thread.currentThread().isInterrupted()))
                        .isFalse();
            }
        }
    }

    @Test
    default void aTimeOutOfAFutureStopsItsItem() {
        try (Pool pool = newPool()) {
            TaskFuture<Integer> running = submitBlocked(pool, 0);
            TaskFuture<Integer> limited = running.orTimeout(50, TimeUnit.MILLISECONDS);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(limited::get)
                    .withCauseInstanceOf(TimeoutException.class);
            Marks.awaitSet(place(), Tasks.INTERRUPTED + 0);
        }
    }

    @Test
    default void aFutureThatIsCompletedByItsOwnerStopsItsItem() {
        try (Pool pool = newPool()) {
            TaskFuture<Integer> running = submitBlocked(pool, 0);
            assertThat(running.complete(5)).isTrue();
            assertThat(running).isCompletedWithValue(5);
            Marks.awaitSet(place(), Tasks.INTERRUPTED + 0);
        }
    }

    @Test
    default void gettingWithALimitOnlyStopsTheWaiting() throws Exception {
        try (Pool pool = newPool()) {
            TaskFuture<Integer> running = submitBlocked(pool, 3);
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> running.get(20, TimeUnit.MILLISECONDS));
            Marks.set(place(), Tasks.RELEASE);
            assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    default void cancellingAnAsynchronousMapStopsItsItems() {
        String place = place();
        Endless items = new Endless();
        try (Pool pool = newPool()) {
            TaskFuture<List<Integer>> mapped = pool.with(o -> o.chunkSize(1))
                    .<Integer, Integer>mapAsync(item -> Tasks.untilReleased(place, item), items);
            Marks.awaitSet(place, Tasks.STARTED + 0);
            Marks.awaitSet(place, Tasks.STARTED + 1);
            assertThat(mapped.cancel(true)).isTrue();
            Marks.awaitSet(place, Tasks.INTERRUPTED + 0);
            Marks.awaitSet(place, Tasks.INTERRUPTED + 1);
        }
    }

    @Test
    default void theFirstFailureIsThrownWhileAnotherItemRuns() {
        String place = place();
        try (Pool pool = newPool()) {
            assertThatExceptionOfType(TaskFailedException.class)
                    .isThrownBy(() -> pool.with(o -> o.chunkSize(1))
                            .<Integer, Integer>map(item -> Tasks.oneFailsOneHangs(place, item), PoolUnderTest.range(2)))
                    .satisfies(e -> assertThat(e.index()).isEqualTo(1));
            Marks.awaitSet(place, Tasks.INTERRUPTED + 0);
        }
    }

    @Test
    default void anInterruptedCallerOfApplyHasItsItemCancelled() {
        interruptedCallerIsTold(pool -> pool.<Integer>apply(blocked(place())));
    }

    @Test
    default void anInterruptedCallerOfMapHasItsItemsCancelled() {
        String place = place();
        interruptedCallerIsTold(
                pool -> pool.<Integer, Integer>map(item -> Tasks.untilReleased(place, item), List.of(0)));
    }

    @Test
    default void anInterruptedReaderOfAStreamHasItsItemsCancelled() {
        String place = place();
        interruptedCallerIsTold(
                pool -> pool.<Integer, Integer>imap(item -> Tasks.untilReleased(place, item), new Endless())
                        .iterator()
                        .next());
    }

    private static SerializableCallable<Integer> blocked(String place) {
        return () -> Tasks.untilReleased(place, 0);
    }

    private void interruptedCallerIsTold(Consumer<Pool> call) {
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        try (Pool pool = newPool()) {
            Thread caller = new Thread(() -> {
                try {
                    call.accept(pool);
                    flag.completeExceptionally(new AssertionError("the call returned"));
                } catch (CancellationException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                } catch (Throwable e) {
                    flag.completeExceptionally(e);
                }
            });
            caller.start();
            Marks.awaitSet(place(), Tasks.STARTED + 0);
            caller.interrupt();
            assertThat(flag).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
            Marks.awaitSet(place(), Tasks.INTERRUPTED + 0);
            assertThat(pool.<Integer>apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    default void closeWaitsForWhatRunsAndWhatIsPending() throws Exception {
        String place = place();
        Pool pool = newPool();
        TaskFuture<Integer> first = submitBlocked(pool, 0);
        TaskFuture<Integer> second = submitBlocked(pool, 1);
        TaskFuture<Integer> pending = pool.<Integer>submit(() -> Tasks.mark(place, 9));
        Thread closer = new Thread(pool::close);
        closer.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> closer.getState() == Thread.State.WAITING);
        assertThat(Marks.isSet(place, Tasks.STARTED + 9)).isFalse();
        Marks.set(place, Tasks.RELEASE);
        closer.join(60_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(first).isCompletedWithValue(0);
        assertThat(second).isCompletedWithValue(1);
        assertThat(pending).isCompletedWithValue(9);
    }

    @Test
    default void anInterruptedCloserTerminatesThePoolAndKeepsItsFlag() throws Exception {
        Pool pool = newPool();
        TaskFuture<Integer> running = submitBlocked(pool, 0);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            pool.close();
            flag.complete(Thread.currentThread().isInterrupted());
        });
        closer.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> closer.getState() == Thread.State.WAITING);
        closer.interrupt();
        assertThat(flag).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(true);
        await().atMost(Duration.ofSeconds(30)).until(running::isCancelled);
        pool.close();
    }

    @Test
    default void terminateCancelsWhatRunsAndWhatIsPending() {
        String place = place();
        Pool pool = newPool();
        TaskFuture<Integer> running = submitBlocked(pool, 0);
        TaskFuture<Integer> other = submitBlocked(pool, 1);
        TaskFuture<Integer> pending = pool.<Integer>submit(() -> Tasks.mark(place, 9));
        TaskFuture<List<Integer>> mapped =
                pool.<Integer, Integer>mapAsync(item -> Tasks.mark(place, item + 10), PoolUnderTest.range(5));
        pool.terminate();
        for (TaskFuture<?> future : List.of(running, other, pending, mapped)) {
            await().atMost(Duration.ofSeconds(30)).until(future::isCancelled);
        }
        pool.close();
        assertThat(Marks.isSet(place, Tasks.STARTED + 9)).isFalse();
        assertThat(Marks.isSet(place, Tasks.STARTED + 10)).isFalse();
    }

    @Test
    default void terminateIsToldToThoseWhoWait() {
        String place = place();
        Pool pool = newPool();
        CompletableFuture<Integer> mapper = new CompletableFuture<>();
        CompletableFuture<Integer> reader = new CompletableFuture<>();
        startFor(mapper, () -> pool.<Integer, Integer>map(item -> Tasks.untilReleased(place, item), List.of(0)));
        Marks.awaitSet(place, Tasks.STARTED + 0);
        ResultStream<Integer> results =
                pool.<Integer, Integer>imap(item -> Tasks.untilReleased(place, item + 1), List.of(0));
        startFor(reader, () -> results.iterator().next());
        Marks.awaitSet(place, Tasks.STARTED + 1);
        pool.terminate();
        assertThat(mapper)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .isInstanceOf(CancellationException.class);
        assertThat(reader)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .isInstanceOf(CancellationException.class);
        pool.close();
    }

    private static void startFor(CompletableFuture<Integer> answer, Runnable call) {
        new Thread(() -> {
                    try {
                        call.run();
                        answer.complete(0);
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                })
                .start();
    }

    @Test
    default void waitingForTheNextResultEndsWithItsTime() throws Exception {
        String place = place();
        try (Pool pool = newPool();
                ResultStream<Integer> results =
                        pool.<Integer, Integer>imap(item -> Tasks.untilReleased(place, item), List.of(4))) {
            assertThat(results.next(Duration.ofMillis(20))).isEmpty();
            assertThat(results.atEnd()).isFalse();
            Marks.set(place, Tasks.RELEASE);
            assertThat(results.next(Duration.ofSeconds(30))).hasValue(4);
        }
    }
}
