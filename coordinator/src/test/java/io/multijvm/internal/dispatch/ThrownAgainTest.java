// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.wire.v1.FailurePhase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Items whose task throws, with played workers on virtual time. */
@Timeout(60)
class ThrownAgainTest {
    private static final CallSettings TWICE_MORE = CallSettings.DEFAULTS
            .withChunkSize(3)
            .withRetries(2)
            .withRetryOn(List.of(FailureKind.TASK, FailureKind.CRASH));

    @TempDir
    Path directory;

    private static void throwOne(FakeWorker worker) {
        assertThat(worker.hasWork()).isTrue();
        worker.begin();
        worker.commitFailure(FailurePhase.FAILURE_PHASE_RUN);
        worker.ring();
    }

    @Test
    void anItemThatThrowsIsBegunAgainAloneAndKnowsWhichAttemptItIs() {
        Stage stage = new Stage(1, directory);
        stage.call(3, TWICE_MORE);
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.finish(1);
        throwOne(worker);
        worker.finish(1);
        stage.turn();
        assertThat(stage.outcomes).containsOnlyKeys(0L, 2L);
        stage.runAll();

        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 1L);
        assertThat(stage.outcome(1).isValue()).isTrue();
        assertThat(stage.outcome(1).attempts()).isEqualTo(2);
        assertThat(worker.heard).containsSubsequence("attempt 2 of 0", "chunk of 1");
        assertThat(stage.dispatcher.stats().itemsRetried()).isEqualTo(1);
    }

    @Test
    void whatAnItemThrewAndTheWorkersThatItKilledCountTogether() {
        Stage stage = new Stage(1, directory);
        stage.call(1, TWICE_MORE);
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.loop.run(Duration.ofSeconds(1));
        throwOne(stage.worker(0));
        stage.loop.run(Duration.ofSeconds(1));
        assertThat(stage.outcomes).isEmpty();
        throwOne(stage.worker(0));
        stage.turn();

        assertThat(stage.outcome(0).isThrown()).isTrue();
        assertThat(stage.outcome(0).attempts()).isEqualTo(3);
        assertThat(stage.starts).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailurePhase.class,
            names = {"FAILURE_PHASE_DECODE_TASK", "FAILURE_PHASE_DECODE_ITEM", "FAILURE_PHASE_ENCODE_RESULT"})
    void whatCannotCrossHasFailedAtOnce(FailurePhase phase) {
        Stage stage = new Stage(1, directory);
        stage.call(1, TWICE_MORE);
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).commitFailure(phase);
        stage.worker(0).ring();
        stage.turn();

        assertThat(stage.outcome(0).isThrown()).isFalse();
        assertThat(stage.outcome(0).kind()).isEqualTo(FailureKind.PAYLOAD);
        assertThat(stage.outcome(0).attempts()).isEqualTo(1);
    }

    @Test
    void anItemOfACancelledCallThatThrowsIsNotBegunAgain() {
        Stage stage = new Stage(1, directory);
        CallState call = stage.call(3, TWICE_MORE);
        stage.turn();
        stage.worker(0).begin();
        stage.dispatcher.cancel(call, false);
        stage.turn();
        stage.worker(0).commitFailure(FailurePhase.FAILURE_PHASE_RUN);
        stage.worker(0).ring();
        stage.runAll();

        assertThat(stage.begun).containsExactly(0L);
        assertThat(call.over()).isTrue();
    }
}
