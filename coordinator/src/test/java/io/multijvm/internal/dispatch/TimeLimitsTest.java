// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Items that run too long, with played workers on virtual time. */
@Timeout(60)
class TimeLimitsTest {
    private static final CallSettings ONE_SECOND =
            CallSettings.DEFAULTS.withItemTimeout(Duration.ofSeconds(1)).withChunkSize(5);

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), TimeLimitsTest.class.getClassLoader(), AllowList.everything());

    @Test
    void theTimeCountsFromTheItemsOwnBeginning() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        for (int i = 0; i < 4; i++) {
            worker.begin();
            stage.loop.run(Duration.ofMillis(900));
            worker.commit();
        }
        worker.begin();
        stage.loop.run(Duration.ofMillis(999));
        assertThat(worker.heard).containsExactly("chunk of 5");
        stage.loop.run(Duration.ofMillis(1));
        assertThat(worker.heard).endsWith("time-out of 4 at 4600");
    }

    @Test
    void aLateItemThatFollowsItsInterruptHasTimedOutAndKeepsItsWorker() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.run(Duration.ofMillis(1500));
        worker.commit();
        worker.ring();
        stage.runAll();

        assertThatThrownBy(() -> stage.outcome(0).open(codec))
                .isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                    assertThat(late.limit()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(late.stack()).containsExactly("examples.Stuck.here(Stuck.java:1)");
                })
                .hasMessageContaining("item 0: timed out after 1 s in worker 0 (pid 1000)");
        assertThat(stage.starts).isEqualTo(1);
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void aLateItemThatDoesNotFollowCostsItsWorkerByStepsAndOnlyItself() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.finish(2);
        worker.begin();
        stage.loop.run(Duration.ofSeconds(4));
        assertThat(worker.heard)
                .containsExactly("chunk of 5", "time-out of 2 at 1000", "recall all", "TERM at 2000", "KILL at 3000");
        stage.runAll();

        assertThat(stage.outcomes).hasSize(5);
        assertThatThrownBy(() -> stage.outcome(2).open(codec)).isInstanceOf(TaskTimeoutException.class);
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    /** Its shutdown hooks hang: nothing runs there any more, but the process would stay, and close() wait for it. */
    @Test
    void aWorkerThatWasAskedToEndIsKilledThoughItsItemEndedMeanwhile() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.run(Duration.ofMillis(2500));
        assertThat(worker.heard).endsWith("TERM at 2000");
        worker.commit();
        worker.ring();
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(worker.heard).endsWith("KILL at 3000");

        stage.runAll();
        assertThat(stage.outcomes).hasSize(5);
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void aLateItemThatCostsAWorkerEachTimeHasAllItsRetriesForItHasKilledNone() {
        CallSettings patient = ONE_SECOND.withRetries(5).withRetryOn(List.of(FailureKind.TIMEOUT));
        assertThat(begunWith(patient.withCrashLimit(1))).containsExactly(0L, 0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void aLateItemThatFollowsItsInterruptCostsNoWorkerAndHasAllItsRetries() {
        Stage stage = new Stage(1, directory);
        stage.call(1, ONE_SECOND.withRetries(3).withRetryOn(List.of(FailureKind.TIMEOUT)));
        for (int i = 0; i < 5; i++) {
            stage.loop.run(Duration.ofMillis(100));
            if (stage.worker(0).hasWork()) {
                stage.worker(0).begin();
                stage.loop.run(Duration.ofMillis(1100));
                stage.worker(0).commit();
                stage.worker(0).ring();
            }
        }
        stage.turn();
        assertThat(stage.begun).containsExactly(0L, 0L, 0L, 0L);
        assertThat(stage.outcome(0).attempts()).isEqualTo(4);
        assertThat(stage.starts).isEqualTo(1);
    }

    @Test
    void aResultThatLiesInTheRingWhenTheTimeIsOverCameInTime() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        worker.commit();
        stage.loop.run(Duration.ofSeconds(2));

        assertThat(stage.outcome(0).length()).isEqualTo(1);
        assertThat(worker.heard).containsExactly("chunk of 5");
    }

    @Test
    void aThousandHangsInARowDoNotBreakThePool() {
        Stage stage = new Stage(1, directory);
        stage.call(1000, ONE_SECOND.withChunkSize(1));
        for (int i = 0; i < 1000; i++) {
            stage.loop.run(Duration.ofMillis(100));
            stage.worker(0).begin();
            stage.loop.run(Duration.ofSeconds(4));
        }

        assertThat(stage.abandoned).isEmpty();
        assertThat(stage.outcomes).hasSize(1000);
        assertThat(stage.starts).isEqualTo(1001);
    }

    @Test
    void aLateItemIsBegunAgainOnlyIfRetryOnSaysSo() {
        assertThat(begunWith(ONE_SECOND.withRetries(1))).containsExactly(0L);
        assertThat(begunWith(ONE_SECOND.withRetries(1).withRetryOn(List.of(FailureKind.TIMEOUT))))
                .containsExactly(0L, 0L);
    }

    private List<Long> begunWith(CallSettings settings) {
        Stage stage = new Stage(1, directory);
        stage.call(1, settings);
        for (int i = 0; i < 8; i++) {
            stage.loop.run(Duration.ofMillis(100));
            if (stage.worker(0).hasWork()) {
                stage.worker(0).begin();
            }
            stage.loop.run(Duration.ofSeconds(4));
        }
        assertThat(stage.outcomes).hasSize(1);
        return stage.begun;
    }

    @Test
    void aCallWithoutALimitIsNotStoppedByTheLimitOfAnother() {
        Stage stage = new Stage(1, directory);
        CallState unlimited = stage.call(1, CallSettings.DEFAULTS);
        stage.turn();
        stage.worker(0).begin();
        stage.loop.run(Duration.ofMinutes(1));

        assertThat(stage.worker(0).heard).containsExactly("chunk of 1");
        assertThat(unlimited.over()).isFalse();
    }
}
