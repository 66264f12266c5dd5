// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items that kill their workers, with played workers on virtual time. */
@Timeout(60)
class QuarantineTest {
    private static final CallSettings ONE_BY_ONE =
            CallSettings.DEFAULTS.withChunkSize(1).withRetries(9);

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), QuarantineTest.class.getClassLoader(), AllowList.everything());

    /** Runs everything; a worker that begins the item dies, with these exit codes one after the other and then the last. */
    private static void poison(Stage stage, long item, int... exitCodes) {
        int deaths = 0;
        for (int i = 0; i < 200; i++) {
            stage.loop.run(Duration.ofMillis(500));
            for (FakeWorker worker : List.copyOf(stage.workers)) {
                if (!worker.hasWork()) {
                    continue;
                }
                worker.begin();
                if (stage.begun.get(stage.begun.size() - 1) == item) {
                    worker.exitCode = exitCodes[Math.min(deaths++, exitCodes.length - 1)];
                    worker.die();
                } else {
                    worker.commit();
                    worker.ring();
                }
            }
        }
    }

    private static CrashReport report(WorkerCrashedException death) {
        return death.report().orElseThrow();
    }

    private CrashReport reportOf(Stage stage, long item) {
        try {
            Object none = stage.outcome(item).open(codec);
            throw new AssertionError("item " + item + " has a result: " + none);
        } catch (WorkerCrashedException e) {
            return report(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anItemIsQuarantinedAfterExactlyAsManyDeathsAsTheLimitSaysAndTheOthersSucceed(int limit) {
        Stage stage = new Stage(2, directory);
        stage.call(8, ONE_BY_ONE.withCrashLimit(limit));
        poison(stage, 3, 9);

        assertThat(Collections.frequency(stage.begun, 3L)).isEqualTo(limit);
        assertThat(stage.begun).hasSize(7 + limit);
        assertThat(stage.outcomes).hasSize(8);
        assertThat(stage.outcomes.values())
                .filteredOn(outcome -> outcome.isFailure())
                .hasSize(1);
        assertThat(stage.outcome(3).attempts()).isEqualTo(limit);
        assertThat(reportOf(stage, 3).verdict()).contains("quarantined", "(crash limit " + limit + ")");
        assertThat(stage.starts).isEqualTo(2 + limit);
    }

    @Test
    void anItemThatDiesAsBeforeIsSaidToBeTheCause() {
        Stage stage = new Stage(1, directory);
        stage.call(4, ONE_BY_ONE);
        poison(stage, 3, 9);

        assertThat(reportOf(stage, 3).verdict())
                .isEqualTo("same end as attempt 1: looks tied to this item, not to chance;"
                        + " quarantined, for it has killed 2 workers (crash limit 2)");
        assertThat(reportOf(stage, 3).summary().lines())
                .filteredOn(line -> line.contains("verdict"))
                .containsExactly("  verdict: same end as attempt 1: looks tied to this item, not to chance;"
                        + " quarantined, for it has killed 2 workers (crash limit 2)");
    }

    @Test
    void anItemThatDiesInAnotherWayIsSaidToHaveHadBadLuck() {
        Stage stage = new Stage(1, directory);
        stage.call(4, ONE_BY_ONE.withCrashLimit(3));
        poison(stage, 3, 9, 8, 9);

        assertThat(reportOf(stage, 3).verdict()).startsWith("same end as attempt 1");
        assertThat(stage.kept)
                .singleElement()
                .satisfies(dead -> assertThat(dead.deaths())
                        .extracting(death -> death.report().verdict())
                        .satisfiesExactly(
                                first -> assertThat(first).isEmpty(),
                                second -> assertThat(second)
                                        .isEqualTo("another death than attempt 1 (died in a script):"
                                                + " looks like chance or the machine"),
                                third -> assertThat(third).startsWith("same end as attempt 1")));
    }

    @Test
    void aFirstDeathWithoutRetriesHasNoVerdict() {
        Stage stage = new Stage(1, directory);
        stage.call(4, CallSettings.DEFAULTS.withChunkSize(1));
        poison(stage, 3, 9);
        assertThat(reportOf(stage, 3).verdict()).isEmpty();
        assertThat(reportOf(stage, 3).summary()).doesNotContain("verdict");
    }

    @Test
    void aWorkerThatIsEndedForALateItemCountsForNoneOfTheOthers() {
        Stage stage = new Stage(1, directory);
        stage.call(
                2,
                CallSettings.DEFAULTS
                        .withChunkSize(2)
                        .withItemTimeout(Duration.ofSeconds(1))
                        .withRetries(1)
                        .withCrashLimit(1));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.run(Duration.ofMillis(1999));
        worker.commit();
        worker.begin(); // and rings no bell, so that the late item seems to run on
        stage.loop.run(Duration.ofMillis(500));
        assertThat(worker.heard).contains("TERM at 2000");
        worker.die();
        stage.runAll();

        assertThatThrownBy(() -> stage.outcome(0).open(codec)).isInstanceOf(TaskTimeoutException.class);
        assertThat(stage.outcome(1).isValue()).as("begun again").isTrue();
        assertThat(stage.begun).containsExactly(0L, 1L, 1L);
    }

    @Test
    void whatIsGivenUpIsKeptAndItsReportSaysWhere() {
        Stage stage = new Stage(1, directory);
        stage.keptAt = Path.of("/letters/item-3");
        stage.call(4, ONE_BY_ONE);
        poison(stage, 3, 9);

        assertThat(stage.kept).singleElement().satisfies(dead -> {
            assertThat(dead.index()).isEqualTo(3);
            assertThat(dead.block().firstIndex()).isZero();
            assertThat(dead.deaths()).hasSize(2);
        });
        assertThat(reportOf(stage, 3).verdict()).endsWith("; to run it again alone: multijvm replay /letters/item-3");
    }

    @Test
    void anItemThatCannotBeKeptHasFailedAllTheSame() {
        Stage stage = new Stage(1, directory);
        stage.call(4, CallSettings.DEFAULTS.withChunkSize(1));
        poison(stage, 3, 9);
        assertThat(stage.kept).hasSize(1);
        assertThat(stage.outcomes).hasSize(4);
        assertThat(reportOf(stage, 3).what()).isEqualTo("died in a script");
    }

    @Test
    void anItemThatSucceedsAfterItsDeathIsNotKept() {
        Stage stage = new Stage(1, directory);
        stage.call(2, ONE_BY_ONE);
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.runAll();
        assertThat(stage.outcome(0).isValue()).isTrue();
        assertThat(stage.kept).isEmpty();
    }

    /** Finding out why takes time, and the letter more; nobody waits for either once the call's time is over. */
    @Test
    void anItemWhoseDeathIsStillBeingExplainedHasItsOutcomeAtTheDeadline() {
        Stage stage = new Stage(1, directory);
        Queue<Runnable> later = new ArrayDeque<>();
        stage.support = later::add;
        CallState call = stage.call(2, ONE_BY_ONE.withDeadline(Duration.ofSeconds(3)));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.loop.run(Duration.ofSeconds(3));

        assertThatThrownBy(() -> stage.outcome(0).open(codec))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("its worker had died, and why was being found out");
        while (!later.isEmpty()) {
            later.remove().run();
            stage.loop.run(Duration.ofSeconds(1));
        }
        assertThat(stage.outcomes).hasSize(2);
        assertThat(stage.kept).isEmpty();
        assertThat(call.over()).isTrue();
    }

    @Test
    void aPoolThatIsTerminatedWaitsForTheLetterThatIsBeingWritten() {
        Stage stage = new Stage(1, directory);
        Queue<Runnable> later = new ArrayDeque<>();
        stage.support = later::add;
        stage.call(1, CallSettings.DEFAULTS);
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.turn();
        while (stage.kept.isEmpty()) {
            later.remove().run(); // the last one writes it, and tells so in the turn to come
            if (stage.kept.isEmpty()) {
                stage.turn();
            }
        }
        var stopped = stage.dispatcher.stop(true);
        stage.loop.run(Duration.ofSeconds(5));
        while (!later.isEmpty()) {
            later.remove().run();
            stage.loop.run(Duration.ofSeconds(5));
        }
        assertThat(stopped).isDone();
        assertThat(stage.alive()).isZero();
    }

    // ---- what deaths have in common

    private static DeathMark mark(int signal, String nativeFrame, String javaFrame) {
        return DeathMark.of(
                FailureKind.CRASH,
                new CrashReport(
                        DeathKind.NATIVE_CRASH,
                        Instant.EPOCH,
                        "killed",
                        OptionalInt.empty(),
                        OptionalInt.of(signal),
                        CrashReport.Item.of(1, 1, Optional.empty()),
                        new CrashReport.Worker(0, 1, 4711, 0),
                        CrashReport.Memory.UNKNOWN,
                        nativeFrame,
                        List.of(javaFrame),
                        List.of(),
                        List.of(),
                        "",
                        "look"));
    }

    @Test
    void addressesAndWhatTheCompilerMadeOfAMethodTellNoDeathsApart() {
        assertThat(mark(
                        11,
                        "V  [libjvm.so+0xe1]  Unsafe_PutLong+0xac",
                        "J 345% c2 a.Poison.take(I)I (9 bytes) @ 0x00007f1"))
                .isEqualTo(mark(11, "V  [libjvm.so+0xe1]  Unsafe_PutLong+0xac", "j  a.Poison.take(I)I+5"));
        assertThat(mark(11, "C  0x00007fabcdef0123", "")).isEqualTo(mark(11, "C  0x00007f0123456789", ""));
    }

    @Test
    void anotherFrameOrSignalIsAnotherDeath() {
        DeathMark one = mark(11, "C  [libpdf.so+0x18]  load", "j  a.Poison.take(I)I+5");
        assertThat(one).isNotEqualTo(mark(11, "C  [libpdf.so+0x20]  free", "j  a.Poison.take(I)I+5"));
        assertThat(one).isNotEqualTo(mark(11, "C  [libpdf.so+0x18]  load", "j  a.Poison.give(I)I+5"));
        assertThat(one).isNotEqualTo(mark(7, "C  [libpdf.so+0x18]  load", "j  a.Poison.take(I)I+5"));
        assertThat(one.likeness()).isEqualTo("same frame");
        assertThat(mark(9, "", "").likeness()).isEqualTo("same end");
    }
}
