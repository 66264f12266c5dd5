// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PromiseTest
class DeathCostsOneItemTest {
    private static final int ROUNDS = Integer.getInteger("multijvm.rounds", 2);
    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    @TempDir
    Path directory;

    private static int runOrDie(String file, Faults.Death how, int item) throws Exception {
        Faults.count(Path.of(file), item);
        if (item == 37) {
            Faults.die(how);
        }
        return item * item;
    }

    @ParameterizedTest
    @EnumSource
    void theItemThatEndsItsJvmFailsAloneAndNoOtherIsRunTwice(Faults.Death how) throws IOException {
        long begin = System.nanoTime();
        try (Pool pool = Pool.processes(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                String file = directory.resolve("runs-" + round).toString();
                List<Outcome<Integer, Integer>> outcomes = pool
                        .with(o -> o.chunkSize(10))
                        .<Integer, Integer>outcomes(item -> runOrDie(file, how, item), HUNDRED)
                        .stream()
                        .toList();

                assertThat(outcomes).hasSize(100);
                for (int i = 0; i < 100; i++) {
                    assertThat(outcomes.get(i).index()).isEqualTo(i);
                    assertThat(outcomes.get(i).item()).isEqualTo(i);
                    if (i != 37) {
                        assertThat(outcomes.get(i).orElseThrow()).isEqualTo(i * i);
                    }
                }
                assertThat(outcomes.get(37)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.CRASH);
                    assertThat(failure.error()).hasMessageContaining("item 37");
                    CrashReport report =
                            ((Outcome.Failure<?, ?>) failure).error().report().orElseThrow();
                    assertThat(report.index()).hasValue(37);
                    checkReport(how, report);
                });
                assertThat(Faults.counts(Path.of(file)))
                        .hasSize(100)
                        .allSatisfy((item, times) ->
                                assertThat(times).as("runs of item " + item).isEqualTo(1));
                assertThat(pool.<Integer>apply(() -> 42)).isEqualTo(42);
            }
        }
        System.out.printf(
                "%s: %d rounds of 100 items in chunks of 10: 99 results and one failure each, no item run twice, %.1f s%n",
                how, ROUNDS, (System.nanoTime() - begin) / 1e9);
    }

    private static void checkReport(Faults.Death how, CrashReport report) {
        switch (how) {
            case HALT -> {
                assertThat(report.kind()).isEqualTo(DeathKind.HALT);
                assertThat(report.exitCode()).hasValue(9);
            }
            case EXIT -> {
                assertThat(report.kind()).isEqualTo(DeathKind.EXIT);
                assertThat(report.exitCode()).hasValue(300 % 256);
                assertThat(report.javaFrames()).anyMatch(frame -> frame.contains("Faults.die"));
            }
            case SEGMENTATION_FAULT -> {
                assertThat(report.kind()).isEqualTo(DeathKind.NATIVE_CRASH);
                assertThat(report.what()).contains("SIGSEGV", "it touched address 0x0");
                assertThat(report.memory().resident())
                        .as("by the fatal-error log")
                        .isPositive();
            }
            case KILL -> {
                assertThat(report.kind()).isEqualTo(DeathKind.KILLED);
                assertThat(report.signal()).hasValue(9);
            }
        }
    }

    private static int dieOnce(String file, int item) throws Exception {
        Path path = Path.of(file);
        Faults.count(path, item);
        if (item == 5 && Faults.counts(path).getOrDefault(5, 0) == 1) {
            Faults.die(Faults.Death.HALT);
        }
        return item;
    }

    @Test
    void anItemIsBegunAgainOnlyIfRetriesSaySo() throws IOException {
        String file = directory.resolve("runs").toString();
        try (Pool pool = Pool.processes(2)) {
            List<Outcome<Integer, Integer>> outcomes = pool
                    .with(o -> o.retries(1).chunkSize(5))
                    .<Integer, Integer>outcomes(
                            item -> dieOnce(file, item),
                            IntStream.range(0, 20).boxed().toList())
                    .stream()
                    .toList();

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.orElseThrow()).isEqualTo(outcome.item()));
            assertThat(outcomes.get(5).attempts()).isEqualTo(2);
        }
        assertThat(Faults.counts(Path.of(file)).get(5)).isEqualTo(2);
    }
}
