// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.multijvm.WorkerLogRecord;
import io.multijvm.failure.ItemOutput;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static final ItemOutput OUTPUT = new ItemOutput(
            List.of("line 1", "line 2", "line 3", "line 4", "line 5"), List.of("a \u001b[31mred one", "and another"));

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

    private static Outcome.Failure<Object, String> failure() {
        MultijvmException error =
                new TaskFailedException(7, "item 7 failed", new IllegalStateException("no")).printed(OUTPUT);
        return new Outcome.Failure<>(7L, 7, 1, error);
    }

    @Test
    void theLastLinesThatAFailedItemWroteStandBelowItsFailureWithoutEscapeSequences() {
        report(new RangeItems(0, 9), true).failed(failure());
        assertThat(said())
                .endsWith("java.lang.IllegalStateException: no\n  last output:\n  | line 3\n  | line 4\n  | line 5\n"
                        + "  | a ?[31mred one\n  | and another");
    }

    @Test
    void linesForProgramsHoldThemAsWell() {
        Items items = new RangeItems(0, 9);
        Aftermath aftermath =
                new Aftermath(new Repeat(List.of("multijvm", "run", "a.jar")), DeathWatch.open(null), items);
        JsonObject line = JsonParser.parseString(new JsonWording().failure(FailedItem.of(failure(), items, aftermath)))
                .getAsJsonObject();
        assertThat(line.getAsJsonArray("last_output")).hasSize(7);
        assertThat(line.getAsJsonArray("last_output").get(0).getAsString()).isEqualTo("line 1");
    }

    @Test
    void whatIsLoggedIsSaidAmongTheOtherLinesAndInAQuietRunOnlyIfItIsAWarning() {
        WorkerLogRecord info = new WorkerLogRecord(Level.INFO, "worker 0.1, item 3: {0} is fine", 0, 3);
        info.setLoggerName("mine");
        WorkerLogRecord warning = new WorkerLogRecord(Level.WARNING, "worker 0.1: it is not", 0, -1);
        warning.setLoggerName("mine");
        RunReport report = report(new RangeItems(0, 1), true);
        report.logged(info);
        report.logged(warning);
        assertThat(said()).isEqualTo("WARNING mine: worker 0.1: it is not");

        JsonObject line = JsonParser.parseString(new JsonWording().log(info)).getAsJsonObject();
        assertThat(line.get("type").getAsString()).isEqualTo("log");
        assertThat(line.get("level").getAsString()).isEqualTo("INFO");
        assertThat(line.get("logger").getAsString()).isEqualTo("mine");
        assertThat(line.get("worker").getAsInt()).isZero();
        assertThat(line.get("index").getAsInt()).isEqualTo(3);
        assertThat(line.get("message").getAsString()).isEqualTo("worker 0.1, item 3: {0} is fine");
    }

    @Test
    void aRunTakesThePlaceOfTheJdksOwnHandlerAndGivesItBack() {
        Logger root = Logger.getLogger("");
        Handler jdks = new ConsoleHandler();
        root.addHandler(jdks);
        RunReport report = report(new RangeItems(0, 1), false);
        try (ConsoleLog log = ConsoleLog.begin(report::logged)) {
            assertThat(root.getHandlers()).doesNotContain(jdks).contains(log);
            Logger.getLogger("mine").info("to the report");
        } finally {
            assertThat(root.getHandlers()).contains(jdks);
            root.removeHandler(jdks);
        }
        assertThat(said()).isEqualTo("INFO mine: to the report");
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
