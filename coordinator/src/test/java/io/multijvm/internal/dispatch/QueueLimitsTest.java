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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Items that wait too long to be begun, with played workers on virtual time. */
@Timeout(60)
class QueueLimitsTest {
    private static final CallSettings ONE_SECOND =
            CallSettings.DEFAULTS.withQueueTimeout(Duration.ofSeconds(1)).withFinishOthers(true);

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), QueueLimitsTest.class.getClassLoader(), AllowList.everything());

    private void waitedInVain(Stage stage, long index) {
        assertThatThrownBy(() -> stage.outcome(index).open(codec))
                .isInstanceOfSatisfying(TaskTimeoutException.class, late -> {
                    assertThat(late.kind()).isEqualTo(FailureKind.TIMEOUT);
                    assertThat(late.ofQueue()).isTrue();
                    assertThat(late.ofWholeCall()).isFalse();
                })
                .hasMessageContaining("item " + index + ": waited longer than its queueTimeout of 1 s to be begun");
        assertThat(stage.outcome(index).attempts()).isZero();
    }

    @Test
    void itemsThatWaitTooLongFailThenAndAreNeverBegunThoughOneRuns() {
        Stage stage = new Stage(1, directory);
        CallState call = stage.call(4, ONE_SECOND.withChunkSize(1));
        stage.turn();
        stage.worker(0).begin();
        stage.loop.run(Duration.ofMillis(990));
        assertThat(stage.outcomes).isEmpty();
        stage.loop.run(Duration.ofMillis(30));
        // one of them lay at the worker, which gave it back
        assertThat(stage.worker(0).heard).containsExactly("chunk of 1", "chunk of 1", "recall all");
        for (long index = 1; index < 4; index++) {
            waitedInVain(stage, index);
        }
        stage.loop.run(Duration.ofSeconds(5));
        stage.worker(0).commit();
        stage.worker(0).ring();
        stage.turn();
        assertThat(stage.outcome(0).isFailure()).isFalse();
        assertThat(stage.begun).containsExactly(0L);
        assertThat(call.over()).isTrue();
    }

    @Test
    void theRestOfAChunkWaitsAtItsWorkerAndComesBack() {
        Stage stage = new Stage(1, directory);
        stage.call(5, ONE_SECOND.withChunkSize(5));
        stage.turn();
        stage.worker(0).finish(1);
        stage.worker(0).begin();
        stage.loop.run(Duration.ofMillis(1_020));
        assertThat(stage.outcomes.keySet()).containsExactly(0L, 2L, 3L, 4L);
        waitedInVain(stage, 2);
        stage.runAll();
        assertThat(stage.outcome(1).isFailure()).isFalse();
        assertThat(stage.begun).containsExactly(0L, 1L);
    }

    @Test
    void anItemThatItsWorkerBeginsBeforeItIsAskedForRuns() {
        Stage stage = new Stage(1, directory);
        stage.call(2, ONE_SECOND.withChunkSize(1));
        stage.turn();
        FakeWorker worker = stage.worker(0);
        worker.begin();
        stage.loop.run(Duration.ofMillis(990));
        worker.commit();
        worker.hasWork();
        worker.begin();
        stage.loop.run(Duration.ofSeconds(3));
        worker.commit();
        worker.ring();
        stage.turn();
        assertThat(stage.outcomes)
                .hasSize(2)
                .allSatisfy((index, outcome) -> assertThat(outcome.isFailure()).isFalse());
    }

    @Test
    void anItemThatIsToBeBegunAgainHasBeenBegunAndMayWait() {
        Stage stage = new Stage(1, directory);
        stage.call(1, ONE_SECOND.withRetries(1).withBackoff(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        stage.turn();
        stage.worker(0).begin();
        stage.worker(0).die();
        stage.loop.run(Duration.ofSeconds(3));
        assertThat(stage.outcomes).isEmpty();
        stage.runAll();
        assertThat(stage.outcome(0).isFailure()).isFalse();
        assertThat(stage.begun).containsExactly(0L, 0L);
    }

    @Test
    void itemsMovedFromADeadWorkerStillWaitAndAreRunIfTheirTimeIsNotOver() {
        Stage stage = new Stage(1, directory);
        stage.call(3, ONE_SECOND.withChunkSize(3));
        stage.turn();
        stage.worker(0).begin();
        stage.loop.run(Duration.ofMillis(500));
        stage.worker(0).die();
        stage.loop.run(Duration.ofMillis(100));
        stage.worker(0).finish(2);
        stage.turn();
        assertThat(stage.begun).containsExactly(0L, 1L, 2L);
        assertThat(stage.outcome(0).isFailure()).as("it died").isTrue();
        assertThat(stage.outcome(1).isFailure()).isFalse();
        assertThat(stage.outcome(2).isFailure()).isFalse();
    }

    @Test
    void aListThatDoesNotFinishOthersFailsWithTheFirstThatWaitedInVain() {
        Stage stage = new Stage(1, directory);
        stage.startUp = later -> {};
        stage.call(3, ONE_SECOND.withFinishOthers(false));
        stage.loop.run(Duration.ofMillis(1_020));
        waitedInVain(stage, 0);
        assertThat(stage.begun).isEmpty();
    }
}
