// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers that somebody stops from outside, so that they neither die nor live. */
@SharedPoolTest
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nothing tells a stopped process from a slow one at once")
class HungWorkerTest {
    private static final int STOPS_ITSELF = 37;
    private static final long TWO_BEATS_MILLIS = 1_000;

    private Pool pool = unopened();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void openPool() {
        pool = Pool.processes(2);
    }

    @AfterAll
    void closePool() {
        pool.close();
    }

    private static void shell(String script) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/sh", "-c", script).start().waitFor();
        assertThat(code).as(script).isZero();
    }

    private List<Long> pids() {
        return pool.broadcast(() -> ProcessHandle.current().pid());
    }

    private static int stopOn37(String runs, String stoppedAt, int item) throws IOException {
        Faults.count(Path.of(runs), item);
        if (item == STOPS_ITSELF) {
            Files.writeString(Path.of(stoppedAt), Long.toString(System.currentTimeMillis()));
            new ProcessBuilder(
                            "kill",
                            "-STOP",
                            Long.toString(ProcessHandle.current().pid()))
                    .start();
            long sum = 0;
            while (sum >= 0) {
                sum = (sum + 7) & Long.MAX_VALUE;
            }
        }
        return item;
    }

    @Test
    void aBusyWorkerThatIsStoppedCostsItsItemAndIsReplacedInTwoBeats(@TempDir Path directory) throws IOException {
        String runs = directory.resolve("runs").toString();
        String stoppedAt = directory.resolve("stopped-at").toString();
        List<Long> before = pids();
        long[] told = new long[1];
        List<Outcome<Integer, Integer>> outcomes = pool
                .with(o -> o.chunkSize(10))
                .<Integer, Integer>outcomes(
                        item -> stopOn37(runs, stoppedAt, item),
                        IntStream.range(0, 100).boxed().toList())
                .stream()
                .peek(outcome -> told[0] = outcome.index() == STOPS_ITSELF ? System.currentTimeMillis() : told[0])
                .toList();
        long millis = told[0] - Long.parseLong(Files.readString(Path.of(stoppedAt)));
        List<Long> after = pids();

        assertThat(outcomes).hasSize(100);
        for (Outcome<Integer, Integer> outcome : outcomes) {
            if (outcome.index() != STOPS_ITSELF) {
                assertThat(outcome.orElseThrow()).isEqualTo(outcome.item());
            }
        }
        assertThat(outcomes.get(STOPS_ITSELF)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.CRASH);
            assertThat(failure.error())
                    .isInstanceOf(WorkerCrashedException.class)
                    .hasMessageContaining("item 37: worker ")
                    .message()
                    .containsPattern(" hung \\(no heartbeat for [1-9][0-9]*\\.[0-9] s; its process is stopped");
        });
        assertThat(Faults.counts(Path.of(runs)))
                .as("no innocent item is run twice")
                .hasSize(100)
                .allSatisfy((item, times) -> assertThat(times).isEqualTo(1));
        assertThat(after).hasSize(2).isNotEqualTo(before);
        assertThat(millis).isBetween(TWO_BEATS_MILLIS / 2, 20_000L);
        System.out.printf(
                "busy worker stopped by SIGSTOP: its item failed %d ms later, 99 others right, none run twice%n",
                millis);
    }

    @Test
    void anIdleWorkerThatIsStoppedIsReplacedAndTheNextCallWorks() throws Exception {
        List<Long> before = pids();
        long begin = System.nanoTime();
        shell("kill -STOP " + before.get(1));
        assertThat(pids()).hasSize(2).doesNotContain(before.get(1)).contains(before.get(0));
        System.out.printf(
                "idle worker stopped by SIGSTOP: a call that needs its place answered %d ms later%n",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Test
    void aWorkerThatIsStoppedForLessThanABeatGoesOnAsIfNothingHadBeen() throws Exception {
        List<Long> before = pids();
        for (int trial = 1; !isStoppedForLessThanABeat(before.get(0)); trial++) {
            assertThat(trial)
                    .as("trials on a machine that is too busy for such a short stop")
                    .isLessThan(50);
            before = pids();
        }
        shell("sleep 1.5");
        assertThat(pids()).isEqualTo(before);
    }

    /** Stops it and lets it go on; whether that was as short as it should be. */
    private static boolean isStoppedForLessThanABeat(long pid) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        shell("kill -STOP " + pid + " && sleep 0.2; kill -CONT " + pid + " || true");
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) < TWO_BEATS_MILLIS / 2;
    }
}
