// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Logging;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.WorkerLogRecord;
import io.multijvm.failure.ItemOutput;
import io.multijvm.task.TaskContext;
import io.multijvm.testkit.PromiseTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tasks log comes to this JVM's loggers, once, and never holds a task up. */
@PromiseTest
class ForwardedLogsTest {
    private static final String NAME = "forwarded.tests";
    private static final String QUIET = "forwarded.quiet";

    /** Held, for the logging system forgets loggers that nobody has. */
    private final Logger logger = Logger.getLogger("forwarded");

    private final Logger quiet = Logger.getLogger(QUIET);
    private final Logger ofTasks = Logger.getLogger("io.multijvm.task");
    private final Logger ofPool = Logger.getLogger("io.multijvm.internal.dispatch.LogDesk");
    private final List<LogRecord> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayHear = new CountDownLatch(1);
    private volatile boolean hearsSlowly;

    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord said) {
            heard.add(said);
            if (hearsSlowly) {
                awaitUninterruptibly(mayHear);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void listen() {
        for (Logger one : List.of(logger, ofTasks, ofPool)) {
            one.addHandler(ear);
            one.setUseParentHandlers(false);
        }
        quiet.setLevel(Level.SEVERE);
    }

    @AfterEach
    void listenNoMore() {
        mayHear.countDown();
        for (Logger one : List.of(logger, ofTasks, ofPool)) {
            one.removeHandler(ear);
            one.setUseParentHandlers(true);
        }
        quiet.setLevel(null);
    }

    private static Pool pool(Logging logging) {
        return Pool.processes(
                o -> o.workers(1).startupTimeout(Duration.ofMinutes(2)).logging(logging));
    }

    private static int log(int item) {
        Logger.getLogger(NAME).log(Level.WARNING, "{0} of {1}", new Object[] {item, "several"});
        Logger.getLogger(NAME).fine("nobody wants this");
        Logger.getLogger(QUIET).warning("nobody wants this either");
        System.getLogger(NAME + ".system")
                .log(System.Logger.Level.ERROR, "it''s broken", new IllegalStateException("why"));
        TaskContext.current().logger().log(System.Logger.Level.INFO, "from the context");
        return item;
    }

    @Test
    void recordsComeOnceWithLevelLoggerWorkerAndItemAndAreNotPrintedAsWell() {
        try (Pool pool = pool(Logging.FORWARD)) {
            assertThat(pool.map(item -> log(item), List.of(7, 8))).containsExactly(7, 8);
            // the last word of a worker that leaves, and of none of its items
            TaskFuture<Integer> printed = pool.submit(() -> log(9));
            assertThat(printed.join()).isEqualTo(9);
            assertThat(printed.attempts().get(0).output()).isEqualTo(ItemOutput.EMPTY);
        }
        assertThat(heard)
                .extracting(LogRecord::getLoggerName)
                .doesNotContain(QUIET)
                .hasSize(9);
        List<String> said = heard.stream()
                .map(one -> one.getLevel() + " " + one.getLoggerName() + " "
                        + one.getMessage().lines().findFirst().orElse(""))
                .toList();
        assertThat(said.subList(0, 6))
                .containsExactly(
                        "WARNING forwarded.tests worker 0.1, item 0: 7 of several",
                        "SEVERE forwarded.tests.system worker 0.1, item 0: it''s broken",
                        "INFO io.multijvm.task worker 0.1, item 0: from the context",
                        "WARNING forwarded.tests worker 0.1, item 1: 8 of several",
                        "SEVERE forwarded.tests.system worker 0.1, item 1: it''s broken",
                        "INFO io.multijvm.task worker 0.1, item 1: from the context");
        WorkerLogRecord thrown = (WorkerLogRecord) heard.get(4);
        assertThat(thrown.item()).hasValue(1);
        assertThat(thrown.slot()).isZero();
        assertThat(thrown.getSourceClassName()).isEqualTo(ForwardedLogsTest.class.getName());
        assertThat(thrown.getMessage())
                .contains(
                        "java.lang.IllegalStateException: why", "\tat " + ForwardedLogsTest.class.getName() + ".log(");
    }

    @Test
    void aFloodOfRecordsHoldsNobodyUpAndSaysHowManyWereDropped() {
        int records = 20_000;
        hearsSlowly = true;
        try (Pool pool = pool(Logging.FORWARD)) {
            int logged = pool.apply(() -> {
                Logger flooded = Logger.getLogger(NAME);
                IntStream.range(0, records).forEach(i -> flooded.info("record " + i));
                return records;
            });
            // the first record is still being heard: the task did not wait for that
            assertThat(logged).isEqualTo(records);
            await().atMost(Duration.ofSeconds(30)).until(() -> !heard.isEmpty());
            assertThat(heard).hasSize(1);
            hearsSlowly = false;
            mayHear.countDown();
        }
        List<LogRecord> lines =
                heard.stream().filter(one -> NAME.equals(one.getLoggerName())).toList();
        List<String> notes = heard.stream()
                .filter(one -> ofPool.getName().equals(one.getLoggerName()))
                .map(LogRecord::getMessage)
                .toList();
        assertThat(lines).hasSizeLessThan(records / 2);
        assertThat(lines.get(0).getMessage()).endsWith("record 0");
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0))
                .startsWith("worker 0 ")
                .contains(": " + (records - lines.size()) + " log records dropped");
        System.out.println(
                records + " records logged while nobody took any: " + lines.size() + " came, and: " + notes.get(0));
    }

    @Test
    void localRecordsStayInTheWorkerAndArePartOfWhatItsItemsWrite() {
        try (Pool pool = pool(Logging.LOCAL)) {
            TaskFuture<Integer> logged = pool.submit(() -> log(1));
            assertThat(logged.join()).isEqualTo(1);
            List<String> stderr = logged.attempts().get(0).output().stderr();
            assertThat(stderr)
                    .contains("WARNING: 1 of several", "INFO: worker 0.1, item 0: from the context")
                    .contains("java.lang.IllegalStateException: why");
        }
        assertThat(heard).isEmpty();
    }
}
