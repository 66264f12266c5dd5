// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.death.LifeSigns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that give no sign of life, or few, with played ones on virtual time. */
@Timeout(60)
class HungWorkersTest {
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final LifeSigns STOPPED = new LifeSigns(true, false, false, 70, 0);
    private static final LifeSigns ASLEEP = new LifeSigns(false, false, false, 70, 0);
    private static final LifeSigns HUNGRY = new LifeSigns(false, true, false, 70, 0);
    private static final LifeSigns AT_THE_DISK = new LifeSigns(false, false, true, 70, 0);

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), HungWorkersTest.class.getClassLoader(), AllowList.everything());

    private Stage stage;
    private FakeWorker worker;

    @BeforeEach
    void aWorkerThatRunsTheFirstOfFiveItems() {
        aWorkerThatRunsTheFirstOfFiveItems(CallSettings.DEFAULTS);
    }

    private void aWorkerThatRunsTheFirstOfFiveItems(CallSettings settings) {
        stage = new Stage(1, directory);
        stage.call(5, settings.withChunkSize(5));
        stage.turn();
        worker = stage.worker(0);
        worker.begin();
        worker.beat();
        // as its hello, which comes behind its first beat
        worker.ring();
        lives(Duration.ofSeconds(3));
    }

    /** The last beat is half a second old when this returns, and was seen a quarter of a second ago. */
    private void lives(Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minus(BEAT)) {
            worker.beat();
            stage.loop.run(BEAT);
        }
    }

    private void isSilent(LifeSigns signs, Duration time) {
        worker.signs = () -> signs;
        stage.loop.run(time);
    }

    private void hungSaying(String evidence) {
        stage.turn();
        assertThatThrownBy(() -> stage.outcome(0).open(codec))
                .isInstanceOfSatisfying(
                        WorkerCrashedException.class,
                        crash -> assertThat(crash.kind()).isEqualTo(FailureKind.CRASH))
                .hasMessageContaining("worker 0 (pid 1000) hung (" + evidence + ")");
        stage.runAll();
        assertThat(stage.outcomes).hasSize(5);
        assertThat(stage.begun).as("each item is begun once").containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(stage.starts).isEqualTo(2);
    }

    private void isWell() {
        assertThat(worker.heard).containsExactly("chunk of 5");
        worker.commit();
        worker.finish(4);
        stage.turn();
        assertThat(stage.outcomes).hasSize(5);
        assertThat(stage.starts).isEqualTo(1);
    }

    @Test
    void aStoppedWorkerIsEndedWithinTwoBeatsAndItsItemAloneFails() {
        isSilent(STOPPED, Duration.ofMillis(749));
        assertThat(worker.heard).containsExactly("chunk of 5");
        isSilent(STOPPED, Duration.ofMillis(1));
        assertThat(worker.heard).contains("KILL at 3750");
        hungSaying("no heartbeat for 1.0 s; its process is stopped, by a signal or a debugger");
    }

    @Test
    void aWorkerThatIsStoppedForLessThanABeatIsLeftAlone() {
        isSilent(STOPPED, Duration.ofMillis(450));
        lives(Duration.ofSeconds(2));
        isWell();
    }

    @Test
    void oneThatWritesAHeapDumpIsLeftAloneWhileThatGrows() {
        AtomicLong dumped = new AtomicLong(4096);
        worker.signs = () -> new LifeSigns(false, false, true, 70, dumped.addAndGet(1 << 20));
        stage.loop.run(Duration.ofMinutes(1));
        assertThat(worker.heard).containsExactly("chunk of 5");
        long last = dumped.get();
        isSilent(new LifeSigns(false, false, true, 70, last), Duration.ofSeconds(11));
        assertThat(worker.heard)
                .as("it grows no more")
                .hasSize(2)
                .last()
                .asString()
                .startsWith("KILL at ");
    }

    @Test
    void oneThatIsSilentButUsesCpuIsLeftAloneForTenSeconds() {
        AtomicLong ticks = new AtomicLong();
        worker.signs = () -> new LifeSigns(false, true, false, ticks.addAndGet(25), 0);
        stage.loop.run(Duration.ofMillis(9_700));
        assertThat(worker.heard).containsExactly("chunk of 5");
        lives(Duration.ofSeconds(1));
        isWell();
    }

    @Test
    void oneThatIsSilentForTenSecondsIsEndedWhateverItDoes() {
        AtomicLong ticks = new AtomicLong();
        worker.signs = () -> new LifeSigns(false, true, false, ticks.addAndGet(25), 0);
        stage.loop.run(Duration.ofMillis(10_250));
        hungSaying("no heartbeat for 10.0 s");
    }

    @Test
    void oneThatSleepsAndBeatsNoMoreIsEndedAfterTwoSeconds() {
        isSilent(ASLEEP, Duration.ofMillis(1_700));
        assertThat(worker.heard).containsExactly("chunk of 5");
        isSilent(ASLEEP, Duration.ofMillis(550));
        hungSaying("no heartbeat for 2.0 s, and it used no CPU");
    }

    @Test
    void oneThatGetsNoCoreStarvesAndIsNeverAccused() {
        isSilent(HUNGRY, Duration.ofMinutes(5));
        isWell();
    }

    @Test
    void oneThatWaitsForTheDiskHasTenSeconds() {
        isSilent(AT_THE_DISK, Duration.ofMillis(9_700));
        assertThat(worker.heard).containsExactly("chunk of 5");
        isSilent(AT_THE_DISK, Duration.ofMillis(50));
        hungSaying("no heartbeat for 10.0 s; it waits for a disk or for swapped pages");
    }

    @Test
    void whereTheSystemTellsNothingTenSecondsOfSilenceAreWaitedFor() {
        stage.loop.run(Duration.ofMillis(9_700));
        assertThat(worker.heard).containsExactly("chunk of 5");
        stage.loop.run(Duration.ofMillis(50));
        hungSaying("no heartbeat for 10.0 s");
    }

    @Test
    void timeThatTheCoordinatorMissedItselfIsNobodysSilence() {
        worker.signs = () -> STOPPED;
        for (int i = 0; i < 10; i++) {
            // both were stopped, and the coordinator looks before the worker has come to beat
            stage.loop.sleep(Duration.ofMinutes(1));
            stage.loop.run(Duration.ofMillis(300));
            lives(Duration.ofSeconds(1));
        }
        isWell();
    }

    @Test
    void anIdleWorkerThatHangsCostsNothingButItself() {
        worker.commit();
        worker.finish(4);
        stage.turn();
        lives(Duration.ofSeconds(1));
        isSilent(STOPPED, Duration.ofSeconds(1));
        assertThat(worker.heard).last().asString().startsWith("KILL");
        stage.runAll();
        assertThat(stage.outcomes)
                .hasSize(5)
                .allSatisfy((index, outcome) -> assertThat(outcome.isFailure()).isFalse());
        assertThat(stage.starts).isEqualTo(2);
    }

    @Test
    void oneThatDiesWhileItIsAskedAfterIsNotTakenForItsSuccessor() {
        worker.signs = () -> {
            worker.die();
            return STOPPED;
        };
        stage.loop.run(Duration.ofMillis(1_500));
        assertThat(stage.worker(0)).isNotSameAs(worker);
        assertThat(stage.workers).allSatisfy(each -> assertThat(each.heard).noneMatch(said -> said.startsWith("KILL")));
        assertThatThrownBy(() -> stage.outcome(0).open(codec)).hasMessageContaining("died in a script");
        stage.runAll();
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void anItemWhoseOwnTimeWasOverBeforeItsWorkerWasEndedHasTimedOut() {
        aWorkerThatRunsTheFirstOfFiveItems(CallSettings.DEFAULTS.withItemTimeout(Duration.ofMillis(3_200)));
        isSilent(STOPPED, Duration.ofSeconds(1));
        assertThat(worker.heard).contains("time-out of 0 at 3200", "KILL at 3750");
        assertThatThrownBy(() -> stage.outcome(0).open(codec)).isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void aHangIsACrashToRetries() {
        aWorkerThatRunsTheFirstOfFiveItems(CallSettings.DEFAULTS.withRetries(1));
        isSilent(STOPPED, Duration.ofSeconds(1));
        stage.runAll();
        assertThat(stage.begun).containsExactly(0L, 0L, 1L, 2L, 3L, 4L);
        assertThat(stage.outcome(0).isFailure()).isFalse();
    }

    @Test
    void aResultThatWasCommittedBeforeTheHangCounts() {
        worker.commit();
        isSilent(STOPPED, Duration.ofSeconds(1));
        stage.runAll();
        assertThat(stage.outcome(0).isFailure()).isFalse();
        assertThat(stage.begun).containsExactly(0L, 1L, 2L, 3L, 4L);
    }
}
