// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.CallProgress;
import io.multijvm.PoolListener;
import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.ItemCancelledException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a call's options make of its dispatch, with played workers on virtual time. */
@Timeout(60)
class CallOptionsOnTheLoopTest {
    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), CallOptionsOnTheLoopTest.class.getClassLoader(), AllowList.everything());

    private static CallSettings chunksOf(int items) {
        return CallSettings.DEFAULTS.withChunkSize(items);
    }

    // ---- deadline

    @Test
    void atTheDeadlineAllThatHasNoOutcomeHasFailedAtOnceAndTheRestIsKept() {
        Stage stage = new Stage(1, directory);
        stage.call(10, chunksOf(2).withDeadline(Duration.ofSeconds(3)));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.finish(2);
        stage.turn();
        assertThat(worker.hasWork()).isTrue();
        worker.begin();
        stage.loop.run(Duration.ofMillis(2999));
        assertThat(stage.outcomes).hasSize(2);
        stage.loop.run(Duration.ofMillis(1));

        assertThat(stage.outcomes).hasSize(10);
        assertThat(stage.outcome(1).isFailure()).isFalse();
        assertThatThrownBy(() -> stage.outcome(2).open(codec))
                .isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                    assertThat(late.index()).isEqualTo(2);
                    assertThat(late.limit()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(late.ofWholeCall()).isTrue();
                })
                .hasMessageContaining("deadline of 3 s was over; it was running in worker 0 (pid 1000)");
        assertThat(stage.outcome(2).attempts()).isEqualTo(1);
        assertThatThrownBy(() -> stage.outcome(9).open(codec)).hasMessageContaining("it had not begun");
        assertThat(stage.outcome(9).attempts()).isZero();
    }

    @Test
    void anItemThatOutlivesTheDeadlineIsStoppedByStepsAndItsWorkerReplaced() {
        Stage stage = new Stage(1, directory);
        stage.call(2, chunksOf(1).withDeadline(Duration.ofSeconds(3)).withRetries(1));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.run(Duration.ofSeconds(10));

        assertThat(worker.heard).containsSubsequence("cancel -1", "recall all", "TERM at 4000", "KILL at 5000");
        assertThat(stage.outcomes).hasSize(2);
        assertThat(stage.begun).containsExactly(0L);
        assertThat(stage.starts).isEqualTo(2);
        var stopped = stage.dispatcher.stop(false);
        stage.loop.run(Duration.ofSeconds(10));
        assertThat(stopped).isDone();
    }

    @Test
    void aResultThatLiesInTheRingAtTheDeadlineCameInTime() {
        Stage stage = new Stage(1, directory);
        stage.call(1, chunksOf(1).withDeadline(Duration.ofSeconds(1)));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).commit();
        stage.loop.run(Duration.ofSeconds(2));

        assertThat(stage.outcome(0).isFailure()).isFalse();
    }

    @Test
    void aWorkerThatDiesAfterTheDeadlineChangesNothing() {
        Stage stage = new Stage(2, directory);
        stage.call(6, chunksOf(2).withDeadline(Duration.ofSeconds(1)).withRetries(3));
        stage.turn();
        stage.worker(0).begin();
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.outcomes).hasSize(6);
        stage.worker(0).die();
        stage.runAll();

        assertThat(stage.outcomes.values()).allMatch(outcome -> outcome.isFailure());
        assertThat(stage.begun).containsExactly(0L);
    }

    @Test
    void anInputThatIsStillBeingReadAtTheDeadlineEndsThereWithIt() {
        Stage stage = new Stage(1, directory);
        Gate gate = new Gate(() -> {});
        CallState call = new CallState(
                7,
                new byte[0],
                CallSettings.DEFAULTS.withDeadline(Duration.ofSeconds(1)),
                stage,
                gate,
                CallState.Kind.LAZY,
                -1);
        stage.dispatcher.submit(call);
        stage.dispatcher.encoded(call, ItemBlock.single(0, new byte[1], 100, this));
        stage.loop.run(Duration.ofSeconds(1));
        stage.dispatcher.encoded(call, ItemBlock.single(1, new byte[1], 100, this));
        stage.turn();

        assertThat(gate.closed()).isTrue();
        assertThat(stage.outcomes).containsOnlyKeys(0L);
        assertThat(stage.inputFailure)
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageStartingWith("item 1: ")
                .hasMessageContaining("the input had not been read so far");
    }

    // ---- back-off

    @Test
    void anItemRestsBeforeItIsBegunAgainAndTheOthersRunMeanwhile() {
        Stage stage = new Stage(1, directory);
        stage.call(3, chunksOf(1).withRetries(1).withBackoff(Duration.ofSeconds(10), Duration.ofSeconds(10)));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.loop.run(Duration.ofSeconds(1));
        stage.worker(0).finish(2);
        stage.loop.run(Duration.ofMillis(8999));
        assertThat(stage.begun).containsExactly(0L, 1L, 2L);
        assertThat(stage.worker(0).hasWork()).isFalse();
        stage.loop.run(Duration.ofMillis(2501));

        assertThat(stage.worker(0).hasWork()).isTrue();
        stage.worker(0).finish(1);
        stage.turn();
        assertThat(stage.outcome(0).attempts()).isEqualTo(2);
    }

    @Test
    void closeWaitsForAnItemThatRestsAndCancelDoesNot() {
        Stage stage = new Stage(1, directory);
        CallState call =
                stage.call(1, chunksOf(1).withRetries(1).withBackoff(Duration.ofHours(1), Duration.ofHours(1)));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.loop.run(Duration.ofSeconds(5));
        var stopped = stage.dispatcher.stop(false);
        stage.loop.run(Duration.ofMinutes(1));
        assertThat(stopped).isNotDone();
        stage.dispatcher.cancel(call, false);
        stage.loop.run(Duration.ofSeconds(5));
        assertThat(stopped).isDone();
    }

    // ---- affinity

    private static CallState affine(Stage stage, int chunk, int... lanes) {
        CallState call = new CallState(
                1,
                new byte[0],
                chunksOf(chunk).withAffinity(item -> item),
                stage,
                new Gate(() -> {}),
                CallState.Kind.LIST,
                lanes.length);
        stage.dispatcher.submit(call);
        for (int i = 0; i < lanes.length; i++) {
            ItemBlock.Builder block = new ItemBlock.Builder(i, 1000, lanes[i]);
            block.add(new byte[1]);
            stage.dispatcher.encoded(call, block.build());
        }
        stage.dispatcher.inputEnded(call, null);
        return call;
    }

    @Test
    void itemsOfOneKeyGoToOneWorkerAndANewKeyToWhoIsFree() {
        Stage stage = new Stage(2, directory);
        affine(stage, 1, 7, 8, 7, 8, 7, 8, 7, 8);
        stage.turn();
        List<List<Long>> ran = List.of(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            for (FakeWorker worker : stage.workers) {
                assertThat(worker.hasWork()).isTrue();
                ran.get(worker.slot).add(worker.nextIndex());
                worker.finish(1);
            }
            stage.turn();
        }

        assertThat(ran).containsExactlyInAnyOrder(List.of(0L, 2L, 4L, 6L), List.of(1L, 3L, 5L, 7L));
    }

    @Test
    void anIdleWorkerWaitsTenMillisecondsForItemsOfAnothersKeyAndNoLonger() {
        Stage stage = new Stage(2, directory);
        affine(stage, 1, 7, 7, 7, 7, 7, 7);
        stage.turn();
        FakeWorker owner = stage.worker(0).hasWork() ? stage.worker(0) : stage.worker(1);
        FakeWorker other = owner == stage.worker(0) ? stage.worker(1) : stage.worker(0);
        owner.begin();
        stage.loop.run(Duration.ofMillis(9));
        assertThat(other.heard).isEmpty();
        stage.loop.run(Duration.ofMillis(3));
        assertThat(other.heard).contains("chunk of 1");
    }

    @Test
    void aKeyWhoseWorkerDiedBelongsToWhoeverTakesItNext() {
        Stage stage = new Stage(2, directory);
        affine(stage, 1, 7, 7, 7, 7);
        stage.turn();
        FakeWorker owner = stage.worker(0).hasWork() ? stage.worker(0) : stage.worker(1);
        owner.begin();
        owner.die();
        stage.runAll();

        assertThat(stage.outcomes).hasSize(4);
        assertThatThrownBy(() -> stage.outcome(0).open(codec)).isInstanceOf(WorkerCrashedException.class);
        assertThat(stage.begun).hasSize(4).doesNotHaveDuplicates();
    }

    // ---- broadcast

    private static CallState callOf(Stage receiver, CallState.Kind kind) {
        long id = kind == CallState.Kind.BROADCAST ? 1 : 2;
        return new CallState(id, new byte[0], CallSettings.DEFAULTS, receiver, new Gate(() -> {}), kind, -1);
    }

    private static CallState broadcast(Stage stage) {
        CallState call = callOf(stage, CallState.Kind.BROADCAST);
        stage.dispatcher.broadcast(call, new byte[3], 1000);
        return call;
    }

    @Test
    void aBroadcastGoesToEachWorkerOnceAndIsNeverTakenBackForAnIdleOne() {
        Stage stage = new Stage(3, directory);
        stage.call(1, chunksOf(1));
        stage.turn();
        FakeWorker busy =
                stage.workers.stream().filter(FakeWorker::hasWork).findFirst().orElseThrow();
        busy.begin();
        CallState second = new CallState(
                2,
                new byte[0],
                CallSettings.DEFAULTS,
                new Stage(1, directory),
                new Gate(() -> {}),
                CallState.Kind.BROADCAST,
                -1);
        stage.dispatcher.broadcast(second, new byte[3], 1000);
        stage.loop.run(Duration.ofMillis(50));

        assertThat(stage.workers)
                .allMatch(worker ->
                        worker.heard.stream().filter("chunk of 1"::equals).count() == (worker == busy ? 2 : 1));
        assertThat(busy.heard).doesNotContain("recall half");
    }

    @Test
    void aBroadcastThatHadNotBegunInADeadWorkerRunsInItsSuccessor() {
        Stage stage = new Stage(2, directory);
        broadcast(stage);
        stage.turn();
        stage.worker(1).die();
        stage.runAll();

        assertThat(stage.outcomes).containsOnlyKeys(0L, 1L);
        assertThat(stage.outcomes.values()).noneMatch(outcome -> outcome.isFailure());
        assertThat(stage.begun).containsExactlyInAnyOrder(0L, 1L);
    }

    @Test
    void aBroadcastThatHadBegunInADeadWorkerHasFailed() {
        Stage stage = new Stage(2, directory);
        broadcast(stage);
        stage.turn();
        stage.worker(1).begin();
        stage.worker(1).die();
        stage.runAll();

        assertThatThrownBy(() -> stage.outcome(1).open(codec)).isInstanceOf(WorkerCrashedException.class);
        assertThat(stage.outcome(0).isFailure()).isFalse();
    }

    @Test
    void aBroadcastItemWhoseWorkerGoesBeforeItHasBegunFailsAndSaysSo() {
        Stage stage = new Stage(2, directory);
        stage.turn();
        Stage others = new Stage(1, directory);
        CallState before = callOf(others, CallState.Kind.SUBMITS);
        stage.dispatcher.submit(before);
        for (int i = 0; i < 4; i++) {
            stage.dispatcher.encoded(before, ItemBlock.single(i, new byte[1], 1000, "future " + i));
        }
        stage.turn();
        stage.workers.forEach(FakeWorker::begin);
        broadcast(stage);
        stage.turn();
        stage.dispatcher.resize(1);
        stage.turn();

        assertThatThrownBy(() -> stage.outcome(1).open(codec))
                .isInstanceOf(ItemCancelledException.class)
                .hasMessageContaining("item 1 was for the worker in slot 1")
                .hasMessageContaining("made smaller");
        stage.runAll();
        assertThat(stage.outcomes).containsOnlyKeys(0L, 1L);
        assertThat(stage.outcome(0).isFailure()).isFalse();
        assertThat(others.outcomes).as("what the worker had in hand").hasSize(4);
        assertThat(stage.alive()).isOne();
    }

    @Test
    void aBroadcastItemThatComesBackFromADeadWorkerWhoseSlotIsGoneFails() {
        Stage stage = new Stage(2, directory);
        broadcast(stage);
        stage.turn();
        stage.dispatcher.resize(1);
        stage.turn();
        stage.worker(1).die();
        stage.runAll();

        assertThatThrownBy(() -> stage.outcome(1).open(codec)).isInstanceOf(ItemCancelledException.class);
        assertThat(stage.outcome(0).isFailure()).isFalse();
    }

    @Test
    void aBroadcastLeavesStandbysOutAndFindsAWorkersSuccessor() {
        Stage stage = new Stage(
                new CrewPlan(
                        1,
                        1,
                        CrewPlan.Recycling.NEVER,
                        null,
                        CrewPlan.RestartLimit.DEFAULT,
                        Duration.ofSeconds(10),
                        8,
                        false),
                directory);
        stage.loop.run(Duration.ofSeconds(2));
        assertThat(stage.alive()).isEqualTo(2);
        broadcast(stage);
        stage.turn();
        FakeWorker first = stage.worker(0);
        assertThat(first.hasWork()).isTrue();
        first.die();
        stage.runAll();

        assertThat(stage.outcomes).containsOnlyKeys(0L);
        assertThat(stage.outcome(0).isFailure()).isFalse();
    }

    @Test
    void aBroadcastItemHasItsOwnWorkerStartedWhereWorkersComeOnDemand() {
        Stage stage = new Stage(
                new CrewPlan(
                        3,
                        0,
                        CrewPlan.Recycling.NEVER,
                        Duration.ofSeconds(30),
                        CrewPlan.RestartLimit.DEFAULT,
                        Duration.ofSeconds(10),
                        8,
                        false),
                directory);
        broadcast(stage);
        stage.turn();
        assertThat(stage.alive()).isEqualTo(3);
        stage.worker(2).die();
        stage.worker(0).finish(1);
        stage.worker(1).finish(1);
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(stage.worker(2).hasWork())
                .as("though the others are idle, and enough for one item")
                .isTrue();
        stage.runAll();
        assertThat(stage.outcomes).hasSize(3);
    }

    // ---- what tasks say

    @Test
    void whatATaskSaysIsHeardWhileItsItemRunsAndNotAfterItsOutcomeNorFromAnotherChunk() {
        Stage stage = new Stage(1, directory);
        List<String> heard = new ArrayList<>();
        stage.news.add(new PoolListener() {
            @Override
            public void itemProgressed(ItemProgress progress) {
                heard.add(progress.worker().slot() + " " + progress.index() + " " + progress.text());
            }
        });
        stage.call(4, chunksOf(2));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.finish(2);
        stage.turn();
        assertThat(worker.hasWork()).isTrue();
        long chunk = worker.chunks.getFirst().id;
        worker.begin();
        worker.says(chunk, 0, 0.5);
        worker.says(chunk, 2, 0.6);
        worker.says(chunk, -1, 0.6);
        worker.says(999, 0, 0.6);
        stage.turn();
        worker.commit();
        worker.ring();
        worker.says(chunk, 0, 0.7);
        stage.turn();
        worker.die();
        worker.says(chunk, 1, 0.8);
        stage.turn();

        assertThat(heard).containsExactly("0 2 at 0.5");
    }

    // ---- progress

    @Test
    void aListenerHearsAtMostTenTimesASecondAndOnceAtTheEnd() {
        List<CallProgress> heard = new ArrayList<>();
        Stage stage = new Stage(1, directory);
        stage.call(100, chunksOf(1).withProgress(heard::add));
        for (int i = 0; i < 100; i++) {
            stage.loop.run(Duration.ofMillis(10));
            stage.worker(0).finish(1);
        }
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(heard).hasSizeBetween(8, 12);
        assertThat(heard).last().isEqualTo(new CallProgress(100, 0, OptionalLong.of(100)));
        assertThat(heard).extracting(CallProgress::done).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theLastChangeBeforeASlowItemIsHeardThoughNothingElseHappens() {
        List<CallProgress> heard = new ArrayList<>();
        Stage stage = new Stage(1, directory);
        stage.call(3, chunksOf(1).withProgress(heard::add));
        stage.turn();
        stage.worker(0).finish(2);
        stage.turn();
        stage.worker(0).begin();
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(heard).last().isEqualTo(new CallProgress(2, 0, OptionalLong.of(3)));
    }
}
