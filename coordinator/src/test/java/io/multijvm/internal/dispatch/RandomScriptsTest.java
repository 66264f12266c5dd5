// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.StreamAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds whatever happens: random scripts of deaths, delays and cancels, with played workers on virtual time. */
@Timeout(120)
class RandomScriptsTest {
    /** An item that has cost so many workers is not run again. */
    private static final int MOST_WORKERS = 2;

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), RandomScriptsTest.class.getClassLoader(), AllowList.everything());

    private static CallSettings chunksOf(int items) {
        return CallSettings.DEFAULTS.withChunkSize(items);
    }

    /** Seeds are fixed, so a failure names the script that shows it. */
    @Test
    void whateverDiesWhateverIsLateEveryItemIsAnsweredOnceAndRunOnce() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            int slots = 1 + random.nextInt(3);
            int items = 1 + random.nextInt(30);
            Stage stage = new Stage(slots, directory);
            CallState call =
                    stage.call(items, random.nextBoolean() ? chunksOf(1 + random.nextInt(8)) : CallSettings.DEFAULTS);
            boolean cancels = random.nextInt(4) == 0;
            boolean slow = random.nextBoolean();
            boolean runs = random.nextBoolean();
            for (int step = 0; step < 60; step++) {
                stage.loop.run(Duration.ofMillis(random.nextInt(3)));
                stage.workers.forEach(worker -> {
                    worker.slowToSend = slow;
                    worker.runs = runs ? random : null;
                });
                if (!stage.workers.isEmpty()) {
                    act(stage.workers.get(random.nextInt(stage.workers.size())), random);
                }
                if (cancels && step == 30) {
                    stage.dispatcher.cancel(call, random.nextBoolean());
                }
            }
            finish(stage);
            var stopped = stage.dispatcher.stop(false);
            stage.loop.run(Duration.ofSeconds(20));

            assertThat(stage.begun).as("run, script %d", seed).doesNotHaveDuplicates();
            assertThat(stopped).as("stopped, script %d", seed).isDone();
            if (!cancels) {
                assertThat(stage.outcomes.keySet())
                        .as("answered, script %d", seed)
                        .containsExactlyElementsOf(
                                LongStream.range(0, items).boxed().toList());
            }
            int script = seed;
            // a single result is one byte of the index, one of a run the index itself; failures are of the dead
            stage.outcomes.forEach(
                    (index, outcome) -> assertThat(outcome.length() == Long.BYTES ? outcome.open(codec) : index)
                            .as("result, script %d", script)
                            .isEqualTo(index));
        }
    }

    private static void act(FakeWorker worker, Random random) {
        int what = random.nextInt(20);
        if (worker.dead) {
            return;
        }
        if (what == 0 && !worker.begun.isEmpty()) {
            worker.die();
        } else if (what < 4) {
            worker.ring();
        } else if (what < 6) {
            worker.send();
        } else if (worker.running) {
            worker.commit();
        } else if (worker.hasWork()) {
            worker.begin();
        }
    }

    private static void finish(Stage stage) {
        for (int i = 0; i < 100; i++) {
            stage.loop.run(Duration.ofMillis(100));
            for (FakeWorker worker : List.copyOf(stage.workers)) {
                if (worker.running && !worker.dead) {
                    worker.commit();
                }
                worker.finish(1);
                worker.send();
            }
        }
    }

    /** One script: a lazy call of so many items, in blocks of some lane each, with retries that may have to wait. */
    private static CallState begin(
            Stage stage, Random random, int items, int retries, StreamAnswer<RawOutcome> answer) {
        CallSettings settings = random.nextBoolean() ? chunksOf(1 + random.nextInt(5)) : CallSettings.DEFAULTS;
        settings = settings.withRetries(retries);
        if (random.nextBoolean()) {
            settings = settings.withBackoff(Duration.ofMillis(1), Duration.ofMillis(1 + random.nextInt(50)));
        }
        if (random.nextBoolean()) {
            settings = settings.withAffinity(item -> item);
        }
        CallState call =
                new CallState(1, new byte[0], settings, answer, new Gate(() -> {}), CallState.Kind.LAZY, items);
        stage.dispatcher.submit(call);
        for (int first = 0; first < items; ) {
            ItemBlock.Builder block = new ItemBlock.Builder(first, 1000, random.nextInt(4));
            int size = Math.min(items - first, 1 + random.nextInt(4));
            for (int i = 0; i < size; i++) {
                block.add(new byte[1]);
            }
            stage.dispatcher.encoded(call, block.build());
            first += size;
        }
        stage.dispatcher.inputEnded(call, null);
        return call;
    }

    @Test
    void whateverDiesResultsComeInOrderAndNothingIsBegunMoreOftenThanItMay() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            Stage stage = new Stage(1 + random.nextInt(3), directory);
            int items = 1 + random.nextInt(30);
            int retries = random.nextInt(3);
            boolean ordered = random.nextBoolean();
            StreamAnswer<RawOutcome> answer = new StreamAnswer<>(ordered, outcome -> outcome);
            CallState call = begin(stage, random, items, retries, answer);
            for (int step = 0; step < 80; step++) {
                stage.loop.run(Duration.ofMillis(random.nextInt(3)));
                if (!stage.workers.isEmpty()) {
                    act(stage.workers.get(random.nextInt(stage.workers.size())), random);
                }
            }
            finish(stage);

            assertThat(call.over()).as("over, script %d", seed).isTrue();
            List<Long> got = new ArrayList<>();
            for (RawOutcome outcome : answer) {
                got.add(outcome.index());
                int begun = Collections.frequency(stage.begun, outcome.index());
                assertThat(outcome.attempts())
                        .as("attempts at item %d, script %d", outcome.index(), seed)
                        .isEqualTo(begun)
                        .isBetween(1, Math.min(1 + retries, MOST_WORKERS));
                if (outcome.isFailure()) {
                    assertThat(begun).as("given up, script %d", seed).isEqualTo(Math.min(1 + retries, MOST_WORKERS));
                    assertThat(failureOf(outcome)).isInstanceOf(WorkerCrashedException.class);
                }
            }
            List<Long> all = LongStream.range(0, items).boxed().toList();
            if (ordered) {
                assertThat(got).as("in order, script %d", seed).isEqualTo(all);
            } else {
                assertThat(got).as("each once, script %d", seed).containsExactlyInAnyOrderElementsOf(all);
            }
        }
    }

    private Throwable failureOf(RawOutcome outcome) {
        try {
            var unused = outcome.open(codec);
            throw new AssertionError("item " + outcome.index() + " has not failed");
        } catch (WorkerCrashedException e) {
            return e;
        }
    }

    @Test
    void whateverTheTimeTheDeadlineAnswersEveryItemOnceAndThePoolCloses() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Stage stage = new Stage(1 + random.nextInt(3), directory);
            int items = 1 + random.nextInt(30);
            CallSettings settings = chunksOf(1 + random.nextInt(4))
                    .withRetries(random.nextInt(2))
                    .withDeadline(Duration.ofMillis(1 + random.nextInt(60)));
            CallState call = stage.call(items, settings);
            for (int step = 0; step < 60; step++) {
                stage.loop.run(Duration.ofMillis(random.nextInt(3)));
                if (!stage.workers.isEmpty()) {
                    act(stage.workers.get(random.nextInt(stage.workers.size())), random);
                }
            }
            stage.loop.run(Duration.ofMillis(60));
            // at the deadline at the latest, whatever the workers do
            assertThat(stage.outcomes).as("answered, script %d", seed).hasSize(items);
            int begun = stage.begun.size();
            finish(stage);
            var stopped = stage.dispatcher.stop(false);
            stage.loop.run(Duration.ofSeconds(20));

            assertThat(call.over()).as("over, script %d", seed).isTrue();
            assertThat(stage.begun.size() - begun)
                    .as("begun too late, script %d", seed)
                    .isLessThanOrEqualTo(0);
            assertThat(stopped).as("stopped, script %d", seed).isDone();
        }
    }

    /** The chunker: whatever comes back, each item is given out until it is finished, and never to two at once. */
    @Test
    void chunksHaveNoGapsKeepTheirBoundsAndLoseNothing() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int fixed = random.nextBoolean() ? 1 + random.nextInt(9) : 0;
            int items = 1 + random.nextInt(200);
            Slot slot = Slot.place(0);
            StreamAnswer<RawOutcome> answer = new StreamAnswer<>(false, outcome -> outcome);
            CallSettings settings = fixed > 0 ? chunksOf(fixed) : CallSettings.DEFAULTS;
            CallState call =
                    new CallState(1, new byte[0], settings, answer, new Gate(() -> {}), CallState.Kind.LIST, items);
            for (int first = 0; first < items; ) {
                ItemBlock.Builder block = new ItemBlock.Builder(first, 50);
                int size = Math.min(items - first, 1 + random.nextInt(20));
                for (int i = 0; i < size; i++) {
                    block.add(new byte[random.nextInt(100)]);
                }
                call.accept(block.build());
                first += size;
            }
            call.inputEnded(null);
            List<Long> finished = new ArrayList<>();
            while (call.hasPending()) {
                List<Slice> chunk = call.nextItems(slot, 0, 3, Integer.MAX_VALUE);
                Chunk given = new Chunk(1, call, chunk);
                int most = fixed > 0 ? fixed : Math.max(4, 4 * (int) call.cost.seen());
                assertThat(given.size()).as("script %d", seed).isBetween(1, most);
                for (int i = 1; i < chunk.size(); i++) {
                    assertThat(chunk.get(i).firstIndex())
                            .isEqualTo(chunk.get(i - 1).endIndex());
                }
                int done = random.nextInt(given.size() + 1);
                for (int i = 0; i < done; i++) {
                    finished.add(given.nextIndex());
                    call.cost.observe(random.nextInt(10_000_000), random.nextInt(1000));
                    given.finishNext();
                }
                if (done < given.size()) {
                    call.putBack(given.cutFrom(done));
                }
            }
            assertThat(finished)
                    .as("each once and in order, script %d", seed)
                    .containsExactlyElementsOf(
                            LongStream.range(0, items).boxed().toList());
        }
    }
}
