// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.multijvm.Attempt;
import io.multijvm.CallProgress;
import io.multijvm.ResultStream;
import io.multijvm.TaskFuture;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.task.Outcome;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of a call mean, the same in every kind of pool. */
abstract class CallOptionsContract extends SharedPool {
    /** A pool that is warm begins what it can within this, on a busy machine too. */
    private static final Duration SOON = Duration.ofMillis(1500);

    /** Far beyond any deadline here, and well below the item's own five minutes. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static int sleepOn2(int item) throws InterruptedException {
        if (item == 2) {
            TimeUnit.MINUTES.sleep(5);
        }
        return item;
    }

    private static int failOnTens(int item) {
        if (item % 10 == 7) {
            throw new IllegalStateException("I do not like " + item);
        }
        return item;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** So that no test's deadline is spent on starting workers. */
    void warm() {
        assertThat(pool().broadcast(() -> 1)).isNotEmpty();
    }

    // ---- deadline

    @Test
    void aMapThatIsNotDoneAtItsDeadlineFailsWithItsFirstUnfinishedItem() {
        warm();
        long begin = System.nanoTime();
        assertThatThrownBy(() -> pool().with(o -> o.deadline(SOON).chunkSize(2))
                        .<Integer, Integer>map(CallOptionsContract::sleepOn2, upTo(6)))
                .isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                    assertThat(late.ofWholeCall()).isTrue();
                    assertThat(late.index()).isEqualTo(2);
                    assertThat(late.limit()).isEqualTo(SOON);
                })
                .hasMessageContaining("the call's deadline of 1500 ms was over; it was running in ");
        assertThat(since(begin)).isBetween(SOON, LONG);
        assertThat(pool().<Integer>apply(() -> 42)).isEqualTo(42);
    }

    @Test
    void resultsBeforeTheDeadlineCountAndItemsWithoutOneHaveFailed() {
        warm();
        List<Outcome<Integer, Integer>> outcomes = pool()
                .with(o -> o.deadline(SOON).chunkSize(1))
                .<Integer, Integer>outcomes(CallOptionsContract::sleepOn2, upTo(3))
                .stream()
                .toList();
        assertThat(outcomes).hasSize(3);
        assertThat(outcomes.get(0).orElseThrow()).isZero();
        assertThat(outcomes.get(1).orElseThrow()).isEqualTo(1);
        assertThat(outcomes.get(2)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.attempts()).isEqualTo(1);
        });
    }

    @Test
    void anEndlessStreamEndsAtItsDeadline() {
        warm();
        AtomicLong read = new AtomicLong();
        List<Integer> got = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (ResultStream<Integer> results =
                            pool().with(o -> o.deadline(SOON)).imap(item -> item, CallsContract.endless(read))) {
                        results.forEach(got::add);
                    }
                })
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("deadline of 1500 ms");
        assertThat(got).isNotEmpty().isEqualTo(upTo(got.size()));
    }

    @Test
    void whatIsBegunInTimeMayRunForAsLongAsItLikes() {
        warm();
        assertThat(pool().with(o -> o.queueTimeout(SOON)).<Integer>apply(() -> {
                    TimeUnit.MILLISECONDS.sleep(SOON.toMillis() + 200);
                    return 1;
                }))
                .isEqualTo(1);
        assertThat(pool().with(o -> o.queueTimeout(LONG)).<Integer, Integer>map(item -> item + 1, upTo(50)))
                .hasSize(50);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.queueTimeout(Duration.ZERO)))
                .withMessageContaining("queueTimeout must be more than nothing, not PT0S");
    }

    @Test
    void aSingleTaskHasADeadlineOfItsOwn() {
        warm();
        assertThatThrownBy(() -> pool().with(o -> o.deadline(SOON)).<Integer>apply(() -> sleepOn2(2)))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("deadline of 1500 ms");
        assertThat(pool().with(o -> o.deadline(LONG)).<Integer>apply(() -> 3)).isEqualTo(3);
    }

    // ---- failures

    @Test
    void finishOthersRunsAllItemsAndThrowsTheFirstFailureInInputOrder(@TempDir Path directory) throws IOException {
        String file = directory.resolve("runs").toString();
        assertThatThrownBy(() -> pool().with(o -> o.finishOthers().chunkSize(3))
                        .<Integer, Integer>map(
                                item -> {
                                    Faults.count(Path.of(file), item);
                                    return failOnTens(item);
                                },
                                upTo(40)))
                .isInstanceOfSatisfying(TaskFailedException.class, first -> {
                    assertThat(first.index()).isEqualTo(7);
                    assertThat(first.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .satisfiesExactly(
                                    second -> assertThat(second).startsWith("item 17 "),
                                    third -> assertThat(third).startsWith("item 27 "),
                                    fourth -> assertThat(fourth).startsWith("item 37 "));
                });
        assertThat(Faults.counts(Path.of(file))).hasSize(40);
        assertThatThrownBy(() ->
                        pool().with(o -> o.finishOthers()).<Integer>forEach(CallOptionsContract::failOnTens, upTo(20)))
                .hasMessageContaining("item 7 ");
    }

    @Test
    void ofManyFailuresAHundredAreKeptAndTheRestCounted() {
        assertThatThrownBy(() -> pool().with(o -> o.finishOthers())
                        .<Integer, Integer>map(
                                item -> {
                                    throw new IllegalStateException();
                                },
                                upTo(500)))
                .satisfies(first -> {
                    assertThat(first.getSuppressed()).hasSize(101);
                    assertThat(first.getSuppressed()[100]).hasMessageStartingWith("399 items more failed");
                });
    }

    @Test
    void finishOthersRunsWhatWasReadBeforeTheInputFailed() {
        Iterable<Integer> items = () -> upTo(30).stream()
                .map(item -> {
                    if (item == 20) {
                        throw new IllegalArgumentException("bad line 20");
                    }
                    return item;
                })
                .iterator();
        assertThatThrownBy(() -> pool().with(o -> o.finishOthers()).map(CallOptionsContract::failOnTens, items))
                .hasMessageContaining("item 7 ")
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
        assertThatThrownBy(() -> pool().with(o -> o.finishOthers()).<Integer, Integer>map(item -> item, items))
                .hasMessage("bad line 20");
    }

    private static int throwUpTo(int item, int attempts) {
        int attempt = TaskContext.current().attempt();
        if (item == 3 && attempt <= attempts) {
            throw new IllegalStateException("not in attempt " + attempt);
        }
        return attempt;
    }

    @Test
    void aTaskThatThrowsIsBegunAgainOnlyWhereRetryOnNamesIt() {
        long before = pool().stats().itemsRetried();
        assertThat(pool().with(o -> o.retries(2).retryOn(FailureKind.TASK))
                        .<Integer, Integer>map(item -> throwUpTo(item, 2), upTo(6)))
                .containsExactly(1, 1, 1, 3, 1, 1);
        assertThat(pool().stats().itemsRetried() - before).isEqualTo(2);
        assertThatThrownBy(
                        () -> pool().with(o -> o.retries(2)).<Integer, Integer>map(item -> throwUpTo(item, 2), upTo(6)))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("not in attempt 1");
        assertThatThrownBy(() -> pool().with(o -> o.retries(2).retryOn())
                        .<Integer, Integer>map(item -> throwUpTo(item, 2), upTo(6)))
                .hasMessageContaining("not in attempt 1");
    }

    @Test
    void aTaskThatThrowsEachTimeHasFailedWithItsLastAttempt() {
        List<Outcome<Integer, Integer>> outcomes = pool()
                .with(o -> o.retries(2).retryOn(FailureKind.TASK, FailureKind.CRASH))
                .<Integer, Integer>outcomes(item -> throwUpTo(item, 9), upTo(5))
                .stream()
                .toList();
        assertThat(outcomes).extracting(Outcome::attempts).containsExactly(1, 1, 1, 3, 1);
        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.TASK);
            assertThat(failure.error()).hasMessageContaining("not in attempt 3");
        });
        TaskFuture<Integer> future =
                pool().with(o -> o.retries(2).retryOn(FailureKind.TASK)).submit(() -> throwUpTo(3, 1));
        assertThat(future.join()).isEqualTo(2);
        assertThat(future.attempts())
                .extracting(Attempt::failure)
                .containsExactly(Optional.of(FailureKind.TASK), Optional.empty());
    }

    @Test
    void aTaskThatThrewAndRestsIsNotBegunAgainOnceItsCallIsOver(@TempDir Path directory) throws Exception {
        Path runs = directory.resolve("runs");
        String file = runs.toString();
        Duration rest = SOON.multipliedBy(2);
        warm();
        TaskFuture<Integer> future = pool().with(o -> o.retries(9)
                        .retryOn(FailureKind.TASK)
                        .backoff(rest, rest)
                        .deadline(SOON))
                .submit(() -> {
                    Faults.count(Path.of(file), 1);
                    throw new IllegalStateException("each time");
                });
        assertThatThrownBy(future::join).hasCauseInstanceOf(TaskTimeoutException.class);
        // it would have been begun again by then: up to a quarter is added to its rest
        assertThat(pool().<Integer>apply(() -> {
                    TimeUnit.MILLISECONDS.sleep(rest.toMillis() * 5 / 4 - SOON.toMillis() + 200);
                    return 3;
                }))
                .isEqualTo(3);
        assertThat(Faults.counts(runs)).containsEntry(1, 1);
    }

    @Test
    void aResultThatCannotCrossIsNotTriedAgain(@TempDir Path directory) throws IOException {
        Path runs = directory.resolve("runs");
        String file = runs.toString();
        assertThatThrownBy(() -> pool().with(o -> o.retries(3).retryOn(FailureKind.TASK))
                        .<Integer, Object>map(
                                item -> {
                                    Faults.count(Path.of(file), item);
                                    return Thread.currentThread();
                                },
                                upTo(1)))
                .isInstanceOf(PayloadException.class);
        assertThat(Faults.counts(runs)).containsEntry(0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "PAYLOAD, what cannot cross between JVMs cannot cross a second time either",
        "CANCELLED, nobody waits for a cancelled item any more",
        "POOL_BROKEN, there is no worker left that could run it"
    })
    void whatNoOtherAttemptCanHelpIsRefusedWithTheReason(FailureKind kind, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.retryOn(FailureKind.CRASH, kind)))
                .withMessage("retryOn: " + kind + " is nothing to run an item again for, since " + reason
                        + "; give TASK, CRASH, OUT_OF_MEMORY or TIMEOUT");
    }

    @Test
    void aLateItemRestsBeforeItIsBegunAgain() {
        warm();
        long begin = System.nanoTime();
        TaskFuture<Integer> future = pool().with(o -> o.itemTimeout(Duration.ofMillis(200))
                        .retries(1)
                        .retryOn(FailureKind.TIMEOUT)
                        .backoff(Duration.ofMillis(600), Duration.ofMillis(600)))
                .submit(() -> sleepOn2(2));
        assertThatThrownBy(future::join).hasCauseInstanceOf(TaskTimeoutException.class);
        assertThat(since(begin)).isBetween(Duration.ofSeconds(1), LONG);
        assertThat(future.attempts())
                .extracting(Attempt::number, Attempt::failure)
                .allSatisfy(attempt -> assertThat(attempt.toList()).contains(Optional.of(FailureKind.TIMEOUT)))
                .hasSize(2);
    }

    @Test
    void aKeyNamesTheItemInItsFailure() {
        assertThatThrownBy(() -> pool().with(o -> o.<Integer>key(item -> "file-" + item + ".txt"))
                        .map(CallOptionsContract::failOnTens, upTo(10)))
                .isInstanceOfSatisfying(
                        MultijvmException.class,
                        failure -> assertThat(failure.key()).hasValue("file-7.txt"))
                .hasMessageStartingWith("file-7.txt: item 7 failed");
        try (ResultStream<Outcome<Integer, Integer>> outcomes = pool().with(o -> o.<Integer>key(item -> "file-" + item))
                .outcomes(CallOptionsContract::failOnTens, upTo(20))) {
            List<String> names = new ArrayList<>();
            for (Outcome<Integer, Integer> outcome : outcomes) {
                outcome.fold(ok -> true, failure -> names.add(failure.key().orElse("")));
            }
            assertThat(names).containsExactly("file-7", "file-17");
        }
    }

    @Test
    void aKeyThatThrowsIsAFailureOfTheInput() {
        List<Integer> got = new ArrayList<>();
        assertThatThrownBy(() -> pool().with(o -> o.<Integer>key(item -> String.valueOf(10 / (item - 3))))
                        .<Integer, Integer>imap(item -> item, upTo(10))
                        .forEach(got::add))
                .isInstanceOf(ArithmeticException.class);
        assertThat(got).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> pool().with(o -> o.<String>key(text -> text)).map(item -> item, upTo(3)))
                .isInstanceOf(ClassCastException.class);
    }

    // ---- the rest

    @SuppressWarnings("NullAway") // that is the point
    private static Object noKey(Integer item) {
        return null;
    }

    @Test
    void itemsThatPreferAWorkerAllHaveTheirResultInOrder() {
        assertThat(pool().with(o -> o.<Integer>affinity(item -> item % 5))
                        .<Integer, Integer>map(item -> item, upTo(300)))
                .isEqualTo(upTo(300));
        assertThat(pool().with(o -> o.affinity(CallOptionsContract::noKey))
                        .<Integer, Integer>map(item -> item, upTo(30)))
                .isEqualTo(upTo(30));
    }

    @Test
    void withCopiesNoItemSeesWhatAnotherDid() {
        List<Integer> captured = new ArrayList<>(List.of(1));
        List<List<Integer>> items = List.of(new ArrayList<>(List.of(5)));
        List<Integer> sizes = pool().with(o -> o.copy(true))
                .<List<Integer>, Integer>map(
                        item -> {
                            captured.add(1);
                            item.add(2);
                            return item.size();
                        },
                        items);
        assertThat(sizes).containsExactly(2);
        assertThat(captured).hasSize(1);
        assertThat(items.get(0)).hasSize(1);
    }

    @Test
    void aListenerHearsTheEndBeforeAMapReturns() {
        ConcurrentLinkedQueue<CallProgress> heard = new ConcurrentLinkedQueue<>();
        assertThatThrownBy(() -> pool().with(o -> o.finishOthers().progress(heard::add))
                        .map(CallOptionsContract::failOnTens, upTo(20)))
                .isInstanceOf(TaskFailedException.class);
        assertThat(heard).last().isEqualTo(new CallProgress(20, 2, OptionalLong.of(20)));
        heard.clear();
        assertThat(pool().with(o -> o.progress(heard::add)).map(CallOptionsContract::failOnTens, upTo(5)))
                .hasSize(5);
        assertThat(heard).last().isEqualTo(new CallProgress(5, 0, OptionalLong.of(5)));
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.chunkSize(0)))
                .withMessageContaining("chunkSize")
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.chunkSize(-1)))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.buffer(0)))
                .withMessageContaining("buffer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.retries(-1)))
                .withMessageContaining("retries");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.deadline(Duration.ZERO)))
                .withMessageContaining("deadline")
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.itemTimeout(Duration.ofSeconds(-1))))
                .withMessageContaining("itemTimeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool().with(o -> o.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))))
                .withMessageContaining("most")
                .withMessageContaining("PT1S");
    }

    /** For the kinds that run beside the caller. */
    abstract static class Concurrent extends CallOptionsContract {

        private static int waitFor(String file) throws InterruptedException {
            while (!Files.exists(Path.of(file))) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return 1;
        }

        private static int occupied(String file) throws InterruptedException {
            Faults.count(Path.of(file + "-begun"), 1);
            return waitFor(file);
        }

        /** Both workers are busy until the file is there. */
        private List<TaskFuture<Integer>> occupy(String file) {
            warm();
            List<TaskFuture<Integer>> busy =
                    List.of(pool().submit(() -> occupied(file)), pool().submit(() -> occupied(file)));
            // else both may lie at one worker for a moment, and the other is free
            Path begun = Path.of(file + "-begun");
            await().atMost(LONG)
                    .until(() -> Files.exists(begun) && Faults.counts(begun).getOrDefault(1, 0) == 2);
            return busy;
        }

        private static Throwable causeOf(ThrowingCallable call) {
            return Objects.requireNonNull(catchThrowable(call).getCause());
        }

        private static void waitedInVain(Throwable thrown) {
            assertThat(thrown).isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                assertThat(late.kind()).isEqualTo(FailureKind.TIMEOUT);
                assertThat(late.ofQueue()).isTrue();
                assertThat(late.limit()).isEqualTo(SOON);
                assertThat(late).hasMessageContaining("waited longer than its queueTimeout of 1500 ms to be begun");
            });
        }

        @Test
        void aTaskThatWaitsTooLongFailsIsNeverBegunAndHoldsNobodyUp(@TempDir Path directory) throws Exception {
            String file = directory.resolve("go").toString();
            String begun = directory.resolve("begun").toString();
            List<TaskFuture<Integer>> busy = occupy(file);
            long begin = System.nanoTime();
            TaskFuture<Integer> waits = pool().with(o -> o.queueTimeout(SOON)).submit(() -> {
                Faults.count(Path.of(begun), 1);
                return 1;
            });
            try {
                waitedInVain(causeOf(() -> waits.get(60, TimeUnit.SECONDS)));
                assertThat(since(begin)).isBetween(SOON, LONG);
                assertThat(busy).noneMatch(TaskFuture::isDone);
            } finally { // else all tests after this one wait for these two
                Files.createFile(Path.of(file));
            }
            for (TaskFuture<Integer> each : busy) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(1);
            }
            assertThat(pool().with(o -> o.queueTimeout(LONG)).<Integer>apply(() -> 5))
                    .isEqualTo(5);
            assertThat(Path.of(begun)).doesNotExist();
        }

        @Test
        void ofAStreamItemsThatWaitTooLongFailAndThoseThatRunAreLeftToThemselves(@TempDir Path directory)
                throws Exception {
            String file = directory.resolve("go").toString();
            warm();
            List<Outcome<Integer, Integer>> outcomes = new ArrayList<>();
            try (ResultStream<Outcome<Integer, Integer>> stream = pool().with(
                            o -> o.queueTimeout(SOON).chunkSize(1).buffer(6).unordered())
                    .outcomes(item -> waitFor(file), upTo(6))) {
                for (int i = 0; i < 4; i++) {
                    outcomes.add(stream.next(LONG).orElseThrow());
                }
                assertThat(outcomes)
                        .allSatisfy(outcome -> assertThat(outcome)
                                .isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                                    waitedInVain(failure.error());
                                    assertThat(failure.attempts()).isZero();
                                }));
                Files.createFile(Path.of(file));
                assertThat(stream.next(LONG).orElseThrow().orElseThrow()).isEqualTo(1);
                assertThat(stream.next(LONG).orElseThrow().orElseThrow()).isEqualTo(1);
            }
        }

        @Test
        void ofAListThatFinishesItsOthersOnlyWhatWaitsTooLongFails(@TempDir Path directory) throws Exception {
            String file = directory.resolve("go").toString();
            warm();
            TaskFuture<List<Integer>> all = pool().with(
                            o -> o.queueTimeout(SOON).chunkSize(1).finishOthers())
                    .mapAsync(item -> waitFor(file), upTo(4));
            await().atMost(LONG).until(() -> all.progress().failed() == 2);
            Files.createFile(Path.of(file));
            Throwable first = Objects.requireNonNull(
                    catchThrowable(() -> all.get(60, TimeUnit.SECONDS)).getCause());
            waitedInVain(first);
            assertThat(first.getSuppressed()).hasSize(1);
        }

        /** An input that makes its reader wait without end, and does not mind interrupts either. */
        @Test
        void anInputThatHangsDoesNotHoldUpTheDeadline() {
            Iterable<Integer> hangs = () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Integer next() {
                    try {
                        TimeUnit.MINUTES.sleep(5);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("told to stop", e);
                    }
                    return 1;
                }
            };
            long begin = System.nanoTime();
            assertThatThrownBy(() -> pool().with(o -> o.deadline(SOON)).map(item -> item, hangs))
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("the input had not been read so far");
            assertThat(since(begin)).isBetween(SOON, LONG);
        }
    }
}
