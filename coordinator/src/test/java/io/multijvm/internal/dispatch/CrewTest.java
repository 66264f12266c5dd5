// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.PoolBrokenException;
import io.multijvm.internal.call.CallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How workers come and go, with played workers on virtual time. */
@Timeout(120)
class CrewTest {
    private static final Duration STARTUP = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private Stage stage(int workers, int standby, CrewPlan.Recycling recycling, @Nullable Duration idle) {
        return new Stage(
                new CrewPlan(workers, standby, recycling, idle, CrewPlan.RestartLimit.DEFAULT, STARTUP, 4, false),
                directory);
    }

    private static CrewPlan.Recycling after(int items) {
        return new CrewPlan.Recycling(items, null, 0);
    }

    private static CallSettings chunksOf(int items) {
        return CallSettings.DEFAULTS.withChunkSize(items);
    }

    private static List<Long> all(int items) {
        return LongStream.range(0, items).boxed().toList();
    }

    /** Lets whoever may work end one item after the other, and counts how many items each process began. */
    private static void workThrough(Stage stage, int mostAtATime) {
        for (int i = 0; i < 400; i++) {
            stage.loop.run(Duration.ofMillis(5));
            AtomicInteger running = new AtomicInteger();
            List.copyOf(stage.workers).stream().filter(FakeWorker::hasWork).forEach(worker -> {
                if (!worker.running) {
                    worker.begin();
                }
                running.incrementAndGet();
            });
            assertThat(running.get()).as("items at a time").isLessThanOrEqualTo(mostAtATime);
            stage.loop.run(Duration.ofMillis(5));
            List.copyOf(stage.workers).stream().filter(worker -> worker.running).forEach(worker -> {
                worker.commit();
                worker.ring();
            });
        }
    }

    @Test
    void withOneItemAWorkerEveryItemHasAProcessOfItsOwnAndNoMoreRunAtATimeThanThereArePlaces() {
        Stage stage = stage(2, 0, after(1), null);
        stage.call(20, CallSettings.DEFAULTS);
        workThrough(stage, 2);

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(20));
        assertThat(stage.begun).hasSize(20).doesNotHaveDuplicates();
        // the last two wait for a successor that nobody needs yet, or have it
        assertThat(stage.starts).isBetween(20, 24);
        assertThat(stage.most).as("processes at a time").isLessThanOrEqualTo(4);
        assertThat(stage.workers.stream().filter(worker -> worker.dead))
                .allSatisfy(worker -> assertThat(worker.heard)
                        .contains("chunk of 1", "bye")
                        .filteredOn("chunk of 1"::equals)
                        .hasSize(1));
    }

    @Test
    void noMoreProcessesComeUpAtATimeThanThePlanAllowsAndEachLetsTheNextOneStart() {
        CrewPlan plan = new CrewPlan(
                10, 0, CrewPlan.Recycling.NEVER, null, CrewPlan.RestartLimit.DEFAULT, Duration.ofHours(1), 3, false);
        Stage stage = new Stage(plan, directory);
        Deque<Runnable> comingUp = new ArrayDeque<>();
        stage.startUp = comingUp::add;
        stage.call(40, chunksOf(4));
        List<Integer> atATime = new ArrayList<>();
        stage.turn();
        while (!comingUp.isEmpty()) {
            atATime.add(comingUp.size());
            comingUp.remove().run();
            stage.turn();
        }

        assertThat(atATime).containsExactly(3, 3, 3, 3, 3, 3, 3, 3, 2, 1);
        workThrough(stage, 10);
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(40));
        assertThat(stage.starts).isEqualTo(10);
    }

    @Test
    void theSuccessorStandsByBeforeTheOldWorkerGoes() {
        Stage stage = stage(1, 0, after(3), null);
        stage.call(9, chunksOf(1));
        stage.turn();
        FakeWorker old = stage.workers.get(0);
        old.finish(1);
        stage.turn();
        assertThat(stage.workers).as("all three that it may do are out").hasSize(2);
        FakeWorker successor = stage.workers.get(1);
        old.finish(1);
        assertThat(old.hasWork()).isTrue();
        old.begin();
        stage.turn();
        assertThat(old.heard).as("still at its last item").doesNotContain("bye");
        assertThat(successor.heard).as("no work beside the old one").isEmpty();
        old.commit();
        old.ring();
        stage.turn();

        assertThat(old.heard).containsExactly("chunk of 1", "chunk of 1", "chunk of 1", "bye");
        assertThat(successor.heard).startsWith("seat 0 2", "chunk of 1");
        stage.runAll();
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(9));
        assertThat(stage.begun).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void closingWhileWorkersAreRecycledFinishesAllAndLeavesNobody() {
        Stage stage = stage(2, 1, after(1), null);
        stage.call(12, CallSettings.DEFAULTS);
        stage.turn();
        var stopped = stage.dispatcher.stop(false);
        workThrough(stage, 2);
        stage.loop.run(Duration.ofSeconds(5));

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(12));
        assertThat(stopped).isDone();
        assertThat(stage.alive()).isZero();
    }

    @Test
    void noReplacementIsStartedOnceThePoolIsTerminated() {
        Stage stage = stage(2, 1, after(1), null);
        stage.call(12, CallSettings.DEFAULTS);
        stage.turn();
        stage.workers.get(0).finish(1);
        var stopped = stage.dispatcher.stop(true);
        stage.turn();
        int starts = stage.starts;
        stage.loop.run(Duration.ofMinutes(1));

        assertThat(stage.starts).isEqualTo(starts);
        assertThat(stopped).isDone();
        assertThat(stage.alive()).isZero();
    }

    @Test
    void recyclingGoesOnWithoutAStandbyWhereThereIsNoMemoryForOne() {
        Stage stage = stage(1, 0, after(1), null);
        stage.noRoom = true;
        stage.call(4, CallSettings.DEFAULTS);
        workThrough(stage, 1);

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(4));
        assertThat(stage.most).isEqualTo(1);
    }

    @Test
    void anOldWorkerIsReplacedAlsoIfItIsIdle() {
        Stage stage = stage(1, 0, new CrewPlan.Recycling(0, Duration.ofMinutes(1), 0), null);
        stage.loop.run(Duration.ofSeconds(59));
        assertThat(stage.starts).isEqualTo(1);
        stage.loop.run(Duration.ofSeconds(2));

        assertThat(stage.starts).isEqualTo(2);
        assertThat(stage.workers.get(0).heard).containsExactly("bye");
        assertThat(stage.workers.get(1).heard).containsExactly("seat 0 2");
        assertThat(stage.alive()).isEqualTo(1);
    }

    @Test
    void aWorkerThatTakesTooMuchMemoryAfterAnItemIsReplaced() {
        Stage stage = stage(1, 0, new CrewPlan.Recycling(0, null, 1000), null);
        stage.call(30, chunksOf(10));
        stage.turn();
        FakeWorker leaky = stage.workers.get(0);
        leaky.residentBytes = 1001;
        stage.loop.run(Duration.ofSeconds(5));
        assertThat(leaky.heard).as("it has ended no item").doesNotContain("recall all");
        leaky.finish(1);
        leaky.begin();
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(leaky.heard).contains("recall all").doesNotContain("bye");
        stage.runAll();

        assertThat(leaky.heard).contains("bye");
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(30));
        assertThat(stage.begun).hasSize(30).doesNotHaveDuplicates();
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void aStandbyTakesTheDeadWorkersPlaceInTheTurnThatBuriesItAndAnotherIsStarted() {
        Stage stage = stage(1, 1, CrewPlan.Recycling.NEVER, null);
        stage.turn();
        stage.turn();
        assertThat(stage.starts).isEqualTo(2);
        stage.call(3, chunksOf(1));
        stage.turn();
        FakeWorker first = stage.workers.get(0);
        FakeWorker standby = stage.workers.get(1);
        assertThat(standby.heard).as("a standby runs nothing").isEmpty();
        first.begin();
        first.die();
        stage.turn();

        assertThat(standby.heard).startsWith("seat 0 2", "chunk of 1");
        stage.runAll();
        assertThat(stage.starts).isEqualTo(3);
        assertThat(stage.outcomes).hasSize(3);
        assertThat(stage.workers.get(2).heard).isEmpty();
    }

    @Test
    void aStandbyThatDiesIsReplacedAndOnesThatNeverComeUpBreakThePool() {
        Stage stage = stage(1, 1, CrewPlan.Recycling.NEVER, null);
        stage.loop.run(Duration.ofSeconds(1));
        stage.workers.get(1).die();
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.alive()).isEqualTo(2);

        stage.startsFail = true;
        stage.workers.get(2).die();
        stage.loop.run(Duration.ofMinutes(1));
        assertThat(stage.starts).isLessThanOrEqualTo(3 + CrewPlan.RestartLimit.DEFAULT.starts());
        assertThat(stage.alive()).as("a broken pool keeps nobody").isZero();
    }

    @Test
    void growingTakesStandbysFirstAndShrinkingKeepsTheWorkersWithTheLowestNumbers() {
        Stage stage = stage(1, 1, CrewPlan.Recycling.NEVER, null);
        stage.loop.run(Duration.ofSeconds(1));
        stage.dispatcher.resize(3);
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.workers.get(1).heard).containsExactly("seat 1 1");
        assertThat(stage.alive()).isEqualTo(4);

        stage.dispatcher.resize(1);
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.workers.get(0).dead).isFalse();
        assertThat(stage.workers.get(1).dead).isTrue();
        assertThat(stage.alive()).isEqualTo(2);
    }

    @Test
    void eightSizesInARowDuringWorkCostNoItemAndEndWithAsManyWorkersAsWereWantedLast() {
        Stage stage = stage(2, 0, CrewPlan.Recycling.NEVER, null);
        stage.call(200, chunksOf(3));
        int[] sizes = {4, 1, 3, 2, 6, 1, 5, 3};
        for (int size : sizes) {
            stage.loop.run(Duration.ofMillis(2));
            stage.workers.stream().filter(FakeWorker::hasWork).forEach(worker -> worker.finish(2));
            stage.workers.stream().filter(FakeWorker::hasWork).forEach(FakeWorker::begin);
            stage.dispatcher.resize(size);
            stage.loop.run(Duration.ofMillis(2));
            stage.workers.stream().filter(worker -> worker.running).forEach(worker -> {
                worker.commit();
                worker.ring();
            });
        }
        stage.runAll();

        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(200));
        assertThat(stage.begun).hasSize(200).doesNotHaveDuplicates();
        assertThat(stage.alive()).isEqualTo(3);
        assertThat(stage.workers.stream().filter(worker -> !worker.dead).map(worker -> worker.slot))
                .containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void restartLetsEachWorkerFinishItsItemAndGivesItNoOther() {
        Stage stage = stage(2, 0, CrewPlan.Recycling.NEVER, null);
        stage.call(20, chunksOf(5));
        stage.turn();
        List<FakeWorker> old = List.copyOf(stage.workers);
        old.forEach(FakeWorker::begin);
        stage.dispatcher.restart();
        stage.loop.run(Duration.ofSeconds(3));
        assertThat(old).allSatisfy(worker -> assertThat(worker.dead).isFalse());
        assertThat(stage.starts).isEqualTo(2);
        old.forEach(FakeWorker::commit);
        old.forEach(FakeWorker::ring);
        stage.runAll();

        assertThat(old).allSatisfy(worker -> assertThat(worker.heard).contains("bye"));
        assertThat(stage.outcomes.keySet()).containsExactlyElementsOf(all(20));
        assertThat(stage.begun).hasSize(20).doesNotHaveDuplicates();
        assertThat(stage.starts).isEqualTo(4);
    }

    @Test
    void withAnIdleTimeoutWorkersComeWhenThereIsWorkAndLeaveWhenThereIsNone() {
        Stage stage = stage(3, 0, CrewPlan.Recycling.NEVER, Duration.ofSeconds(5));
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.starts).as("nothing to do").isZero();
        stage.call(2, chunksOf(1));
        stage.loop.run(Duration.ofMillis(10));
        assertThat(stage.starts).as("no more workers than items").isEqualTo(2);
        stage.workers.forEach(FakeWorker::begin);
        stage.loop.run(Duration.ofSeconds(20));
        assertThat(stage.alive()).as("an item that runs is not idleness").isEqualTo(2);
        stage.workers.forEach(FakeWorker::commit);
        stage.workers.forEach(FakeWorker::ring);
        stage.loop.run(Duration.ofMillis(4900));
        assertThat(stage.alive()).isEqualTo(2);
        stage.loop.run(Duration.ofSeconds(1));

        assertThat(stage.alive()).isZero();
        assertThat(stage.outcomes).hasSize(2);
        var stopped = stage.dispatcher.stop(false);
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stopped).isDone();
    }

    @Test
    void restartsAndSizesAreNoCrashesForTheRestartLimit() {
        Stage stage = stage(1, 0, CrewPlan.Recycling.NEVER, null);
        for (int i = 0; i < 10; i++) {
            stage.loop.run(Duration.ofMillis(10));
            stage.dispatcher.restart();
            stage.dispatcher.resize(1 + i % 3);
        }
        stage.call(1, CallSettings.DEFAULTS);
        stage.runAll();
        assertThat(stage.outcomes).hasSize(1);
        assertThat(stage.abandoned).isEmpty();
    }

    @Test
    void idleWorkersThatDieCountOnlyInsideTheWindow() {
        CrewPlan plan = new CrewPlan(
                1,
                0,
                CrewPlan.Recycling.NEVER,
                null,
                new CrewPlan.RestartLimit(2, Duration.ofSeconds(30)),
                STARTUP,
                1,
                false);
        Stage slow = new Stage(plan, directory);
        for (int i = 0; i < 5; i++) {
            slow.loop.run(Duration.ofSeconds(31));
            slow.worker(0).die();
        }
        slow.loop.run(Duration.ofSeconds(1));
        assertThat(slow.alive()).isEqualTo(1);

        Stage quick = new Stage(plan, directory);
        quick.loop.run(Duration.ofSeconds(1));
        quick.worker(0).die();
        quick.loop.run(Duration.ofSeconds(1));
        quick.worker(0).die();
        quick.loop.run(Duration.ofSeconds(1));
        quick.call(1, CallSettings.DEFAULTS);
        quick.loop.run(Duration.ofSeconds(1));
        assertThat(quick.starts).isEqualTo(2);
        assertThat(quick.abandoned).hasSize(1).first().isInstanceOf(PoolBrokenException.class);
    }

    /** Seeds are fixed, so a failure names the script that shows it. */
    @Test
    void whateverComesAndGoesEveryItemIsAnsweredOnceAndRunOnce() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            Stage stage = stage(
                    1 + random.nextInt(3),
                    random.nextInt(2),
                    new CrewPlan.Recycling(random.nextInt(4), random.nextBoolean() ? Duration.ofMillis(100) : null, 0),
                    random.nextInt(3) == 0 ? Duration.ofMillis(5) : null);
            stage.noRoom = random.nextInt(4) == 0;
            int items = 1 + random.nextInt(30);
            stage.call(items, random.nextBoolean() ? chunksOf(1 + random.nextInt(8)) : CallSettings.DEFAULTS);
            for (int step = 0; step < 60; step++) {
                stage.loop.run(Duration.ofMillis(random.nextInt(3)));
                step(stage, random);
            }
            for (int i = 0; i < 100; i++) {
                stage.loop.run(Duration.ofMillis(20));
                for (FakeWorker worker : List.copyOf(stage.workers)) {
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

    private static void step(Stage stage, Random random) {
        int what = random.nextInt(30);
        if (what == 0) {
            stage.dispatcher.resize(1 + random.nextInt(4));
        } else if (what == 1) {
            stage.dispatcher.restart();
        } else if (!stage.workers.isEmpty()) {
            FakeWorker worker = stage.workers.get(random.nextInt(stage.workers.size()));
            if (worker.dead) {
                return;
            }
            if (what == 2 && worker.running) {
                worker.die();
            } else if (worker.running) {
                worker.commit();
                worker.ring();
            } else if (worker.hasWork()) {
                worker.begin();
            }
        }
    }
}
