// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private final AtomicLong clock = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Wording wording = new TextWording(Look.PLAIN);

    private RunReport report(Items items, boolean quiet) {
        Console console = new Console(new PrintStream(err, true, UTF_8));
        return new RunReport(
                console,
                wording,
                items,
                3,
                quiet,
                clock::get,
                new Aftermath(new Repeat(List.of("multijvm", "run", "a.jar")), DeathWatch.open(null), items));
    }

    private String said() {
        return err.toString(UTF_8).strip();
    }

    @Test
    void progressOfAKnownNumberOfItemsHasAnEndInSight() {
        RunReport report = report(new RangeItems(0, 40), false);
        for (int i = 0; i < 10; i++) {
            report.succeeded(1);
        }
        clock.set(Duration.ofSeconds(5).toNanos());
        assertThat(wording.progress(report.progress(Optional.empty())))
                .matches("[0-9]{2}:[0-9]{2}:[0-9]{2} multijvm 10/40 25% 2\\.0/s eta 15s workers 3 failed 0");
    }

    @Test
    void aRunThatStopsHasNoEndOfAllItemsInSight() {
        RunReport report = report(new RangeItems(0, 40), false);
        for (int i = 0; i < 10; i++) {
            report.succeeded(1);
        }
        clock.set(Duration.ofSeconds(5).toNanos());
        Progress stopping = report.progress(Optional.of(new Progress.Drain(2, "Ctrl-C again to stop now")));
        assertThat(stopping.left()).isEmpty();
        assertThat(wording.progress(stopping))
                .endsWith(" multijvm 10/40 25% 2.0/s elapsed 5s workers 3 failed 0 stopping, waiting for 2");
    }

    @Test
    void progressOfAnUnknownNumberOfItemsHasOnlyTheRate() {
        RunReport report = report(LineItems.open("-", new ByteArrayInputStream(new byte[0])), false);
        report.succeeded(1);
        clock.set(Duration.ofSeconds(2).toNanos());
        assertThat(wording.progress(report.progress(Optional.empty())))
                .endsWith(" multijvm 1 0.5/s elapsed 2s workers 3 failed 0");
    }

    @Test
    void quietSaysNothingWhileAllIsWell() {
        RunReport report = report(new RangeItems(0, 1), true);
        report.succeeded(1);
        report.notice("nothing bad");
        report.summary();
        assertThat(said()).isEmpty();
    }

    @Test
    void theSummaryNamesItemsFailuresTimeAndRate() {
        RunReport report = report(new RangeItems(0, 3), false);
        report.succeeded(1);
        report.succeeded(2);
        clock.set(Duration.ofMillis(500).toNanos());
        report.summary();
        assertThat(said()).isEqualTo("done: 2 items in 0.50 s: 2 ok (1 after a retry), 0 failed, 4.0 items/s");
    }

    @Test
    void aRunThatASignalStoppedSaysHowFarItCameAndSaysItOnce() {
        RunReport report = report(new RangeItems(0, 3), true);
        report.succeeded(1);
        clock.set(Duration.ofMillis(500).toNanos());
        report.stoppedBy(StopSignal.TERM);
        report.stopped();
        assertThat(said()).isEqualTo("stopped by SIGTERM: 1 of 3 items in 0.50 s: 1 ok, 0 failed, 2.0 items/s");
    }
}
