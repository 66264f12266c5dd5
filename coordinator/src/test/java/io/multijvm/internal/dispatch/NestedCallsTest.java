// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that give work to their own pool, with played workers on virtual time. */
class NestedCallsTest {
    private static final long CALL = 7;

    @TempDir
    Path directory;

    /** The worker's item makes a call of so many items, and waits for it. */
    private static void asks(Stage stage, FakeWorker worker, int items) {
        stage.loop.execute(() -> {
            worker.listener.nested(new NestedSaid.Begin(
                    CALL,
                    new byte[0],
                    CallSettings.DEFAULTS.withChunkSize(1),
                    CallState.Kind.LIST,
                    items,
                    1,
                    worker.chunks.getFirst().id,
                    0));
            ItemBlock.Builder block = new ItemBlock.Builder(0, 1000);
            for (int i = 0; i < items; i++) {
                block.add(new byte[1]);
            }
            worker.listener.nested(new NestedSaid.Items(CALL, block.build()));
            worker.listener.nested(new NestedSaid.InputEnded(CALL));
            worker.listener.nested(new NestedSaid.Waiting(CALL, true));
        });
        stage.turn();
    }

    private static void says(Stage stage, FakeWorker worker, NestedSaid said) {
        stage.loop.execute(() -> worker.listener.nested(said));
        stage.turn();
    }

    private Stage busy(int slots, int items) {
        Stage stage = new Stage(slots, directory);
        stage.call(items, CallSettings.DEFAULTS.withChunkSize(1));
        stage.turn();
        stage.worker(0).begin();
        return stage;
    }

    @Test
    void aFreeWorkerGetsTheItemAndTheOneThatAskedItsOutcome() {
        Stage stage = busy(2, 1);
        FakeWorker asker = stage.worker(0);
        asks(stage, asker, 1);

        assertThat(stage.worker(1).heard).containsExactly("chunk of 1");
        assertThat(asker.heard).doesNotContain("run 0..1 of your own call 7");

        stage.worker(1).finish(1);
        stage.turn();
        assertThat(asker.heard).contains("item 0 of your own call 7 has its outcome");
    }

    @Test
    void whereNobodyIsFreeTheOneThatWaitsRunsItsItemsItselfOneGrantAfterTheOther() {
        Stage stage = busy(1, 1);
        FakeWorker asker = stage.worker(0);
        asks(stage, asker, 2);
        assertThat(asker.heard).containsExactly("chunk of 1", "run 0..1 of your own call 7");

        says(stage, asker, new NestedSaid.Ran(CALL, 0, 1, 1000, 1, null, false));
        assertThat(asker.heard).endsWith("run 1..2 of your own call 7");

        says(stage, asker, new NestedSaid.Ran(CALL, 1, 1, 1000, 1, null, false));
        asker.commit();
        asker.ring();
        stage.turn();
        assertThat(stage.outcomes).containsOnlyKeys(0L);
    }

    @Test
    void whatTheAskerHadNotBegunIsTakenBackAndItGetsNothingMoreUntilItGoesOn() {
        Stage stage = busy(1, 3);
        FakeWorker asker = stage.worker(0);
        assertThat(asker.heard).containsExactly("chunk of 1", "chunk of 1");
        asks(stage, asker, 1);
        stage.loop.run(Duration.ofMillis(5));

        assertThat(asker.heard)
                .contains("recall all")
                .filteredOn("chunk of 1"::equals)
                .hasSize(2);

        says(stage, asker, new NestedSaid.Ran(CALL, 0, 1, 1000, 1, null, false));
        assertThat(asker.heard).filteredOn("chunk of 1"::equals).hasSizeGreaterThan(2);
    }

    @Test
    void theDeathOfTheOneThatAskedStopsWhatItAskedFor() {
        Stage stage = busy(2, 1);
        asks(stage, stage.worker(0), 1);
        FakeWorker other = stage.worker(1);
        other.begin();

        stage.worker(0).die();
        stage.turn();

        assertThat(other.heard).contains("cancel -1");
    }

    @Test
    void theEndOfTheOuterItemByItsTimeLimitStopsWhatItAskedFor() {
        Stage stage = new Stage(2, directory);
        stage.call(1, CallSettings.DEFAULTS.withItemTimeout(Duration.ofSeconds(1)));
        stage.turn();
        FakeWorker asker = stage.worker(0);
        asker.begin();
        asks(stage, asker, 1);
        stage.worker(1).begin();

        stage.loop.run(Duration.ofMillis(1100));

        assertThat(asker.heard).contains("no more of your own call 7");
        assertThat(stage.worker(1).heard).contains("cancel -1");
    }

    @Test
    void aPoolThatClosesStillTakesWhatItsRunningTasksAskFor() {
        Stage closing = busy(1, 1);
        var closed = closing.dispatcher.stop(false);
        closing.turn();
        asks(closing, closing.worker(0), 1);
        assertThat(closing.worker(0).heard).contains("run 0..1 of your own call 7");
        assertThat(closed).isNotDone();
    }
}
