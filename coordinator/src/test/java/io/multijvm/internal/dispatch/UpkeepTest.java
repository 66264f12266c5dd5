// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the dispatcher does beside items, with played workers on virtual time. */
@Timeout(120)
class UpkeepTest {
    private static final byte[] FUNCTION = {1};

    @TempDir
    Path directory;

    private Stage initialising(int slots) {
        Stage stage = new Stage(slots, directory, FUNCTION, null);
        stage.turn();
        return stage;
    }

    @Test
    void aWorkerGetsNoItemBeforeItsInitFunctionHasRun() {
        Stage stage = initialising(1);
        stage.call(3, CallSettings.DEFAULTS.withChunkSize(3));
        stage.loop.run(Duration.ofSeconds(4));
        assertThat(stage.worker(0).heard).containsExactly("set up");
        stage.worker(0).initialised("");
        stage.turn();
        assertThat(stage.worker(0).heard).containsExactly("set up", "chunk of 3");
        stage.runAll();
        assertThat(stage.outcomes).hasSize(3);
    }

    @Test
    void threeInitsThatFailInARowBreakThePoolWithTheLastOnesException() {
        Stage stage = initialising(1);
        stage.call(3, CallSettings.DEFAULTS);
        for (int i = 1; i <= 3; i++) {
            assertThat(stage.starts).isEqualTo(i);
            stage.worker(0).initialised("no database, try " + i);
            stage.loop.run(Duration.ofSeconds(3));
        }
        assertThat(stage.starts).isEqualTo(3);
        assertThat(stage.abandoned)
                .singleElement()
                .isInstanceOfSatisfying(
                        PoolBrokenException.class,
                        broken -> assertThat(broken)
                                .hasMessageContaining("init function failed in worker 0 (pid 1200)")
                                .cause()
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("no database, try 3"));
    }

    @Test
    void oneInitThatSucceedsAndIsOfUseForgivesThoseBeforeIt() {
        Stage stage = initialising(1);
        stage.call(4, CallSettings.DEFAULTS.withChunkSize(1));
        for (int round = 0; round < 3; round++) {
            stage.worker(0).initialised("not yet");
            stage.loop.run(Duration.ofSeconds(3));
            stage.worker(0).initialised("");
            stage.turn();
            stage.worker(0).finish(1);
            stage.turn();
            stage.worker(0).die();
            stage.loop.run(Duration.ofSeconds(3));
        }
        assertThat(stage.abandoned).isEmpty();
        assertThat(stage.outcomes).hasSize(3);
    }

    @Test
    void anInitThatDoesNotEndIsInterruptedThenAskedToEndThenKilled() {
        Stage stage = initialising(1);
        FakeWorker worker = stage.worker(0);
        worker.beginInit();
        stage.loop.run(Duration.ofSeconds(20));
        assertThat(worker.heard).containsExactly("set up", "time-out of 0 at 5000", "TERM at 6000", "KILL at 7000");
        assertThat(stage.starts).as("another one is tried").isEqualTo(2);
    }

    @Test
    void theTimeOfAnInitCountsFromItsOwnBeginning() {
        Stage stage = initialising(1);
        FakeWorker worker = stage.worker(0);
        stage.loop.run(Duration.ofSeconds(3));
        worker.beginInit();
        stage.loop.run(Duration.ofMillis(4900));
        assertThat(worker.heard).containsExactly("set up");
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(worker.heard).contains("time-out of 0 at 8000");
    }

    @Test
    void functionsThatAreNeverDecodedAreGivenUp() {
        Stage stage = initialising(1);
        stage.loop.run(Duration.ofSeconds(29));
        assertThat(stage.worker(0).heard).containsExactly("set up");
        stage.loop.run(Duration.ofSeconds(5));
        assertThat(stage.worker(0).heard).containsExactly("set up");
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void aDeathInInitIsToldAsADeath() {
        Stage stage = initialising(2);
        stage.call(3, CallSettings.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            stage.worker(i % 2).die();
            stage.loop.run(Duration.ofSeconds(1));
        }
        assertThat(stage.abandoned).singleElement().isInstanceOfSatisfying(PoolBrokenException.class, broken -> {
            assertThat(broken).hasMessageContaining("died in the init function: died in a script");
            assertThat(broken).hasCauseInstanceOf(WorkerCrashedException.class);
        });
    }

    /** Within the window there is never more than one. */
    @Test
    void anInitThatFailsSlowlyBreaksThePoolAfterAsManyStartsAndNamesTheLastThreeCauses() {
        CrewPlan plan = new CrewPlan(
                1,
                0,
                CrewPlan.Recycling.NEVER,
                null,
                new CrewPlan.RestartLimit(3, Duration.ofSeconds(10)),
                Duration.ofSeconds(10),
                1,
                false);
        Stage stage = new Stage(plan, directory, FUNCTION, null, Long.MAX_VALUE);
        stage.call(3, CallSettings.DEFAULTS);
        for (String why : List.of("no database", "no room", "no licence")) {
            stage.loop.run(Duration.ofSeconds(20));
            stage.worker(0).initialised(why);
            stage.loop.run(Duration.ofSeconds(3));
        }
        assertThat(stage.starts).isEqualTo(3);
        assertThat(stage.abandoned)
                .singleElement()
                .isInstanceOf(PoolBrokenException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .containsSubsequence("no licence", "before that: ", "no room", "before that: ", "no database");
    }

    @Test
    void startsThatFailAlikeAreCountedAndNotRepeated() {
        Stage stage = initialising(1);
        stage.call(3, CallSettings.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            stage.worker(0).initialised("no database");
            stage.loop.run(Duration.ofSeconds(3));
        }
        assertThat(stage.abandoned)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .containsOnlyOnce("no database")
                .endsWith("2 more starts failed so before it");
    }

    @Test
    void aPoolThatIsClosedWhileAWorkerInitialisesEndsItAtOnce() {
        Stage stage = initialising(1);
        var stopped = stage.dispatcher.stop(false);
        stage.turn();
        assertThat(stage.worker(0).heard).containsExactly("set up", "KILL at 0");
        assertThat(stopped).isDone();
        assertThat(stage.starts).isEqualTo(1);
    }

    @Test
    void aWorkerHasTimeForItsExitFunctionAfterGoodbye() {
        Stage stage = new Stage(1, directory, null, FUNCTION);
        stage.turn();
        stage.worker(0).initialised("");
        stage.turn();
        stage.worker(0).leavesWhenTold = false;
        var stopped = stage.dispatcher.stop(false);
        stage.loop.run(Duration.ofMillis(4900));
        assertThat(stage.worker(0).heard).containsExactly("set up", "bye");
        stage.loop.run(Duration.ofSeconds(3));
        assertThat(stage.worker(0).heard)
                .as("two seconds for hooks, three for the function")
                .containsExactly("set up", "bye", "TERM at 5000", "KILL at 6000");
        assertThat(stopped).isDone();
    }

    @Test
    void anItemThatIsBegunAgainIsAnnouncedWithItsAttempt() {
        Stage stage = new Stage(1, directory);
        stage.call(4, CallSettings.DEFAULTS.withChunkSize(4).withRetries(1));
        stage.turn();
        stage.worker(0).finish(1);
        stage.worker(0).begin();
        stage.turn();
        stage.worker(0).die();
        stage.loop.run(Duration.ofMillis(100));
        assertThat(stage.worker(0).heard).contains("attempt 2 of 0").doesNotContain("attempt 2 of 1");
        stage.runAll();
        assertThat(stage.outcomes).hasSize(4);
        assertThatThrownBy(() -> stage.outcome(9)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aWantedValueIsSentOrSaidToBeGone() {
        Stage stage = new Stage(2, directory);
        stage.turn();
        FakeWorker worker = stage.worker(1);
        stage.loop.execute(() -> worker.listener.wanted(5, 7));
        stage.loop.execute(() -> worker.listener.wanted(5, 8));
        stage.turn();
        stage.dispatcher.unshare(5, 7);
        stage.turn();
        assertThat(worker.heard).containsExactly("shared 5 7 1 B", "shared 5 8 gone", "unshare 5 7");
        assertThat(stage.worker(0).heard).containsExactly("unshare 5 7");
    }
}
