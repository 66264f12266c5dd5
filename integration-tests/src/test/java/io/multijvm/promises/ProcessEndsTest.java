// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Output;
import io.multijvm.WorkerProcess;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.testkit.SharedPoolTest;
import io.multijvm.testkit.Signs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process ends as one of Python's does, by itself or by others, and tells how. */
@SharedPoolTest
class ProcessEndsTest extends ProcessesAtHand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void whatTheTaskThrowsIsPrintedAndInTheReportAndGivesOne() throws Exception {
        try (WorkerProcess process = WorkerProcess.builder(() -> {
                    throw new IOException("the table is gone", new IllegalStateException("no such disk"));
                })
                .name("reader")
                .output(Output.CAPTURE)
                .start()) {
            process.join();

            assertThat(process.exitCode()).hasValue(1);
            CrashReport report = process.crashReport().orElseThrow();
            assertThat(report.kind()).isEqualTo(DeathKind.UNCAUGHT_EXCEPTION);
            assertThat(report.pid()).isEqualTo(process.pid());
            assertThat(report.what())
                    .endsWith(
                            "java.io.IOException: the table is gone, caused by java.lang.IllegalStateException: no such disk");
            assertThat(report.javaFrames().get(0)).contains("ProcessEndsTest");
            assertThat(String.join("\n", report.lastOutput())).contains("at io.multijvm.promises.ProcessEndsTest");
            assertThat(report.summary()).startsWith("process reader (pid " + process.pid() + ") ended by what");
            System.out.println("the report of a task that threw:\n" + report.summary());
        }
    }

    @Test
    void systemExitGivesItsCodeAndShutdownHooksRun() throws Exception {
        String hook = directory.resolve("hook").toString();
        WorkerProcess process = WorkerProcess.start(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> give(hook)));
            System.exit(8);
        });
        process.join();

        assertThat(process.exitCode()).hasValue(8);
        assertThat(directory.resolve("hook")).exists();
        assertThat(process.crashReport().orElseThrow().kind()).isEqualTo(DeathKind.EXIT);
        assertThat(process.crashReport().orElseThrow().javaFrames().get(0)).contains("ProcessEndsTest");
    }

    @Test
    void theExitWaitsForThreadsThatAreNoDaemonsAndForShutdownHooksAlsoWithoutStdoutAndStderr() throws Exception {
        String files = directory.toString();
        WorkerProcess process = WorkerProcess.start(() -> {
            System.out.close();
            System.err.close();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> give(files + "/hook")));
            Thread main = Thread.currentThread();
            new Thread(() -> {
                        join(main);
                        give(files + "/thread");
                        awaitSign(files + "/go");
                        if (!Files.exists(Path.of(files, "hook"))) {
                            give(files + "/thread-first");
                        }
                    })
                    .start();
        });
        Signs.await(directory.resolve("thread"));
        assertThat(process.isAlive()).isTrue();
        Signs.give(directory.resolve("go"));
        process.join();

        assertThat(process.exitCode()).hasValue(0);
        assertThat(directory.resolve("thread-first")).exists();
        assertThat(directory.resolve("hook")).exists();
    }

    @Test
    void anInterruptEndsATaskThatWaitsWithOneAlsoWhereItComesBeforeTheTask() throws Exception {
        String waits = directory.resolve("waits").toString();
        WorkerProcess waiting = WorkerProcess.start(() -> {
            Signs.give(Path.of(waits));
            forEver();
        });
        Signs.await(Path.of(waits));
        waiting.interrupt();
        WorkerProcess early = WorkerProcess.start(ProcessEndsTest::forEver);
        early.interrupt();
        waiting.join();
        early.join();

        for (WorkerProcess each : List.of(waiting, early)) {
            assertThat(each.exitCode()).hasValue(1);
            assertThat(each.crashReport().orElseThrow().what()).contains("java.lang.InterruptedException");
            each.interrupt(); // after its end: nothing
        }
    }

    @Test
    void terminateRunsTheHooksAndTellsItsSignalAndKillTellsItsOwn() throws Exception {
        String files = directory.toString();
        WorkerProcess terminated = WorkerProcess.start(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> give(files + "/hook")));
            Signs.give(Path.of(files, "up"));
            forEver();
        });
        WorkerProcess killed = WorkerProcess.start(ProcessEndsTest::forEver);
        killed.kill();
        Signs.await(directory.resolve("up"));
        terminated.terminate();
        terminated.join();
        killed.join();

        assertThat(terminated.exitCode()).hasValue(-15);
        assertThat(killed.exitCode()).hasValue(-9);
        assertThat(directory.resolve("hook")).exists();
        assertThat(terminated.crashReport().orElseThrow().kind()).isEqualTo(DeathKind.ENDED);
        terminated.terminate();
        killed.kill();
    }

    private record Leaves(String file) implements SerializableRunnable {
        @Override
        public void runOrThrow() throws IOException {
            Signs.give(Path.of(file));
        }
    }

    @Test
    void closeWaitsForAProcessAndTerminatesADaemonAndAfterItNothingIsTold() throws Exception {
        String up = directory.resolve("up").toString();
        WorkerProcess process = WorkerProcess.start(new Leaves(up));
        WorkerProcess daemon =
                WorkerProcess.builder(ProcessEndsTest::forEver).daemon(true).start();
        CompletableFuture<WorkerProcess> daemonsEnd = daemon.onExit();
        process.close();
        assertThat(Path.of(up)).exists();
        daemon.close();
        // it completes by a thread of its own, which may be as late as it likes
        assertThat(daemonsEnd).succeedsWithin(PATIENCE);

        process.close();
        for (Runnable each : List.<Runnable>of(
                process::name,
                process::pid,
                process::isAlive,
                process::isDaemon,
                process::exitCode,
                process::crashReport,
                process::interrupt,
                process::terminate,
                process::kill,
                () -> {
                    var unused = process.onExit();
                },
                process::isReady,
                () -> joined(process))) {
            assertThatThrownBy(each::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was closed");
        }
    }

    @Test
    void aShutdownHookThatNeverEndsHoldsNobodyUpForLong() throws Exception {
        String hook = directory.resolve("hook").toString();
        WorkerProcess daemon = WorkerProcess.builder(() -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                        give(hook);
                        joinForEver();
                    }));
                    System.exit(0);
                })
                .daemon(true)
                .start();
        Signs.await(Path.of(hook));
        CompletableFuture<OptionalInt> code = daemon.onExit().thenApply(WorkerProcess::exitCode);
        assertThat(daemon.isAlive()).isTrue();
        daemon.close();

        assertThat(code.join()).hasValue(-9);
    }

    private static void joinForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    @Test
    void anInterruptedCloseEndsItsProcess() throws Exception {
        WorkerProcess process = WorkerProcess.start(ProcessEndsTest::forEver);
        CompletableFuture<WorkerProcess> end = process.onExit();
        Thread.currentThread().interrupt();
        process.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(end).succeedsWithin(PATIENCE);
    }

    @Test
    void whoIsToldOfAnEndMayAskHowItWasThoughItIsClosedMeanwhile() throws Exception {
        String go = directory.resolve("go").toString();
        WorkerProcess process = WorkerProcess.start(() -> {
            Signs.await(Path.of(go));
            System.exit(5);
        });
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<String> how = process.onExit().thenApply(ended -> {
            awaitClosed(closed);
            return ended.exitCode().orElseThrow() + " " + ended.isAlive();
        });
        Signs.give(Path.of(go));
        process.close();
        closed.countDown();

        assertThat(how).succeedsWithin(PATIENCE).isEqualTo("5 false");
        assertThatThrownBy(process::exitCode).isInstanceOf(IllegalStateException.class);
    }

    private static void awaitClosed(CountDownLatch closed) {
        try {
            if (!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("close waited for who is told");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitSign(String file) {
        try {
            Signs.await(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        while (thread.isAlive()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void joined(WorkerProcess process) {
        try {
            process.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
