// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.MultijvmException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.RawOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to workers that take too much memory, and where there is too little for all, with played readings. */
@Timeout(120)
class MemoryOnTheLoopTest {
    private static final long LIMIT = 100L << 20;
    private static final long OVER = 150L << 20;
    private static final long FLOOR = 1000;

    @TempDir
    Path directory;

    private Stage limited(int workers) {
        return new Stage(plan(workers, new CrewPlan.Memory(LIMIT, 0)), directory);
    }

    private Stage floored(int workers, long available) {
        return new Stage(plan(workers, new CrewPlan.Memory(0, FLOOR)), directory, available);
    }

    private static CrewPlan plan(int workers, CrewPlan.Memory memory) {
        return CrewPlan.of(workers, Duration.ofSeconds(10)).withMemory(memory);
    }

    private static CallSettings chunksOf(int items) {
        return CallSettings.DEFAULTS.withChunkSize(items);
    }

    private static List<Long> all(int items) {
        return LongStream.range(0, items).boxed().toList();
    }

    private static String message(RawOutcome outcome) {
        MultijvmException error = Objects.requireNonNull(outcome.error());
        return Objects.requireNonNull(error.getMessage());
    }

    private static long working(Stage stage) {
        return stage.workers.stream().filter(FakeWorker::hasWork).count();
    }

    /** Every worker that has something ends one item. */
    private static void step(Stage stage) {
        List.copyOf(stage.workers).stream().filter(FakeWorker::hasWork).forEach(worker -> {
            if (worker.running) {
                worker.commit();
                worker.ring();
            } else {
                worker.begin();
            }
        });
        stage.loop.run(Duration.ofMillis(5));
    }

    @Test
    void aWorkerOverItsLimitIsEndedAndOnlyTheItemThatItRunsFails() {
        Stage stage = limited(1);
        stage.call(10, chunksOf(10));
        stage.turn();
        FakeWorker greedy = stage.worker(0);
        greedy.finish(2);
        greedy.begin();
        stage.loop.run(Duration.ofMillis(200));
        assertThat(greedy.dead).as("within its limit").isFalse();
        greedy.residentBytes = OVER;
        stage.loop.run(Duration.ofMillis(100));

        assertThat(greedy.heard).containsSubsequence("recall all", "KILL at 250");
        assertThat(message(stage.outcome(2)))
                .contains("took 150 MiB of memory, over its limit of 100 MiB", "at least 118 MiB lie outside of it");
        stage.runAll();
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(10));
        assertThat(stage.outcomes.values()).filteredOn(RawOutcome::isFailure).hasSize(1);
        assertThat(stage.begun).as("none is run twice").hasSize(10).doesNotHaveDuplicates();
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void aWorkerWhoseItemEndsWhileItIsLookedAtIsReplacedAndCostsNone() {
        Stage stage = limited(1);
        stage.call(10, chunksOf(10));
        stage.turn();
        FakeWorker leaky = stage.worker(0);
        leaky.begin();
        leaky.residentBytes = OVER;
        leaky.meanwhile = () -> {
            leaky.meanwhile = () -> {};
            leaky.commit();
            leaky.begin();
        };
        stage.loop.run(Duration.ofMillis(60));
        leaky.commit();
        leaky.ring();
        stage.runAll();

        assertThat(leaky.heard).containsSubsequence("recall all", "bye");
        assertThat(leaky.heard).noneMatch(heard -> heard.startsWith("KILL"));
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(10));
        assertThat(stage.outcomes.values()).noneMatch(RawOutcome::isFailure);
        assertThat(stage.begun).hasSize(10).doesNotHaveDuplicates();
        assertThat(stage.dispatcher.stats().workersRecycled()).isEqualTo(1);
        assertThat(stage.dispatcher.stats().workersDied()).isZero();
    }

    @Test
    void oneThatIsToBeReplacedAndStaysOverTheLimitInItsLastItemIsEndedAfterAll() {
        Stage stage = limited(1);
        stage.call(3, chunksOf(3));
        stage.turn();
        FakeWorker leaky = stage.worker(0);
        leaky.begin();
        leaky.residentBytes = OVER;
        leaky.meanwhile = () -> {
            leaky.meanwhile = () -> {};
            leaky.commit();
            leaky.begin();
        };
        stage.loop.run(Duration.ofMillis(200));

        assertThat(leaky.heard).contains("KILL at 100");
        assertThat(message(stage.outcome(1))).contains("over its limit");
        stage.runAll();
        assertThat(stage.outcomes.values()).filteredOn(RawOutcome::isFailure).hasSize(1);
        assertThat(stage.dispatcher.stats().workersDied()).isEqualTo(1);
    }

    @Test
    void anInitFunctionThatTakesTooMuchEndsItsWorkersAndThePoolSaysWhy() {
        Stage stage = new Stage(plan(1, new CrewPlan.Memory(LIMIT, 0)), directory, new byte[1], null, Long.MAX_VALUE);
        for (int i = 0; i < CrewPlan.RestartLimit.DEFAULT.starts(); i++) {
            stage.loop.run(Duration.ofSeconds(1));
            stage.worker(0).beginInit();
            stage.worker(0).residentBytes = OVER;
            stage.loop.run(Duration.ofSeconds(1));
        }
        stage.call(1, CallSettings.DEFAULTS);
        stage.turn();

        assertThat(stage.abandoned)
                .singleElement()
                .satisfies(why -> assertThat(why)
                        .hasMessageContaining("died in the init function: took 150 MiB of memory, over its limit"));
    }

    @Test
    void anIdleWorkerIsNotLookedAt() {
        Stage stage = limited(1);
        stage.call(1, CallSettings.DEFAULTS);
        stage.turn();
        stage.worker(0).finish(1);
        stage.turn();
        stage.worker(0).meanwhile = () -> {
            throw new AssertionError("looked at");
        };
        stage.loop.run(Duration.ofSeconds(5));
        assertThat(stage.alive()).isEqualTo(1);
    }

    @Test
    void whileMemoryIsShortItemsRunOneByOneAndThenTogetherAgain() {
        Stage stage = floored(4, Long.MAX_VALUE);
        stage.call(400, chunksOf(10));
        stage.turn();
        assertThat(working(stage)).isEqualTo(4);
        stage.workers.forEach(FakeWorker::begin);
        stage.available = FLOOR - 1;
        stage.loop.run(Duration.ofMillis(250));

        assertThat(stage.workers.stream().filter(worker -> worker.heard.contains("recall all")))
                .as("all but one give back what they have not begun")
                .hasSize(3);
        step(stage);
        for (int i = 0; i < 100; i++) {
            assertThat(working(stage)).as("workers with items").isEqualTo(1);
            step(stage);
        }
        assertThat(stage.workers.stream().flatMap(worker -> worker.heard.stream()))
                .as("nothing is moved to and fro")
                .filteredOn("recall half"::equals)
                .isEmpty();
        stage.available = FLOOR;
        stage.loop.run(Duration.ofMillis(250));
        assertThat(working(stage)).isEqualTo(4);
        stage.runAll();

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(400));
        assertThat(stage.begun).hasSize(400).doesNotHaveDuplicates();
    }

    @Test
    void whereMemoryIsShortFromTheBeginningOneWorkerIsStartedAndTheOthersWhenThereIsEnough() {
        Stage stage = floored(3, FLOOR - 1);
        stage.call(30, chunksOf(1));
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.starts).isEqualTo(1);
        step(stage);
        step(stage);
        assertThat(stage.outcomes).isNotEmpty();

        stage.available = FLOOR;
        stage.loop.run(Duration.ofMillis(300));
        assertThat(stage.alive()).isEqualTo(3);
        stage.runAll();
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(30));
    }

    @Test
    void theOnlyWorkerIsReplacedAlsoWhileMemoryIsShort() {
        Stage stage = floored(2, FLOOR - 1);
        stage.call(4, chunksOf(1));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.runAll();

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(4));
    }

    @Test
    void aBroadcastReachesEveryPlaceAlsoWhileMemoryIsShort() {
        Stage stage = floored(3, FLOOR - 1);
        CallState call = new CallState(
                1, new byte[0], CallSettings.DEFAULTS, stage, new Gate(() -> {}), CallState.Kind.BROADCAST, -1);
        stage.dispatcher.broadcast(call, new byte[3], 1000);
        stage.runAll();

        assertThat(stage.outcomes).containsOnlyKeys(0L, 1L, 2L);
        assertThat(stage.outcomes.values()).noneMatch(RawOutcome::isFailure);
    }

    @Test
    void whatATaskWaitsForRunsElsewhereAlsoWhileMemoryIsShort() {
        Stage stage = floored(2, Long.MAX_VALUE);
        stage.call(1, chunksOf(1));
        stage.turn();
        FakeWorker asker = stage.worker(0);
        asker.begin();
        stage.available = FLOOR - 1;
        stage.loop.run(Duration.ofMillis(250));
        stage.loop.execute(() -> {
            asker.listener.nested(new NestedSaid.Begin(
                    7,
                    new byte[0],
                    CallSettings.DEFAULTS,
                    CallState.Kind.SUBMITS,
                    -1,
                    1,
                    asker.chunks.getFirst().id,
                    0));
            asker.listener.nested(new NestedSaid.Items(7, ItemBlock.single(0, new byte[1], 1000, "future")));
        });
        stage.loop.run(Duration.ofMillis(250));

        // its thread waits in a way that nobody hears of, so that it cannot be told to run the item itself
        assertThat(stage.worker(1).heard).contains("chunk of 1");
    }

    /** Seeds are fixed, so a failure names the script that shows it. */
    @Test
    void whateverMemoryDoesEveryItemIsAnsweredOnceAndRunOnce() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Stage stage = new Stage(
                    plan(1 + random.nextInt(3), new CrewPlan.Memory(LIMIT, FLOOR)),
                    directory,
                    random.nextBoolean() ? 0 : FLOOR);
            int items = 1 + random.nextInt(30);
            stage.call(items, chunksOf(1 + random.nextInt(8)));
            for (int at = 0; at < 60; at++) {
                stage.available = random.nextBoolean() ? 0 : FLOOR;
                stage.loop.run(Duration.ofMillis(random.nextInt(60)));
                act(stage, random);
            }
            stage.available = 0;
            for (int i = 0; i < 100; i++) {
                stage.loop.run(Duration.ofMillis(20));
                for (FakeWorker worker : List.copyOf(stage.workers)) {
                    worker.residentBytes = 0;
                    if (worker.running && !worker.dead) {
                        worker.commit();
                    }
                    worker.finish(1);
                }
            }
            var stopped = stage.dispatcher.stop(false);
            stage.loop.run(Duration.ofSeconds(20));

            assertThat(stage.abandoned).as("broken, script %d", seed).isEmpty();
            assertThat(stage.begun).as("run, script %d", seed).doesNotHaveDuplicates();
            assertThat(stage.outcomes.keySet()).as("answered, script %d", seed).containsExactlyElementsOf(all(items));
            assertThat(stopped).as("stopped, script %d", seed).isDone();
            assertThat(stage.alive()).as("alive, script %d", seed).isZero();
        }
    }

    private static void act(Stage stage, Random random) {
        FakeWorker worker = stage.workers.get(random.nextInt(stage.workers.size()));
        if (worker.dead) {
            return;
        }
        if (random.nextInt(6) == 0) {
            worker.residentBytes = random.nextBoolean() ? OVER : 0;
        }
        if (worker.running) {
            worker.commit();
            worker.ring();
        } else if (worker.hasWork()) {
            worker.begin();
        }
    }
}
