// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.multijvm.internal.process.MemorySize;
import io.multijvm.worker.job.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of figures that are made up for it. */
class ReportTest {
    private static final Setup SERIAL = new Setup(Mode.SERIAL, 1);
    private static final Setup THREADS = new Setup(Mode.THREADS, 2);
    private static final Setup PROCESSES = new Setup(Mode.PROCESSES, 2);
    private static final FaultAt HALT = new FaultAt(Fault.HALT, 37);

    private final List<Trial> trials = new ArrayList<>();

    private static Trial trial(Setup setup, double wall, long ok, @Nullable FaultAt fault) {
        Map<String, Long> failures = ok == 400 ? Map.of() : Map.of("CRASH", 400 - ok);
        TrialMeasures measures =
                new TrialMeasures(ok, failures, 1, List.of(200_000L, 400_000L), 0, 0.5, "abcdef123456789", "");
        return new Trial(
                setup,
                1,
                false,
                fault,
                Trial.Ending.FINISHED,
                "",
                0,
                wall,
                400,
                measures,
                OptionalDouble.of(2),
                OptionalLong.of(setup.mode() == Mode.PROCESSES ? 300_000_000 : 100_000_000),
                0.25,
                List.of("-Xmx512m"));
    }

    private static Trial dead(Setup setup, @Nullable FaultAt fault) {
        return new Trial(
                setup,
                1,
                false,
                fault,
                Trial.Ending.DIED,
                "its JVM was killed by SIGSEGV: a | b",
                0,
                0.5,
                36,
                null,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                0,
                List.of());
    }

    private void runs(Setup setup, double... walls) {
        for (double wall : walls) {
            trials.add(trial(setup, wall, 400, null));
        }
    }

    private ComparisonReport report(int runs, FaultAt... faults) {
        ComparisonPlan plan = new ComparisonPlan(
                "jobs.Sample::doubled",
                400,
                List.of(SERIAL, THREADS, PROCESSES),
                runs,
                0,
                42,
                new HeapShares(new MemorySize(512 << 20)),
                List.of(faults),
                Duration.ofSeconds(60),
                false);
        return new ComparisonReport(plan, Environment.now(), trials, Sweep.NONE);
    }

    @Test
    void theFastestIsNamedWithItsRatiosToTheOthers() {
        runs(SERIAL, 4.0, 4.2);
        runs(THREADS, 3.0, 3.02);
        runs(PROCESSES, 2.0, 2.02);
        assertThat(report(2).text())
                .contains(
                        "processes/2 ran 1.50 ± 0.01 times faster than threads/2 and 2.04 ± 0.07 times faster than serial")
                .contains("results identical in all trials (400 of 400, sha256 abcdef123456)")
                .noneMatch(line -> line.startsWith("processes lose")
                        || line.contains("no difference")
                        || line.contains("warning"));
    }

    @Test
    void processesThatLoseAreSaidToLose() {
        runs(SERIAL, 1.0, 1.01);
        runs(THREADS, 0.6, 0.62);
        runs(PROCESSES, 2.0, 2.02);
        assertThat(report(2).text())
                .anyMatch(line -> line.startsWith("processes lose here: processes/2 took 1.40 s longer than threads/2"))
                .anyMatch(line -> line.startsWith("price of processes/2 against threads/2: +200 MB of memory"));
    }

    @Test
    void timesThatOverlapHaveNoWinnerAndUnsteadyOnesAWarning() {
        runs(SERIAL, 4.0, 4.1);
        runs(THREADS, 2.0, 3.0);
        runs(PROCESSES, 2.4, 2.5);
        assertThat(report(2).text())
                .anyMatch(line -> line.startsWith("no difference seen between processes/2 and threads/2: their times"))
                .anyMatch(line -> line.startsWith("warning: threads/2 varied by 28 %"))
                .noneMatch(line -> line.startsWith("processes lose"));
    }

    @Test
    void afterOneRunOfEachNothingIsClaimed() {
        runs(SERIAL, 4.0);
        runs(THREADS, 2.0);
        runs(PROCESSES, 1.0);
        assertThat(report(1).text())
                .filteredOn(line -> line.startsWith("no difference seen"))
                .hasSize(2)
                .allMatch(line -> line.endsWith("give more --runs"));
        assertThat(report(1).text()).noneMatch(line -> line.contains("faster"));
    }

    @Test
    void aModeWhoseRunDiedHasNoFiguresButAReason() {
        runs(THREADS, 2.0, 2.1);
        runs(PROCESSES, 1.0, 1.1);
        runs(SERIAL, 3.0);
        trials.add(dead(SERIAL, null));
        ComparisonReport report = report(2);
        assertThat(report.isComplete()).isFalse();
        assertThat(report.text())
                .anyMatch(line -> line.matches("serial +1 +JVM died, 36/400 .*"))
                .contains("serial has no figures, for a run of it did not reach its end: its JVM was killed by SIGSEGV:"
                        + " a | b");
        assertThat(report.markdown())
                .as("a bar in a table's cell would end the cell")
                .anyMatch(line -> line.contains("SIGSEGV: a \\| b"));
    }

    @Test
    void theSecondTableShowsWhatAFaultCostEachMode() {
        runs(SERIAL, 4.0, 4.0);
        runs(THREADS, 2.0, 2.0);
        runs(PROCESSES, 1.0, 1.0);
        trials.add(dead(SERIAL, HALT));
        trials.add(dead(THREADS, HALT));
        trials.add(trial(PROCESSES, 1.62, 399, HALT));
        assertThat(report(2, HALT)
                        .text()
                        .subList(
                                report(2, HALT).text().size() - 2,
                                report(2, HALT).text().size()))
                .satisfiesExactly(
                        head -> assertThat(head.split(" +"))
                                .containsExactly("fault", "serial", "threads/2", "processes/2"),
                        row -> assertThat(row.replaceAll(" +", " "))
                                .isEqualTo("halt@37 JVM died, 36/400 JVM died, 36/400"
                                        + " 399/400 ok, 1 reported (CRASH), +0.6 s"));
    }

    @Test
    void startUpTasksAndTransferAddUpToTheWallTime() {
        Trial trial = trial(PROCESSES, 2.0, 400, null);
        assertThat(trial.startUpSeconds()).isEqualTo(0.3, within(1e-9)); // mean of 0.2 and 0.4
        assertThat(trial.transferSeconds()).isEqualTo(2.0 - 0.3 - 1.0 / 2, within(1e-9));
        assertThat(trial.workersCpuSeconds()).hasValue(1.5);
    }

    @Test
    void everyTrialIsALineOfAsManyValuesAsThereAreNames() {
        runs(THREADS, 2.0);
        trials.add(dead(SERIAL, HALT));
        List<String> lines = report(1, HALT).csv();
        assertThat(lines).hasSize(3);
        assertThat(lines)
                .allMatch(line -> line.split(",", -1).length == lines.get(0).split(",", -1).length);
        assertThat(lines.get(2)).startsWith("serial,1,1,false,halt@37,died,0.500000,36,,,");
    }

    @Test
    void onlyPausesOfACollectorAreSummed() {
        assertThat(GcLogs.pauseMillis("[0.1s] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 23M->4M(256M) 2.345ms"))
                .isEqualTo(2.345);
        assertThat(GcLogs.pauseMillis("[0.1s] GC(1) Concurrent Mark Cycle 12.300ms"))
                .isZero();
    }
}
