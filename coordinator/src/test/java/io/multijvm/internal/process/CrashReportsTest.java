// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.death.Circumstances;
import io.multijvm.internal.death.EndReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A death explains itself; every worker here is a real process that really dies. */
@Timeout(60)
class CrashReportsTest {
    private Launches launches;

    @BeforeEach
    void open() throws IOException {
        launches = new Launches();
    }

    @AfterEach
    void close() {
        launches.close();
    }

    @Test
    void aSegmentationFaultNamesTheSignalTheNativeFrameAndTheJavaFrames() throws Exception {
        CrashReport report = report(launches.script("segv"), "", true);
        assertThat(report.kind()).isEqualTo(DeathKind.NATIVE_CRASH);
        assertThat(report.what()).startsWith("killed by SIGSEGV in ");
        assertThat(report.signal()).hasValue(11);
        assertThat(report.exitCode()).isEmpty();
        assertThat(report.nativeFrame()).contains("libjvm").doesNotStartWith("#");
        assertThat(report.javaFrames()).first().asString().isEqualTo("jdk.internal.misc.Unsafe.putLong");
        assertThat(report.javaFrames()).contains("io.multijvm.internal.process.ScriptedWorker.segv");
        assertThat(report.lastOutput()).last().isEqualTo("about to crash");
        assertThat(report.lastOutput()).noneMatch(line -> line.startsWith("#"));
        assertThat(report.files()).hasSize(1).allMatch(file -> file.endsWith("hs_err.log"));
        assertThat(report.summary()).contains("item 17", "worker 3", "SIGSEGV", "ScriptedWorker.segv");
        assertThat(report.what()).endsWith("; it touched address 0x0");
        assertThat(report.worker()).isEqualTo(new CrashReport.Worker(3, 1, report.pid(), 5));
        assertThat(report.item().ran()).hasValue(Duration.ofSeconds(2));
        assertThat(report.memory().heapUsed()).isEqualTo(1 << 20);
        assertThat(report.memory().resident())
                .as("by the log, or as it was last seen")
                .isPositive();
        assertThat(report.memory().residentPeak()).isGreaterThanOrEqualTo(80L << 20);
    }

    @Test
    void aSegmentationFaultLeavesNoCoreFileAndItsLogUntilThePoolIsClosed() throws Exception {
        LaunchedWorker worker = launches.script("segv");
        CrashReport report = report(worker, "", true);
        launches.directory.retire(3, 1);
        assertThat(report.files()).allMatch(file -> file.toFile().isFile());
        launches.close();
        assertThat(report.files()).noneMatch(file -> file.toFile().exists());
    }

    @Test
    void aFullHeapIsOutOfMemoryAndTheAdviceIsALargerHeap() throws Exception {
        CrashReport report =
                report(launches.script("heap", LaunchSpec.defaults().withHeap("32m")), "", true);
        assertThat(report.kind()).isEqualTo(DeathKind.OUT_OF_HEAP);
        assertThat(report.what()).isEqualTo("ran out of heap (512 MiB)");
        assertThat(report.nextStep())
                .isEqualTo(
                        "Raise the workers' heap, from 512 MiB to 1 GiB (--heap 1g), or use fewer workers with more heap"
                                + " each. Where few items need so much: retryHeap (--retry-heap 1g) has each of them run"
                                + " again alone with it.");
        assertThat(report.exitCode()).hasValue(3);
    }

    @Test
    void anArrayThatNoHeapCanHoldIsNotBlamedOnTheHeap() throws Exception {
        CrashReport report = report(launches.script("array"), "", true);
        assertThat(report.kind()).isEqualTo(DeathKind.ARRAY_TOO_LARGE);
        assertThat(report.what()).startsWith("asked for too large an array");
    }

    @Test
    void aHaltIsAHaltWhateverItsCode() throws Exception {
        CrashReport seven = report(launches.script("halt"), "", true);
        assertThat(seven.kind()).isEqualTo(DeathKind.HALT);
        assertThat(seven.what()).isEqualTo("halted with exit code 7 (Runtime.halt)");
        CrashReport three = report(launches.script("halt3"), "", true);
        assertThat(three.kind()).isEqualTo(DeathKind.HALT);
        assertThat(three.what()).isEqualTo("halted with exit code 3 (Runtime.halt)");
    }

    @Test
    void aWorkerThatGaveUpByItselfSaysWhyAndIsNotBlamedOnTheTask() throws Exception {
        CrashReport report = report(launches.script("halt225"), "", true);
        assertThat(report.what()).isEqualTo("exited with code 225, for it found itself broken");
        assertThat(report.lastOutput()).contains("no class of that name");
    }

    @Test
    void aSystemExitIsToldWithItsStackAndNeverMistakenForASignal() throws Exception {
        String words = "System.exit\nlib.Tool.fail(Tool.java:12)\nmy.Task.run(Task.java:3)";
        CrashReport report = report(launches.script("exit137"), words, true);
        assertThat(report.what()).isEqualTo("called System.exit(137)");
        assertThat(report.exitCode()).hasValue(137);
        assertThat(report.signal()).isEmpty();
        assertThat(report.javaFrames()).containsExactly("lib.Tool.fail(Tool.java:12)", "my.Task.run(Task.java:3)");
    }

    @Test
    void aKillFromOutsideIsToldFromOurOwn() throws Exception {
        LaunchedWorker stranger = Launches.ready(launches.script("wait"));
        ProcessHandle.of(stranger.pid()).orElseThrow().destroyForcibly();
        CrashReport outside = report(stranger, "", true);
        assertThat(outside.kind()).isEqualTo(DeathKind.KILLED);
        assertThat(outside.what()).startsWith("killed by SIGKILL");
        // the kernel's counts are those of Linux
        if (MemoryReadings.ofThisMachine().oomKills().isPresent()) {
            assertThat(outside.what())
                    .isEqualTo("killed by SIGKILL from outside; the kernel counts no kill for lack of memory");
        }
        assertThat(outside.signal()).hasValue(9);

        LaunchedWorker own = Launches.ready(launches.script("wait"));
        own.kill();
        assertThat(report(own, "", true).what()).isEqualTo("killed by SIGKILL, by its coordinator");
    }

    @Test
    void aWorkerThatIsToldToEndSaysSo() throws Exception {
        LaunchedWorker terminated = Launches.ready(launches.script("hook"));
        terminated.terminate();
        assertThat(report(terminated, "", true).what()).isEqualTo("killed by SIGTERM, by its coordinator");
        assertThat(terminated.lastOutput(10)).contains("the hook has run");

        LaunchedWorker dismissed = Launches.ready(launches.script("wait"));
        dismissed.endLifeLine();
        assertThat(Launches.ended(dismissed).value()).isEqualTo(ScriptedWorker.LIFE_LINE_ENDED);
        assertThat(report(dismissed, "", true).what()).isEqualTo("exited with code 42 when told to end");
    }

    @Test
    void aWorkerThatWasEndedForWhatItDidIsToldByThatAndNotByItsSignal() throws Exception {
        LaunchedWorker hung = Launches.ready(launches.script("wait"));
        hung.kill();
        CrashReport report = report(hung, "", true, new EndReason.Hung("no heartbeat for 10 s, and it is stopped"));
        assertThat(report.kind()).isEqualTo(DeathKind.HUNG);
        assertThat(report.what())
                .isEqualTo("hung (no heartbeat for 10 s, and it is stopped) and was ended by its coordinator");
        report = report(hung, "", true, new EndReason.MemoryLimit(100L << 20, 150L << 20));
        assertThat(report.kind()).isEqualTo(DeathKind.MEMORY_LIMIT);
        assertThat(report.what()).startsWith("took 150 MiB of memory, over its limit of 100 MiB");
    }

    @Test
    void aWorkerThatDiedByItselfBeforeItWasEndedIsToldByItsOwnDeath() throws Exception {
        LaunchedWorker first = launches.script("halt");
        assertThat(report(first, "", true, new EndReason.Hung("it was quiet")).what())
                .isEqualTo("halted with exit code 7 (Runtime.halt)");
    }

    @Test
    void aSegmentationFaultThatSomebodySentIsNotBlamedOnNativeCode() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("wait"));
        Process kill = new ProcessBuilder("kill", "-SEGV", Long.toString(worker.pid())).start();
        CrashReport report = report(worker, "", true);
        assertThat(report.kind()).isEqualTo(DeathKind.KILLED);
        assertThat(report.what()).isEqualTo("killed by SIGSEGV, which process " + kill.pid() + " had sent");
    }

    @Test
    void aFlagThatTheJvmDoesNotKnowIsQuotedInItsOwnWords() throws Exception {
        LaunchedWorker worker = launches.script(
                "wait", LaunchSpec.defaults().withJvmArgs(List.of("-XX:+NoSuchFlag", "-Dpassword=secret")));
        ExitStatus status = Launches.ended(worker);
        String text = StartFailure.describe(worker, status);
        assertThat(text)
                .contains("Unrecognized VM option 'NoSuchFlag'", "exited with code 1", "-version")
                .doesNotContain("Could not create", "secret");
        CrashReport report = report(worker, "", false);
        assertThat(report.kind()).isEqualTo(DeathKind.FAILED_START);
        assertThat(report.what()).contains("before it was ready", "NoSuchFlag");
    }

    @Test
    void theCommandInAStartFailureShowsTheSameFailureByHand() throws Exception {
        LaunchedWorker worker = launches.script("wait", LaunchSpec.defaults().withJvmArgs(List.of("-XX:+NoSuchFlag")));
        String text = StartFailure.describe(worker, Launches.ended(worker));
        String command = text.substring(text.indexOf("its flags: ") + "its flags: ".length());
        Process byHand = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(byHand.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("NoSuchFlag");
    }

    private static CrashReport report(LaunchedWorker worker, String lastWords, boolean saidHello) throws Exception {
        return report(worker, lastWords, saidHello, null);
    }

    private static CrashReport report(
            LaunchedWorker worker, String lastWords, boolean saidHello, @Nullable EndReason reason) throws Exception {
        ExitStatus status = Launches.ended(worker);
        return CrashReports.from(
                worker,
                status,
                new Circumstances(
                        Instant.now(),
                        CrashReport.Item.of(17, 1, Optional.of(Duration.ofSeconds(2))),
                        new CrashReport.Worker(3, 1, worker.pid(), 5),
                        1L << 20,
                        512L << 20,
                        lastWords,
                        saidHello,
                        reason),
                new MemoryReadings.Resident(64L << 20, 80L << 20));
    }
}
