// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.death.EndReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
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
        CrashReports.Verdict verdict = verdict(launches.script("segv"), "", true);
        assertThat(verdict.kind()).isEqualTo(FailureKind.CRASH);
        CrashReport report = verdict.report();
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
    }

    @Test
    void aSegmentationFaultLeavesNoCoreFileAndItsLogUntilThePoolIsClosed() throws Exception {
        LaunchedWorker worker = launches.script("segv");
        CrashReport report = verdict(worker, "", true).report();
        launches.directory.retire(3, 1);
        assertThat(report.files()).allMatch(file -> file.toFile().isFile());
        launches.close();
        assertThat(report.files()).noneMatch(file -> file.toFile().exists());
    }

    @Test
    void aFullHeapIsOutOfMemoryAndTheAdviceIsALargerHeap() throws Exception {
        CrashReports.Verdict verdict =
                verdict(launches.script("heap", LaunchSpec.defaults().withHeap("32m")), "", true);
        assertThat(verdict.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(verdict.report().what()).isEqualTo("ran out of heap (512 MiB)");
        assertThat(verdict.report().nextStep()).contains("Raise the workers' heap");
        assertThat(verdict.report().exitCode()).hasValue(3);
    }

    @Test
    void anArrayThatNoHeapCanHoldIsNotBlamedOnTheHeap() throws Exception {
        CrashReports.Verdict verdict = verdict(launches.script("array"), "", true);
        assertThat(verdict.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(verdict.report().what()).startsWith("asked for too large an array");
    }

    @Test
    void aHaltIsAHaltWhateverItsCode() throws Exception {
        CrashReports.Verdict seven = verdict(launches.script("halt"), "", true);
        assertThat(seven.kind()).isEqualTo(FailureKind.CRASH);
        assertThat(seven.report().what()).isEqualTo("halted with exit code 7 (Runtime.halt)");
        CrashReports.Verdict three = verdict(launches.script("halt3"), "", true);
        assertThat(three.kind()).isEqualTo(FailureKind.CRASH);
        assertThat(three.report().what()).isEqualTo("halted with exit code 3 (Runtime.halt)");
    }

    @Test
    void aWorkerThatGaveUpByItselfSaysWhyAndIsNotBlamedOnTheTask() throws Exception {
        CrashReport report = verdict(launches.script("halt225"), "", true).report();
        assertThat(report.what()).isEqualTo("exited with code 225, for it found itself broken");
        assertThat(report.lastOutput()).contains("no class of that name");
    }

    @Test
    void aSystemExitIsToldWithItsStackAndNeverMistakenForASignal() throws Exception {
        String words = "System.exit\nlib.Tool.fail(Tool.java:12)\nmy.Task.run(Task.java:3)";
        CrashReport report = verdict(launches.script("exit137"), words, true).report();
        assertThat(report.what()).isEqualTo("called System.exit(137)");
        assertThat(report.exitCode()).hasValue(137);
        assertThat(report.signal()).isEmpty();
        assertThat(report.javaFrames()).containsExactly("lib.Tool.fail(Tool.java:12)", "my.Task.run(Task.java:3)");
    }

    @Test
    void aKillFromOutsideIsAGuessAndOurOwnIsNot() throws Exception {
        LaunchedWorker stranger = Launches.ready(launches.script("wait"));
        ProcessHandle.of(stranger.pid()).orElseThrow().destroyForcibly();
        CrashReport outside = verdict(stranger, "", true).report();
        assertThat(outside.what()).contains("killed by SIGKILL", "(a guess)");
        assertThat(outside.signal()).hasValue(9);

        LaunchedWorker own = Launches.ready(launches.script("wait"));
        own.kill();
        assertThat(verdict(own, "", true).report().what()).isEqualTo("killed by SIGKILL, by its coordinator");
    }

    @Test
    void aWorkerThatIsToldToEndSaysSo() throws Exception {
        LaunchedWorker terminated = Launches.ready(launches.script("hook"));
        terminated.terminate();
        assertThat(verdict(terminated, "", true).report().what()).isEqualTo("killed by SIGTERM, by its coordinator");
        assertThat(terminated.lastOutput(10)).contains("the hook has run");

        LaunchedWorker dismissed = Launches.ready(launches.script("wait"));
        dismissed.endLifeLine();
        assertThat(Launches.ended(dismissed).value()).isEqualTo(ScriptedWorker.LIFE_LINE_ENDED);
        assertThat(verdict(dismissed, "", true).report().what()).isEqualTo("exited with code 42 when told to end");
    }

    @Test
    void aWorkerThatWasEndedForWhatItDidIsToldByThatAndNotByItsSignal() throws Exception {
        LaunchedWorker hung = Launches.ready(launches.script("wait"));
        hung.kill();
        CrashReports.Verdict verdict =
                verdict(hung, "", true, new EndReason.Hung("no heartbeat for 10 s, and it is stopped"));
        assertThat(verdict.kind()).isEqualTo(FailureKind.CRASH);
        assertThat(verdict.report().what())
                .isEqualTo("hung (no heartbeat for 10 s, and it is stopped) and was ended by its coordinator");
        verdict = verdict(hung, "", true, new EndReason.MemoryLimit(100L << 20, 150L << 20));
        assertThat(verdict.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(verdict.report().what()).startsWith("took 150 MiB of memory, over its limit of 100 MiB");
    }

    @Test
    void aWorkerThatDiedByItselfBeforeItWasEndedIsToldByItsOwnDeath() throws Exception {
        LaunchedWorker first = launches.script("halt");
        assertThat(verdict(first, "", true, new EndReason.Hung("it was quiet")).report().what())
                .isEqualTo("halted with exit code 7 (Runtime.halt)");
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
        CrashReports.Verdict verdict = verdict(worker, "", false);
        assertThat(verdict.kind()).isEqualTo(FailureKind.POOL_BROKEN);
        assertThat(verdict.report().what()).contains("before it was ready", "NoSuchFlag");
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

    private static CrashReports.Verdict verdict(LaunchedWorker worker, String lastWords, boolean saidHello)
            throws Exception {
        return verdict(worker, lastWords, saidHello, null);
    }

    private static CrashReports.Verdict verdict(
            LaunchedWorker worker, String lastWords, boolean saidHello, @Nullable EndReason reason) throws Exception {
        ExitStatus status = Launches.ended(worker);
        return CrashReports.from(
                worker,
                status,
                new CrashReports.Evidence(OptionalLong.of(17), 1, 3, 1, 512L << 20, lastWords, saidHello, reason));
    }
}
