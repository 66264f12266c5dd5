// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private final AtomicLong clock = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private RunReport report(Items items, boolean quiet) {
        return new RunReport(new PrintStream(err, true, UTF_8), items, quiet, clock::get);
    }

    @Test
    void progressOfAKnownNumberOfItemsHasAnEndInSight() {
        RunReport report = report(new RangeItems(0, 40), false);
        for (int i = 0; i < 10; i++) {
            report.succeeded(1);
        }
        clock.set(Duration.ofSeconds(5).toNanos());
        report.progress();
        assertThat(err.toString(UTF_8).strip())
                .matches("[0-9]{2}:[0-9]{2}:[0-9]{2} multijvm 10/40 25% 2\\.0/s eta 15s failed 0");
    }

    @Test
    void progressOfAnUnknownNumberOfItemsHasOnlyTheRate() {
        RunReport report = report(LineItems.open("-", new ByteArrayInputStream(new byte[0])), false);
        report.succeeded(1);
        clock.set(Duration.ofSeconds(2).toNanos());
        report.progress();
        assertThat(err.toString(UTF_8).strip()).endsWith(" multijvm 1 0.5/s failed 0");
    }

    @Test
    void quietSaysNothingWhileAllIsWell() {
        RunReport report = report(new RangeItems(0, 1), true);
        report.succeeded(1);
        report.progress();
        report.summary();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void theSummaryNamesItemsFailuresTimeAndRate() {
        RunReport report = report(new RangeItems(0, 3), false);
        report.succeeded(1);
        report.succeeded(2);
        clock.set(Duration.ofMillis(500).toNanos());
        report.summary();
        assertThat(err.toString(UTF_8).strip())
                .isEqualTo("done: 2 items in 0.50 s: 2 ok (1 after a retry), 0 failed, 4.0 items/s");
    }
}
