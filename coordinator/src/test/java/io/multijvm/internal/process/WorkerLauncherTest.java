// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Output;
import io.multijvm.wire.Bootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A launched worker is told what it must know, shows nobody a secret, and ends as it should. */
@Timeout(60)
class WorkerLauncherTest {
    private Launches launches;

    @TempDir
    Path temporary;

    @BeforeEach
    void open() throws IOException {
        launches = new Launches();
    }

    @AfterEach
    void close() {
        launches.close();
    }

    @Test
    void itReadsItsBootstrapFromStdinAndEndsWhenStdinDoes() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("wait"));
        assertThat(worker.lastOutput(10)).containsExactly("slot 3, incarnation 1", "script wait", "ready");
        worker.endLifeLine();
        assertThat(Launches.ended(worker).exitCode()).hasValue(ScriptedWorker.LIFE_LINE_ENDED);
    }

    @Test
    void noSecretIsInItsCommandLineItsEnvironmentOrItsFiles() throws Exception {
        LaunchedWorker worker = Launches.ready(
                launches.script("wait", LaunchSpec.defaults().withJvmArgs(List.of("-Dpassword=in-a-property"))));
        Path proc = Path.of("/proc/" + worker.pid());
        for (String name : List.of("cmdline", "environ")) {
            String text = Files.readString(proc.resolve(name), StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .isNotEmpty()
                    .doesNotContain(Launches.TICKET.secret(), Launches.TICKET.proof(), "in-a-property");
        }
        assertThat(Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1))
                .contains("java.args");
        for (Path file : worker.files()) {
            assertThat(Files.readString(file)).doesNotContain(Launches.TICKET.secret(), Launches.TICKET.proof());
        }
    }

    @Test
    void itsDirectoriesAndFilesAreThisUsersAlone() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("both"));
        try (Stream<Path> all = Files.walk(launches.directory.path())) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
        assertThat(worker.files()).hasSize(3);
        assertThat(worker.lastOutput(10)).contains("to stdout", "to stderr");
    }

    @Test
    void itRunsWhereAndWithWhatItWasToldTo() throws Exception {
        LaunchSpec spec = LaunchSpec.defaults()
                .withHeap("64m")
                .withActiveProcessors(3)
                .withWorkingDirectory(temporary)
                .withJvmArgs(List.of("-Dodd=a b # c"))
                .withEnv(Map.of("JAVA_TOOL_OPTIONS", "-Dfrom.env=1"));
        LaunchedWorker worker = Launches.ready(launches.script("flags", spec));
        assertThat(worker.lastOutput(100))
                .contains(
                        "flag -Xmx64m",
                        "flag -Dodd=a b # c",
                        "flag -Dfrom.env=1",
                        "cpus 3",
                        "directory " + temporary.toRealPath());
    }

    @Test
    void itIsDeafToCtrlC() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("wait"));
        signal("-INT", worker.pid());
        signal("-TERM", worker.pid());
        // TERM was sent second and ends it, so INT had its chance; not HUP, to which a background run may be deaf
        // itself
        assertThat(Launches.ended(worker).signal()).hasValue(15);
    }

    @Test
    void oneThatDiesBeforeItReadsAnythingIsReturnedLikeAnyOther() throws Exception {
        LaunchedWorker worker = launches.script("wait", LaunchSpec.defaults().withJvmArgs(List.of("-XX:NoSuchFlag")));
        assertThat(Launches.ended(worker).exitCode()).hasValue(1);
        assertThat(worker.lastOutput(10)).anyMatch(line -> line.contains("NoSuchFlag"));
    }

    @Test
    void itsEndIsNoticedWhileTheCommonPoolIsFull() throws Exception {
        Process process = new ProcessBuilder(
                        JavaVersion.program(null).toString(),
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusyCoordinator.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(stdout).isEqualTo("killed by SIGKILL\n");
    }

    /** All threads of its common pool wait, as in a program that waits there for this very worker. */
    static final class BusyCoordinator {
        private BusyCoordinator() {}

        public static void main(String[] args) throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            try (RunDirectory directory = RunDirectory.create()) {
                LaunchSpec spec = LaunchSpec.defaults().withOutput(Output.DISCARD);
                LaunchedWorker worker = new WorkerLauncher(spec, directory, ScriptedWorker.class.getName())
                        .launch(new Bootstrap(Launches.TICKET, "unix:/nowhere", 0, 1, directory.recorderPath(0, 1)));
                worker.kill();
                System.out.println(worker.onExit().get(20, TimeUnit.SECONDS).words());
            }
        }
    }

    /** Nobody can list the children of one that dies of itself beforehand. */
    @ParameterizedTest
    @ValueSource(strings = {"-SEGV", "-KILL", "-TERM"})
    void whenItDiesItsChildrenAndGrandchildrenHaveEndedBeforeThatIsTold(String signal) throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("children"));
        List<ProcessHandle> family = familyOf(worker);
        signal(signal, worker.pid());
        assertThat(Launches.ended(worker).value()).isNotZero();
        await().atMost(Duration.ofSeconds(30)).until(() -> family.stream().noneMatch(WorkerLauncherTest::runs));
    }

    @Test
    void whatItLeavesWhenItEndsInGoodOrderIsItsTasks() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("exit0"));
        List<ProcessHandle> family = familyOf(worker);
        worker.endLifeLine();
        assertThat(Launches.ended(worker).exitCode()).hasValue(0);
        assertThat(family).allMatch(WorkerLauncherTest::runs);
        worker.endOffspring();
        await().atMost(Duration.ofSeconds(30)).until(() -> family.stream().noneMatch(WorkerLauncherTest::runs));
    }

    private static List<ProcessHandle> familyOf(LaunchedWorker worker) {
        List<ProcessHandle> family = worker.lastOutput(10).stream()
                .filter(line -> line.matches("(grand)?child \\d+"))
                .map(line -> ProcessHandle.of(Long.parseLong(line.substring(line.indexOf(' ') + 1))))
                .map(handle -> handle.orElseThrow())
                .toList();
        assertThat(family).hasSize(2).allMatch(ProcessHandle::isAlive);
        return family;
    }

    @Test
    void aKillTakesItsChildrenAndGrandchildrenWithIt() throws Exception {
        LaunchedWorker worker = Launches.ready(launches.script("children"));
        List<ProcessHandle> family = familyOf(worker);
        worker.kill();
        assertThat(Launches.ended(worker).signal()).hasValue(9);
        await().atMost(Duration.ofSeconds(30)).until(() -> family.stream().noneMatch(WorkerLauncherTest::runs));
    }

    @Test
    void inheritedOutputGoesToStderrAndNeverToStdout() throws Exception {
        Process process = new ProcessBuilder(
                        JavaVersion.program(null).toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        InheritingCoordinator.class.getName())
                .redirectError(temporary.resolve("err").toFile())
                .start();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stdout).isEqualTo("the coordinator's result\n");
        assertThat(Files.readString(temporary.resolve("err"))).contains("to stdout", "to stderr");
    }

    /** Launches one worker that prints, with its output inherited, and leaves its files to the shutdown hook. */
    static final class InheritingCoordinator {
        private InheritingCoordinator() {}

        public static void main(String[] args) throws Exception {
            RunDirectory directory = RunDirectory.create();
            LaunchSpec spec = LaunchSpec.defaults().withOutput(Output.INHERIT).withEnv(Map.of("SCRIPT", "both"));
            LaunchedWorker worker = new WorkerLauncher(spec, directory, ScriptedWorker.class.getName())
                    .launch(new Bootstrap(Launches.TICKET, "unix:/nowhere", 0, 1, directory.recorderPath(0, 1)));
            worker.endLifeLine();
            worker.onExit().get(30, TimeUnit.SECONDS);
            System.out.println("the coordinator's result");
        }
    }

    /** A killed grandchild may stay a zombie where nobody reaps it. */
    private static boolean runs(ProcessHandle handle) {
        try {
            String stat = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"));
            return handle.isAlive() && !stat.contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill " + name + " " + pid).start();
        assertThat(kill.waitFor()).isZero();
    }
}
