// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.internal.result.SubmitSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the dispatcher promises, with played workers on virtual time. */
@Timeout(120)
class DispatcherTest {
    @TempDir
    Path directory;

    private static CallSettings chunksOf(int items) {
        return CallSettings.DEFAULTS.withChunkSize(items);
    }

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), DispatcherTest.class.getClassLoader(), AllowList.everything());

    @Test
    void onlyTheItemThatRanIsBlamedAndTheOthersGetTheirResults() {
        Stage stage = new Stage(1, directory);
        stage.call(10, chunksOf(5));
        stage.turn();
        FakeWorker first = stage.worker(0);
        first.finish(2);
        stage.turn();
        first.begin();
        first.die();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(10);
        assertThatThrownBy(() -> stage.outcome(2).open(codec)).isInstanceOf(WorkerCrashedException.class);
        assertThat(stage.outcomes.values().stream().filter(outcome -> outcome.length() == 1))
                .hasSize(9);
        assertThat(stage.begun)
                .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
    }

    @Test
    void whatWasCommittedIsKeptThoughNoBellRang() {
        Stage stage = new Stage(1, directory);
        stage.call(5, chunksOf(5));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        for (int i = 0; i < 3; i++) {
            worker.begin();
            worker.commit();
        }
        worker.die();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(5);
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void anItemThatKilledTwoWorkersIsNotRunAgainWhateverItsRetries() {
        Stage stage = new Stage(1, directory);
        stage.call(1, CallSettings.DEFAULTS.withRetries(9));
        stage.turn();
        for (int i = 0; i < 2; i++) {
            stage.worker(0).begin();
            stage.worker(0).die();
            stage.loop.run(Duration.ofSeconds(1));
        }

        assertThat(stage.begun).containsExactly(0L, 0L);
        assertThatThrownBy(() -> stage.outcome(0).open(codec)).isInstanceOf(WorkerCrashedException.class);
        assertThat(stage.outcome(0).attempts()).isEqualTo(2);
    }

    @Test
    void whatAnOldIncarnationSaysIsNotHeard() {
        Stage stage = new Stage(1, directory);
        stage.call(4, chunksOf(2));
        stage.turn();
        FakeWorker old = stage.worker(0);
        long chunk = old.chunks.getFirst().id;
        old.die();
        stage.turn();
        old.listener.givenBack(chunk, 0);
        old.listener.disconnected("again");
        old.progress.exited();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(4);
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void aFixedChunkSizeIsKept() {
        Stage stage = new Stage(1, directory);
        stage.call(7, chunksOf(3));
        stage.turn();
        assertThat(stage.worker(0).heard).containsExactly("chunk of 3", "chunk of 3");
        stage.worker(0).finish(6);
        stage.turn();
        assertThat(stage.worker(0).heard).last().isEqualTo("chunk of 1");
    }

    @Test
    void manySmallChunksAreGivenAheadOnceTheirItemsAreKnownToBeCheap() {
        Stage cheap = new Stage(1, directory);
        cheap.call(500, chunksOf(1));
        cheap.turn();
        assertThat(cheap.worker(0).chunks).hasSize(2);
        cheap.worker(0).nanosAnItem = 1000;
        cheap.worker(0).finish(2);
        cheap.turn();
        cheap.worker(0).finish(2);
        cheap.turn();
        for (int i = 0; i < 10; i++) {
            cheap.worker(0).finish(5);
            cheap.turn();
        }
        assertThat(cheap.worker(0).hasWork()).isTrue();
        assertThat(cheap.worker(0).chunks).hasSizeBetween(10, 64);
        assertThat(cheap.worker(0).heard).containsOnly("chunk of 1");

        Stage dear = new Stage(1, directory);
        dear.call(500, chunksOf(1));
        for (int i = 0; i < 50; i++) {
            dear.turn();
            assertThat(dear.worker(0).hasWork()).isTrue();
            assertThat(dear.worker(0).chunks).hasSizeLessThanOrEqualTo(2);
            dear.worker(0).finish(1);
        }
    }

    @Test
    void anIdleWorkerGetsHalfOfWhatTheBusiestHasNotBegun() {
        Stage stage = new Stage(2, directory);
        stage.call(100, chunksOf(100));
        stage.turn();
        FakeWorker busy = stage.worker(0).hasWork() ? stage.worker(0) : stage.worker(1);
        FakeWorker idle = busy == stage.worker(0) ? stage.worker(1) : stage.worker(0);
        busy.begin();
        stage.loop.run(Duration.ofMillis(2));

        assertThat(busy.heard).contains("recall half");
        assertThat(idle.heard).contains("chunk of 50");
    }

    /** The task thread is in the next chunk before the link has sent what it gave back of this one. */
    @Test
    void aRingThatIsAheadOfTheMessageThatItemsWereGivenBackIsBelieved() {
        Stage stage = new Stage(2, directory);
        FakeWorker busy = recalledButSilent(stage);
        busy.finish(5);
        assertThat(stage.begun).contains(20L);
        stage.turn();
        assertThat(busy.dead).isFalse();
        busy.send();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(25);
        assertThat(stage.begun).hasSize(25).doesNotHaveDuplicates();
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void aWorkerThatDiesBeforeItHasToldWhatItGaveBackIsBlamedForOneItem() {
        Stage stage = new Stage(2, directory);
        FakeWorker busy = recalledButSilent(stage);
        busy.finish(5);
        busy.begin();
        busy.die();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(25);
        assertThat(stage.begun).hasSize(25).doesNotHaveDuplicates();
        assertThat(stage.outcomes.values().stream().filter(outcome -> outcome.length() != 1))
                .hasSize(1);
        assertThatThrownBy(() -> stage.outcome(21).open(codec)).isInstanceOf(WorkerCrashedException.class);
    }

    /** It runs 0-9 and has 20-24 ahead; the other worker is idle, so 5-9 were recalled and given back without a word yet. */
    private static FakeWorker recalledButSilent(Stage stage) {
        stage.call(25, chunksOf(10));
        stage.turn();
        FakeWorker busy = stage.worker(0);
        busy.slowToSend = true;
        busy.begin();
        stage.worker(1).finish(10);
        stage.loop.run(Duration.ofMillis(5));
        assertThat(busy.heard).contains("recall half");
        busy.commit();
        return busy;
    }

    @Test
    void closeLetsTheWorkEndThenSaysGoodbyeAndEndsBySteps() {
        Stage stage = new Stage(1, directory);
        stage.call(2, chunksOf(1));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.leavesWhenTold = false;
        var stopped = stage.dispatcher.stop(false);
        stage.turn();
        assertThat(worker.heard).doesNotContain("bye");
        worker.finish(2);
        stage.loop.run(Duration.ofSeconds(10));

        assertThat(worker.heard).endsWith("bye", "TERM at 2000", "KILL at 3000");
        assertThat(stage.outcomes).hasSize(2);
        assertThat(stopped).isDone();
    }

    @Test
    void terminateCancelsWhatWaitsAndWhatRuns() {
        Stage stage = new Stage(1, directory);
        stage.call(3, chunksOf(1));
        stage.turn();
        stage.worker(0).begin();
        var stopped = stage.dispatcher.stop(true);
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(stage.abandoned).hasSize(1).first().isInstanceOf(CancellationException.class);
        assertThat(stage.outcomes).isEmpty();
        assertThat(stopped).isDone();
    }

    @Test
    void workersThatCannotBeStartedBreakThePoolAfterABoundedNumberOfStarts() {
        Stage stage = new Stage(1, directory);
        stage.startsFail = true;
        stage.call(3, chunksOf(1));
        stage.loop.run(Duration.ofMinutes(1));

        assertThat(stage.starts).isEqualTo(CrewPlan.RestartLimit.DEFAULT.starts());
        assertThat(stage.abandoned).hasSize(1);
        assertThat(stage.abandoned.get(0))
                .isInstanceOf(PoolBrokenException.class)
                .hasMessageContaining("no java in the script");

        AnswerFuture<Integer> late = submit(stage, 2);
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(late).isCompletedExceptionally();
    }

    /** The caller saw an open pool, was held up, and posts when the last worker has been told goodbye. */
    @Test
    void aSubmitThatComesTooLateForACloseIsAnsweredAndHoldsNothingUp() {
        Stage stage = new Stage(1, directory);
        CallState submits = submits(stage, 2);
        stage.turn();
        stage.worker(0).leavesWhenTold = false;
        var stopped = stage.dispatcher.stop(false);
        stage.turn();
        AnswerFuture<Integer> future = post(stage, submits);
        stage.loop.run(Duration.ofSeconds(10));

        assertThat(future).isDone();
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        assertThat(stopped).isDone();
    }

    @Test
    void aCancelledItemThatDoesNotFollowCostsItsWorkerByStepsAndIsNotBlamed() {
        Stage stage = new Stage(1, directory);
        CallState submits = submits(stage, 2);
        AnswerFuture<Integer> future = post(stage, submits);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        future.cancel(true);
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(worker.heard).endsWith("cancel 0", "recall all", "TERM at 1000", "KILL at 2000");
        assertThat(stage.begun).hasSize(1);
        assertThat(stage.starts).isEqualTo(2);
        assertThat(future).isCancelled();
    }

    /** The worker has gone on since it was last heard of. */
    @Test
    void aCancelOfACallReachesTheItemThatRunsByNowAndCostsItsWorkerIfThatDoesNotFollow() {
        Stage stage = new Stage(1, directory);
        CallState call = stage.call(100, CallSettings.DEFAULTS.withChunkSize(100));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.finish(20);
        stage.turn();
        for (int i = 0; i < 30; i++) {
            worker.begin();
            worker.commit();
        }
        worker.begin();
        stage.dispatcher.cancel(call, true);
        stage.turn();
        worker.ring();
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(worker.heard).containsSubsequence("recall all", "cancel -1", "TERM at 1000", "KILL at 2000");
        assertThat(stage.begun).hasSize(51);
        assertThat(worker.dead).isTrue();
    }

    @Test
    void aSoftCancelTakesBackWhatHasNotBegunAndDisturbsNothingThatRuns() {
        Stage stage = new Stage(1, directory);
        CallState submits = submits(stage, 2);
        AnswerFuture<Integer> runs = post(stage, submits);
        AnswerFuture<Integer> ahead = post(stage, submits);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        assertThat(runs.cancel(false)).isTrue();
        assertThat(ahead.cancel(false)).isTrue();
        stage.loop.run(Duration.ofSeconds(5));
        assertThat(worker.heard).contains("recall all").noneMatch(heard -> heard.startsWith("cancel"));
        AnswerFuture<Integer> next = post(stage, submits);
        stage.turn();
        worker.commit();
        worker.ring();
        stage.loop.run(Duration.ofSeconds(1));
        worker.finish(10);
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(stage.begun).as("the one that ran and the next one").hasSize(2);
        assertThat(stage.starts).isEqualTo(1);
        assertThat(runs).isCancelled();
        assertThat(ahead).isCancelled();
        assertThat(next).isDone().isNotCancelled();
    }

    @Test
    void whatWasNeverBegunIsKnownOnceTheWorkersAreGone() {
        Stage stage = new Stage(1, directory);
        SubmitSink sink = new SubmitSink();
        CallState submits = submits(stage, 2, sink);
        AnswerFuture<Integer> runs = post(stage, submits);
        AnswerFuture<Integer> ahead = post(stage, submits);
        AnswerFuture<Integer> waits = post(stage, submits);
        AnswerFuture<Integer> unwanted = post(stage, submits);
        stage.turn();
        stage.worker(0).begin();
        unwanted.cancel(true);
        var stopped = stage.dispatcher.stop(true);
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(stopped).isDone();
        assertThat(sink.takeUnbegun())
                .as("the one ahead and the one that waited")
                .hasSize(2);
        assertThat(sink.takeUnbegun()).isEmpty();
        assertThat(List.of(runs, ahead, waits, unwanted)).allMatch(AnswerFuture::isCancelled);
    }

    @Test
    void aWorkerWhoseRingLiesIsKilledAndNoOther() {
        Stage stage = new Stage(2, directory);
        stage.call(8, chunksOf(1));
        stage.turn();
        stage.worker(0).lie();
        stage.turn();
        assertThat(stage.workers.get(0).dead).isTrue();
        assertThat(stage.workers.get(1).dead).isFalse();
        stage.runAll();
        assertThat(stage.outcomes).hasSize(8);
    }

    @Test
    void aWorkerThatIsEndedForSomethingThatItDidDiesOfThatReason() {
        Stage stage = new Stage(1, directory);
        stage.call(2, chunksOf(2));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).lie();
        stage.turn();
        assertThatThrownBy(() -> stage.outcome(0).open(codec))
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("given up by its coordinator");
        stage.runAll();
        assertThat(stage.outcomes).hasSize(2);
    }

    @Test
    void aWorkerThatLosesItsStreamWhileItLivesIsEndedAndDiesOfThat() {
        Stage stage = new Stage(1, directory);
        stage.call(2, chunksOf(2));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.execute(() -> worker.listener.disconnected("reset by peer"));
        stage.loop.run(Duration.ofSeconds(3));
        assertThat(worker.heard).contains("TERM at 1000", "KILL at 2000");
        assertThatThrownBy(() -> stage.outcome(0).open(codec))
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("lost its stream to the coordinator while it lived (reset by peer)");
        stage.runAll();
        assertThat(stage.outcomes).hasSize(2);
    }

    @Test
    void anUnreadLazyCallReadsNoFurtherThanItsBuffer() {
        Stage stage = new Stage(1, directory);
        Gate gate = new Gate(() -> {});
        CallState call = new CallState(
                7, new byte[0], CallSettings.DEFAULTS.withBuffer(1), stage, gate, CallState.Kind.LAZY, -1);
        stage.dispatcher.submit(call);
        stage.turn();
        assertThat(gate.openTo()).isEqualTo(1);
        stage.dispatcher.encoded(call, ItemBlock.single(0, new byte[1], 100, this));
        stage.turn();
        stage.worker(0).finish(1);
        stage.turn();
        assertThat(stage.outcomes).hasSize(1);
        assertThat(gate.openTo()).isEqualTo(1);
        stage.dispatcher.taken(call, 1, 1);
        stage.turn();
        assertThat(gate.openTo()).isEqualTo(2);
    }

    @Test
    void ofARunThatWasNotClosedEveryFinishedResultIsKeptAndTheItemBehindItIsBlamed() {
        Stage stage = new Stage(1, directory);
        stage.call(10, chunksOf(10));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.runs = new AllInOneRun();
        for (int i = 0; i < 3; i++) {
            worker.begin();
            worker.commit();
        }
        worker.ring();
        stage.turn();
        assertThat(stage.outcomes).as("read while the run is open").hasSize(3);
        for (int i = 3; i < 7; i++) {
            worker.begin();
            worker.commit();
        }
        worker.begin();
        worker.die();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(10);
        assertThatThrownBy(() -> stage.outcome(7).open(codec)).isInstanceOf(WorkerCrashedException.class);
        for (long i = 0; i < 7; i++) {
            assertThat(stage.outcome(i).open(codec)).isEqualTo(i);
        }
        assertThat(stage.begun).doesNotHaveDuplicates().hasSize(10);
    }

    @Test
    void aLateItemThatEndedWithinARunHasFailedAndItsNeighboursHaveNot() {
        Stage stage = new Stage(1, directory);
        stage.call(5, chunksOf(5).withItemTimeout(Duration.ofSeconds(1)));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.runs = new AllInOneRun();
        worker.begin();
        worker.commit();
        worker.begin();
        stage.loop.run(Duration.ofMillis(1500));
        worker.commit();
        worker.finish(3);
        stage.turn();

        assertThat(stage.outcomes).hasSize(5);
        assertThatThrownBy(() -> stage.outcome(1).open(codec)).isInstanceOf(TaskTimeoutException.class);
        for (long i : new long[] {0, 2, 3, 4}) {
            assertThat(stage.outcome(i).open(codec)).as("item %d", i).isEqualTo(i);
        }
    }

    @Test
    void aRunOfMoreResultsThanItemsOrOfAnUnknownTypeEndsItsWorker() {
        for (int lie = 0; lie < 2; lie++) {
            Stage stage = new Stage(1, directory);
            stage.call(2, chunksOf(2));
            stage.turn();
            FakeWorker worker = stage.worker(0);
            worker.lieInARun(lie == 0);
            stage.turn();
            assertThat(worker.heard).last().asString().startsWith("KILL");
            stage.runAll();
            assertThat(stage.outcomes).hasSize(2);
        }
    }

    /** Every result joins the run, which ends with its chunk. */
    private static final class AllInOneRun extends Random {
        private static final long serialVersionUID = 1;

        @Override
        public int nextInt(int bound) {
            return 1;
        }
    }

    private CallState submits(Stage stage, long id) {
        return submits(stage, id, new SubmitSink());
    }

    private CallState submits(Stage stage, long id, SubmitSink sink) {
        CallState call = new CallState(
                id, new byte[0], CallSettings.DEFAULTS, sink, new Gate(() -> {}), CallState.Kind.SUBMITS, -1);
        stage.dispatcher.submit(call);
        return call;
    }

    private AnswerFuture<Integer> post(Stage stage, CallState call) {
        AnswerFuture<Integer> future =
                new AnswerFuture<>(codec, new Callbacks(stage.loop::execute), stopping(stage, call));
        stage.dispatcher.encoded(call, ItemBlock.single(0, new byte[1], 100, future));
        return future;
    }

    private AnswerFuture<Integer> submit(Stage stage, long id) {
        return post(stage, submits(stage, id));
    }

    private static AnswerFuture.Stopping stopping(Stage stage, CallState call) {
        return new AnswerFuture.Stopping() {
            @Override
            public void stop(AnswerFuture<?> future) {
                stage.dispatcher.cancel(call, future);
            }

            @Override
            public void letRun(AnswerFuture<?> future) {
                stage.dispatcher.letRun(call, future);
            }
        };
    }
}
