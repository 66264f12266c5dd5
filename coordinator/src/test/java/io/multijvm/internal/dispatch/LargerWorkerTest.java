// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.result.RawOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Items that run out of heap and are begun again in a worker that has more, with played workers on virtual time. */
@Timeout(60)
class LargerWorkerTest {
    private static final CallSettings ONE_BY_ONE = CallSettings.DEFAULTS.withChunkSize(1);

    /** Give more by {@code -Dmultijvm.larger.seeds=5000}. */
    private static final int SEEDS = Integer.getInteger("multijvm.larger.seeds", 40);

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), LargerWorkerTest.class.getClassLoader(), AllowList.everything());
    /** Items that were begun in the worker with more heap. */
    private final List<Long> begunLarger = new ArrayList<>();
    /** Has workers die for no reason; null for none that do. */
    private @Nullable Random chance;

    private static CrewPlan plan(int workers) {
        return CrewPlan.of(workers, Duration.ofSeconds(10)).withMemory(new CrewPlan.Memory(0, 0, Stage.LARGER_HEAP));
    }

    private Stage stage(int workers) {
        return new Stage(plan(workers), directory);
    }

    /** Every worker that has something ends one item; those of {@code large} end workers, those of {@code huge} the larger one too. */
    private void step(Stage stage, Set<Long> large, Set<Long> huge) {
        stage.loop.run(Duration.ofMillis(100));
        for (FakeWorker worker : List.copyOf(stage.workers)) {
            if (!worker.hasWork() || !worker.begin()) {
                continue;
            }
            long item = stage.begun.get(stage.begun.size() - 1);
            if (worker.larger) {
                begunLarger.add(item);
            }
            if (huge.contains(item) || (large.contains(item) && !worker.larger)) {
                runOutOfHeap(worker);
            } else if (chance != null && chance.nextInt(15) == 0) {
                worker.die();
            } else {
                worker.commit();
                worker.ring();
            }
        }
    }

    private static void runOutOfHeap(FakeWorker worker) {
        worker.death = DeathKind.OUT_OF_HEAP;
        worker.die();
    }

    private void runAll(Stage stage, Set<Long> large, Set<Long> huge) {
        for (int i = 0; i < 100; i++) {
            step(stage, large, huge);
        }
    }

    private static @Nullable FakeWorker larger(Stage stage) {
        return stage.workers.stream()
                .filter(worker -> worker.larger && !worker.dead)
                .findFirst()
                .orElse(null);
    }

    /** A pool of one worker, whose only item has run out of heap and was given to the larger worker, which began it. */
    private FakeWorker runsInTheLargerOne(Stage stage, CallSettings settings) {
        stage.call(1, settings);
        stage.turn();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        stage.turn();
        FakeWorker larger = Objects.requireNonNull(larger(stage));
        assertThat(larger.hasWork()).isTrue();
        larger.begin();
        return larger;
    }

    private String failure(Stage stage, long item) {
        try {
            Object none = stage.outcome(item).open(codec);
            throw new AssertionError("item " + item + " has a result: " + none);
        } catch (WorkerCrashedException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
            return String.valueOf(e.getMessage());
        }
    }

    // ---- what it is for

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anItemThatRanOutOfHeapIsBegunAgainAloneInTheLargerWorkerWhichThenMakesRoom(int workers) {
        Stage stage = stage(workers);
        stage.call(12, CallSettings.DEFAULTS.withChunkSize(4));
        runAll(stage, Set.of(5L), Set.of());

        assertThat(stage.outcomes).hasSize(12);
        assertThat(stage.outcomes.values()).allMatch(RawOutcome::isValue);
        assertThat(stage.outcome(5).attempts()).isEqualTo(2);
        assertThat(begunLarger).containsExactly(5L);
        assertThat(stage.begun).hasSize(13);
        assertThat(stage.most).as("it has the place of another").isEqualTo(workers);
        assertThat(stage.starts).as("each, the larger one, and its successor").isEqualTo(workers + 2);
        assertThat(larger(stage)).isNull();
        assertThat(stage.dispatcher.stats().itemsRetried()).isEqualTo(1);
        assertThat(stage.dispatcher.stats().idle()).isEqualTo(workers);
    }

    @Test
    void oneLargerWorkerRunsAllThatWaitForItOneAtATime() {
        Stage stage = stage(2);
        stage.call(10, ONE_BY_ONE);
        runAll(stage, Set.of(2L, 3L, 4L, 5L), Set.of());

        assertThat(stage.outcomes).hasSize(10);
        assertThat(stage.outcomes.values()).allMatch(RawOutcome::isValue);
        assertThat(begunLarger).containsExactlyInAnyOrder(2L, 3L, 4L, 5L);
        assertThat(stage.workers)
                .filteredOn(worker -> worker.larger)
                .allSatisfy(worker -> assertThat(worker.heard)
                        .filteredOn(heard -> heard.startsWith("chunk"))
                        .allMatch(heard -> heard.equals("chunk of 1")));
    }

    @Test
    void whatRunsOutOfThatHeapTooHasFailedAndItsReportNamesBoth() {
        Stage stage = stage(1);
        stage.call(3, ONE_BY_ONE.withRetries(5).withCrashLimit(9));
        runAll(stage, Set.of(), Set.of(1L));

        assertThat(Collections.frequency(stage.begun, 1L)).isEqualTo(2);
        assertThat(stage.outcome(1).attempts()).isEqualTo(2);
        assertThat(failure(stage, 1))
                .contains("ran out of heap with 32 MiB, and again, alone, with the 96 MiB of retryHeap")
                .contains("Raise retryHeap (--retry-heap)");
        assertThat(stage.kept)
                .singleElement()
                .satisfies(dead -> assertThat(dead.deaths()).hasSize(2));
        assertThat(stage.outcomes).hasSize(3);
        assertThat(larger(stage)).isNull();
    }

    @Test
    void anotherEndInTheLargerWorkerIsAsAnywhereAndWhatIsBegunAgainIsSoThere() {
        Stage stage = stage(1);
        FakeWorker first = runsInTheLargerOne(stage, ONE_BY_ONE.withRetries(2).withCrashLimit(9));
        first.die();
        runAll(stage, Set.of(0L), Set.of());

        assertThat(stage.outcome(0).isValue()).isTrue();
        assertThat(stage.outcome(0).attempts()).isEqualTo(3);
        assertThat(begunLarger).containsExactly(0L);
        assertThat(stage.workers).filteredOn(worker -> worker.larger).hasSize(2);
    }

    // ---- for whom it is not

    @ParameterizedTest
    @EnumSource(
            value = DeathKind.class,
            names = {"OUT_OF_METASPACE", "OUT_OF_DIRECT_MEMORY", "MEMORY_LIMIT", "HALT"})
    void noOtherDeathHasAnItemBegunWithMoreHeap(DeathKind kind) {
        Stage stage = stage(1);
        stage.call(1, ONE_BY_ONE);
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).death = kind;
        stage.worker(0).die();
        runAll(stage, Set.of(), Set.of());

        assertThat(stage.outcome(0).isFailure()).isTrue();
        assertThat(stage.begun).containsExactly(0L);
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void anItemThatHasKilledAsManyWorkersAsItMayIsNotBegunAgain() {
        Stage stage = stage(1);
        stage.call(2, ONE_BY_ONE.withCrashLimit(1));
        runAll(stage, Set.of(1L), Set.of());

        assertThat(failure(stage, 1)).contains("quarantined, for it has killed a worker (crash limit 1)");
        assertThat(begunLarger).isEmpty();
    }

    @Test
    void aBroadcastIsForTheHeapThatAWorkerHas() {
        Stage stage = stage(2);
        CallState call =
                new CallState(7, new byte[0], ONE_BY_ONE, stage, new Gate(() -> {}), CallState.Kind.BROADCAST, 2);
        stage.dispatcher.broadcast(call, new byte[1], 100);
        runAll(stage, Set.of(1L), Set.of());

        assertThat(stage.outcomes).hasSize(2);
        assertThat(stage.outcome(1).isFailure()).isTrue();
        assertThat(begunLarger).isEmpty();
    }

    @Test
    void withoutTheOptionNoWorkerIsLarger() {
        Stage stage = new Stage(1, directory);
        stage.call(2, ONE_BY_ONE.withRetries(1));
        runAll(stage, Set.of(), Set.of(1L));
        assertThat(begunLarger).isEmpty();
        assertThat(stage.begun).hasSize(3);
    }

    // ---- what goes wrong meanwhile

    @Test
    void whereNoLargerWorkerCanBeHadTheItemFailsAsItDidAndThePoolGoesOn() {
        Stage stage = stage(1);
        stage.largerFails = true;
        stage.call(8, ONE_BY_ONE.withRetries(3));
        runAll(stage, Set.of(1L, 2L, 3L, 4L, 5L), Set.of());

        assertThat(stage.outcomes).hasSize(8);
        assertThat(failure(stage, 5))
                .contains(
                        "it was to be begun again with a heap of 96 MiB (retryHeap), but that worker could not be had:"
                                + " worker 0 cannot be used: its process could not be started: no java in the script")
                .contains("Ask for a retryHeap");
        assertThat(stage.outcome(5).attempts()).isEqualTo(1);
        assertThat(stage.outcomes.values()).filteredOn(RawOutcome::isValue).hasSize(3);
        assertThat(stage.dispatcher.isBroken()).isFalse();
        assertThat(stage.kept).hasSize(5);
    }

    @Test
    void aLargerWorkerThatDoesNotComeUpIsGivenUpAfterItsTime() {
        Stage stage = stage(1);
        stage.call(2, ONE_BY_ONE);
        stage.turn();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        List<Runnable> neverUp = new ArrayList<>();
        stage.startUp = neverUp::add;
        stage.turn();
        FakeWorker larger = Objects.requireNonNull(larger(stage));
        larger.progress.launched(larger);
        stage.startUp = stage.loop::execute;
        stage.loop.run(Duration.ofSeconds(11));
        runAll(stage, Set.of(), Set.of());

        assertThat(failure(stage, 0)).contains("did not say hello within its startupTimeout of 10 s");
        assertThat(stage.outcome(1).isValue()).isTrue();
    }

    @Test
    void closeWaitsForTheItemAndTerminateDoesNot() {
        for (boolean now : new boolean[] {false, true}) {
            Stage stage = stage(1);
            stage.call(1, ONE_BY_ONE);
            stage.turn();
            stage.worker(0).begin();
            runOutOfHeap(stage.worker(0));
            CompletableFuture<@Nullable Void> stopped = stage.dispatcher.stop(now);
            runAll(stage, Set.of(), Set.of());

            assertThat(stopped).isDone();
            assertThat(stage.outcomes).hasSize(now ? 0 : 1);
            assertThat(stage.abandoned).hasSize(now ? 1 : 0);
            assertThat(stage.alive()).isZero();
            begunLarger.clear();
        }
    }

    @Test
    void atTheDeadlineTheItemFailsWhetherItWaitsOrRuns() {
        Stage runs = stage(1);
        FakeWorker larger = runsInTheLargerOne(runs, ONE_BY_ONE.withDeadline(Duration.ofSeconds(5)));
        runs.loop.run(Duration.ofSeconds(10));
        assertThatThrownBy(() -> runs.outcome(0).open(codec))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("it was running in worker 0");
        assertThat(larger.dead).as("it did not follow").isTrue();

        Stage waits = stage(1);
        waits.call(1, ONE_BY_ONE.withDeadline(Duration.ofSeconds(5)));
        waits.turn();
        waits.worker(0).begin();
        runOutOfHeap(waits.worker(0));
        waits.startUp = never -> {};
        waits.loop.run(Duration.ofSeconds(6));
        assertThatThrownBy(() -> waits.outcome(0).open(codec))
                .hasMessageContaining("it ran out of heap, and was to be begun again with more");
    }

    @Test
    void whatIsCancelledMeanwhileNeedsNoLargerWorkerAnyMore() {
        Stage stage = stage(1);
        CallState call = stage.call(1, ONE_BY_ONE);
        stage.turn();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        List<Runnable> later = new ArrayList<>();
        stage.startUp = later::add;
        stage.turn();
        FakeWorker larger = Objects.requireNonNull(larger(stage));
        stage.startUp = stage.loop::execute;
        stage.dispatcher.cancel(call, false);
        stage.turn();
        later.forEach(Runnable::run);
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(larger.dead).isTrue();
        assertThat(stage.begun).containsExactly(0L);
        assertThat(call.over()).isTrue();
        assertThat(stage.dispatcher.stats().idle()).isEqualTo(1);
    }

    @Test
    void anItemThatNobodyWaitsForAnyMoreNeedsNoLargerWorker() {
        Stage stage = stage(1);
        CallState call = stage.call(1, ONE_BY_ONE);
        stage.turn();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        stage.startUp = never -> {};
        stage.turn();
        FakeWorker larger = Objects.requireNonNull(larger(stage));
        larger.progress.launched(larger);
        stage.startUp = stage.loop::execute;
        stage.unwanted = true;
        stage.dispatcher.resize(1); // any event will do
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(stage.begun).containsExactly(0L);
        assertThat(larger.dead).isTrue();
        assertThat(call.quiet()).isTrue();
        assertThat(stage.outcomes).isEmpty();
    }

    @Test
    void whereAllPlacesAreFilledBeforeADeathIsExplainedABusyWorkerMakesRoom() {
        Stage stage = stage(2);
        Queue<Runnable> later = new ArrayDeque<>();
        stage.call(40, CallSettings.DEFAULTS.withChunkSize(2));
        stage.turn();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        stage.support = later::add;
        stage.loop.run(Duration.ofSeconds(2));
        FakeWorker successor = stage.worker(0);
        FakeWorker other = stage.worker(1);
        assertThat(successor.dead).isFalse();
        successor.begin();
        other.begin();
        stage.support = stage.loop::execute;
        later.forEach(stage.loop::execute);
        stage.loop.run(Duration.ofMillis(10));
        assertThat(larger(stage)).isNull();
        assertThat(List.of(successor, other))
                .filteredOn(worker -> worker.heard.contains("recall all"))
                .hasSize(1);
        for (FakeWorker worker : List.of(successor, other)) {
            worker.commit();
            worker.ring();
        }
        runAll(stage, Set.of(), Set.of());

        assertThat(stage.outcomes).hasSize(40);
        assertThat(stage.outcomes.values()).allMatch(RawOutcome::isValue);
        assertThat(begunLarger).containsExactly(0L);
        assertThat(stage.most).isEqualTo(2);
    }

    @Test
    void whereMemoryIsShortTheLargerWorkerWaitsUntilNobodyElseRunsAnything() {
        CrewPlan plan =
                CrewPlan.of(2, Duration.ofSeconds(10)).withMemory(new CrewPlan.Memory(0, 1000, Stage.LARGER_HEAP));
        Stage stage = new Stage(plan, directory);
        stage.call(6, ONE_BY_ONE);
        stage.turn();
        stage.available = 10;
        stage.loop.run(Duration.ofMillis(200));
        stage.worker(1).begin();
        stage.worker(0).begin();
        runOutOfHeap(stage.worker(0));
        stage.loop.run(Duration.ofSeconds(2));
        assertThat(larger(stage)).isNull();
        stage.worker(1).commit();
        stage.worker(1).ring();
        runAll(stage, Set.of(), Set.of());

        assertThat(stage.outcomes).hasSize(6);
        assertThat(stage.outcomes.values()).allMatch(RawOutcome::isValue);
        assertThat(begunLarger).hasSize(1);
    }

    /** Whatever comes together: every item has one outcome, and only those that need it run in the larger worker. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void inWhateverOrderThingsHappenEveryItemHasOneOutcome(int workers) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            begunLarger.clear();
            chance = random;
            CrewPlan plan = new CrewPlan(
                            workers,
                            random.nextInt(2),
                            new CrewPlan.Recycling(random.nextInt(3), null, 0),
                            random.nextBoolean() ? Duration.ofSeconds(1) : null,
                            CrewPlan.RestartLimit.DEFAULT,
                            Duration.ofSeconds(10),
                            workers,
                            false)
                    .withMemory(new CrewPlan.Memory(0, 0, Stage.LARGER_HEAP));
            Stage stage = new Stage(plan, directory);
            stage.call(
                    30,
                    CallSettings.DEFAULTS
                            .withChunkSize(1 + random.nextInt(4))
                            .withRetries(99)
                            .withCrashLimit(99));
            Set<Long> large = Set.of(3L, 4L, 11L, 20L);
            Set<Long> huge = Set.of(12L);
            for (int i = 0; i < 200 && stage.outcomes.size() < 30; i++) {
                int order = random.nextInt(20);
                if (order == 0) {
                    stage.dispatcher.resize(1 + random.nextInt(3));
                } else if (order == 1) {
                    stage.dispatcher.restart();
                }
                step(stage, large, huge);
            }
            assertThat(stage.outcomes).as("seed " + seed).hasSize(30);
            assertThat(stage.outcomes.values())
                    .as("seed " + seed)
                    .filteredOn(RawOutcome::isFailure)
                    .extracting(RawOutcome::index)
                    .containsExactly(12L);
            assertThat(Set.copyOf(begunLarger)).as("seed " + seed).isEqualTo(Set.of(3L, 4L, 11L, 12L, 20L));
            CompletableFuture<@Nullable Void> stopped = stage.dispatcher.stop(false);
            stage.loop.run(Duration.ofSeconds(10));
            assertThat(stopped).as("seed " + seed).isDone();
            assertThat(stage.alive()).as("seed " + seed).isZero();
        }
    }
}
