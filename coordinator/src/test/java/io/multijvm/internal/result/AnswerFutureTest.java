// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A raw outcome is opened by somebody, once, and never by the thread that delivers it. */
@Timeout(60)
class AnswerFutureTest {
    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), AnswerFutureTest.class.getClassLoader(), AllowList.everything());
    private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final Callbacks answers = new Callbacks(callbacks);
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicInteger letRuns = new AtomicInteger();
    private final RawOutcome outcome = RawOutcome.value(0, 1, codec.encode(42), "worker 0");

    @AfterEach
    void end() {
        callbacks.shutdownNow();
        others.shutdownNow();
    }

    private AnswerFuture<Integer> future() {
        return new AnswerFuture<>(codec, answers, new AnswerFuture.Stopping() {
            @Override
            public void stop(AnswerFuture<?> future) {
                stops.incrementAndGet();
            }

            @Override
            public void letRun(AnswerFuture<?> future) {
                letRuns.incrementAndGet();
            }
        });
    }

    @Test
    void noInterleavingOfDeliveryWaitersAndTimeoutsLosesTheAnswer() throws Exception {
        for (int round = 0; round < 5000; round++) {
            AnswerFuture<Integer> future = future();
            List<Future<Integer>> waiting = new ArrayList<>();
            waiting.add(others.submit(future::join));
            waiting.add(others.submit(() -> impatient(future)));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(50_000));
            future.deliver(outcome);
            for (Future<Integer> one : waiting) {
                assertThat(one.get(10, TimeUnit.SECONDS)).as("round %d", round).isEqualTo(42);
            }
        }
        assertThat(stops).hasValue(0);
    }

    /** Gives up and comes again, so that deliveries meet a waiter that is just leaving. */
    private static int impatient(AnswerFuture<Integer> future) throws Exception {
        while (true) {
            try {
                return future.get(20, TimeUnit.MICROSECONDS);
            } catch (TimeoutException again) {
                assertThat(again).isNotNull();
            }
        }
    }

    @Test
    void nobodyNeedsToWaitForAnOutcomeToBeOpened() throws Exception {
        AnswerFuture<Integer> future = future();
        AtomicReference<Thread> ranIn = new AtomicReference<>();
        Future<?> dependent = future.thenAccept(value -> ranIn.set(Thread.currentThread()));
        future.deliver(outcome);
        dependent.get(10, TimeUnit.SECONDS);
        assertThat(ranIn.get()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void joinOutlastsAnInterruptAndKeepsTheFlag() throws Exception {
        AnswerFuture<Integer> future = future();
        Future<Boolean> flag = others.submit(() -> {
            Thread.currentThread().interrupt();
            assertThat(future.join()).isEqualTo(42);
            return Thread.currentThread().isInterrupted();
        });
        future.deliver(outcome);
        assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void getIsEndedByAnInterruptAndStopsNothing() {
        AnswerFuture<Integer> future = future();
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
        assertThat(stops).hasValue(0);
        assertThat(future).isNotDone();
    }

    @Test
    void whoeverEndsItEarlyStopsTheItemOnceAndALateOutcomeIsDropped() {
        AnswerFuture<Integer> future = future();
        assertThat(future.complete(7)).isTrue();
        assertThat(future.cancel(true)).isFalse();
        future.deliver(outcome);
        assertThat(future.join()).isEqualTo(7);
        assertThat(stops).hasValue(1);
    }

    @Test
    void everyMethodThatAnswersBeforeTheTaskDoesStopsTheItemOnceAndNoneDoesAfterIt() throws Exception {
        IllegalStateException mine = new IllegalStateException("mine");
        List<Function<AnswerFuture<Integer>, CompletableFuture<Integer>>> ways = List.of(
                by(future -> future.complete(7)),
                by(future -> future.completeExceptionally(mine)),
                future -> future.orTimeout(1, TimeUnit.MILLISECONDS),
                future -> future.completeOnTimeout(7, 1, TimeUnit.MILLISECONDS),
                future -> future.completeAsync(() -> 7),
                future -> future.completeAsync(
                        () -> {
                            throw mine;
                        },
                        others),
                by(future -> future.obtrudeValue(7)),
                by(future -> future.obtrudeException(mine)));
        for (int way = 0; way < ways.size(); way++) {
            stops.set(0);
            AnswerFuture<Integer> early = future();
            assertThat(ways.get(way).apply(early)).isSameAs(early);
            await("way " + way).until(() -> early.isDone() && stops.get() == 1);

            AnswerFuture<Integer> late = future();
            late.deliver(outcome);
            assertThat(late.get(10, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(ways.get(way).apply(late)).isSameAs(late);
            assertThat(stops).as("way %s, after the answer", way).hasValue(1);
        }
    }

    private static Function<AnswerFuture<Integer>, CompletableFuture<Integer>> by(
            Consumer<AnswerFuture<Integer>> action) {
        return future -> {
            action.accept(future);
            return future;
        };
    }

    @Test
    void aSupplierOfAnAnswerIsNotAskedWhereThereIsOne() {
        AnswerFuture<Integer> future = future();
        List<Runnable> executor = new ArrayList<>();
        assertThat(future.completeAsync(
                        () -> {
                            throw new AssertionError("asked");
                        },
                        executor::add))
                .isSameAs(future);
        future.deliver(outcome);
        assertThat(future.join()).isEqualTo(42);
        executor.get(0).run();
        assertThat(future.join()).isEqualTo(42);
        assertThat(stops).hasValue(0);
    }

    @Test
    void aCancelThatMayNotInterruptLetsTheItemRun() {
        AnswerFuture<Integer> future = future();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.cancel(true)).as("cancelled, by an earlier call").isTrue();
        future.deliver(outcome);
        assertThat(future).isCancelled();
        assertThat(stops).hasValue(0);
        assertThat(letRuns).hasValue(1);
    }

    @Test
    void whoWaitsForWhatIsOwedFindsItAnsweredAndWaitsForNoDependent() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AnswerFuture<Integer> future = future();
        Future<?> dependent = future.thenAccept(value -> awaitQuietly(release));
        future.deliver(outcome);
        answers.awaitAnswers();
        assertThat(future).isDone();
        assertThat(dependent).isNotDone();
        release.countDown();
        dependent.get(10, TimeUnit.SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void orTimeoutStopsTheItem() {
        AnswerFuture<Integer> future = future();
        assertThat(future.orTimeout(1, TimeUnit.MILLISECONDS)).isSameAs(future);
        assertThatThrownBy(future::get).hasCauseInstanceOf(TimeoutException.class);
        await().until(() -> stops.get() == 1);
    }
}
