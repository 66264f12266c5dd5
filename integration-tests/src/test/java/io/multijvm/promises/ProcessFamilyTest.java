// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.Output;
import io.multijvm.Pool;
import io.multijvm.WorkerProcess;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.Signs;
import io.multijvm.testkit.StartingProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes, those that they start, and the program that they end with. */
@PromiseTest
class ProcessFamilyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = Integer.getInteger("multijvm.processes", 3);

    @TempDir
    Path directory;

    private static void forEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    void aProgramThatReturnsWaitsForItsProcessesAndTerminatesItsDaemons() throws Exception {
        Process program = start("return");
        Signs.await(directory.resolve("main-returned"));
        assertThat(program.waitFor(300, TimeUnit.MILLISECONDS))
                .as("it ends before its process")
                .isFalse();
        Signs.give(directory.resolve("go"));
        assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(program.exitValue()).isZero();
        assertThat(directory.resolve("worked")).exists();
        assertThat(directory.resolve("daemon-hook")).exists();
        assertThat(directory.resolve("inner-hook")).exists();
        assertThat(pids()).noneMatch(Signs::runs);
        assertThat(Files.readString(directory.resolve("out"))).isEqualTo("said on stdout\n");
        assertThat(Files.readAllLines(directory.resolve("err")).stream().filter(line -> !line.startsWith("SLF4J")))
                .containsExactly("said on stderr");
    }

    @Test
    void systemExitTerminatesAllProcessesAlsoWhereTheProgramHasNoStdoutAndNoStderr() throws Exception {
        Process program = start("exit", "/bin/sh", "-c", "exec \"$@\" >&- 2>&-", "sh");
        assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(program.exitValue()).isEqualTo(3);
        assertThat(directory.resolve("worked")).doesNotExist();
        assertThat(directory.resolve("daemon-hook")).exists();
        assertThat(directory.resolve("inner-hook")).exists();
        assertThat(pids()).noneMatch(Signs::runs);
    }

    @Test
    void aProgramThatIsKilledLeavesNoProcessNoDaemonNoGrandchildAndNoneThatWasReady() throws Exception {
        Process program = start("wait");
        Signs.await(directory.resolve("standby"));
        List<Long> pids = pids();
        assertThat(pids).hasSize(4).allMatch(Signs::runs);
        program.destroyForcibly();
        program.waitFor();
        long begin = System.nanoTime();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> pids.stream().noneMatch(Signs::runs));
        System.out.printf(
                "program killed: its process, daemon, grandchild and standby were gone after %d ms%n",
                (System.nanoTime() - begin) / 1_000_000);
    }

    private List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String name : List.of("working", "daemon", "inner", "standby")) {
            if (Files.exists(directory.resolve(name))) {
                pids.add(Long.valueOf(Files.readString(directory.resolve(name)).strip()));
            }
        }
        return pids;
    }

    private Process start(String how, String... shell) throws IOException {
        List<String> command = new ArrayList<>(List.of(shell));
        command.addAll(List.of(
                ChildJvm.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StartingProgram.class.getName(),
                how,
                directory.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(Redirect.to(directory.resolve("out").toFile()))
                .redirectError(Redirect.to(directory.resolve("err").toFile()))
                .start();
    }

    @Test
    void aKillTakesAllThatTheProcessHasStartedFlagsAreInheritedAndDepthHasAnEnd() throws Exception {
        String files = directory.toString();
        WorkerProcess outer = WorkerProcess.builder(() -> {
                    new ProcessBuilder("sleep", "600").start();
                    WorkerProcess.start(() -> {
                        try (Pool pool = Pool.processes(1)) {
                            pool.apply(() -> {
                                WorkerProcess self = WorkerProcess.current();
                                String refused = "";
                                try {
                                    WorkerProcess.start(() -> {});
                                } catch (IllegalStateException e) {
                                    refused = String.valueOf(e.getMessage());
                                }
                                Signs.give(
                                        Path.of(files, "worker"),
                                        self.name(),
                                        self.isDaemon(),
                                        System.getProperty("colour"),
                                        refused);
                                forEver();
                                return 0;
                            });
                        }
                    });
                    Signs.give(
                            Path.of(files, "outer"),
                            WorkerProcess.activeChildren().get(0).name());
                    forEver();
                })
                .name("outer")
                .jvmArgs("-Dcolour=blue")
                .start();
        List<String> worker = Signs.await(directory.resolve("worker"));
        assertThat(worker.subList(0, 3)).containsExactly("pool-worker", "true", "blue");
        assertThat(worker.get(3)).contains("stands inside 3 pools and processes");
        assertThat(Signs.await(directory.resolve("outer"))).containsExactly("outer:1");
        List<Long> family = Stream.concat(
                        Stream.of(outer.pid()),
                        ProcessHandle.of(outer.pid())
                                .orElseThrow()
                                .descendants()
                                .map(ProcessHandle::pid))
                .toList();
        assertThat(family).hasSize(4);
        outer.kill();
        outer.join();

        assertThat(outer.exitCode()).hasValue(-9);
        long begin = System.nanoTime();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> family.stream().noneMatch(Signs::runs));
        System.out.printf(
                "a process with three levels below it was killed; all gone %d ms after join%n",
                (System.nanoTime() - begin) / 1_000_000);
        outer.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SEGMENTATION_FAULT", "KILL"})
    void aDeathIsToldByItsSignal(Faults.Death how) throws Exception {
        try (WorkerProcess process = WorkerProcess.builder(() -> Faults.die(how))
                .output(Output.CAPTURE)
                .start()) {
            process.join();
            int expected = how == Faults.Death.KILL ? -9 : -11;
            assertThat(process.exitCode()).hasValue(expected);
            process.crashReport()
                    .orElseThrow()
                    .files()
                    .forEach(file -> assertThat(file).exists());
            System.out.println(how + ": " + process.crashReport().orElseThrow().summary());
        }
    }

    /** The long form is {@code -Dmultijvm.processes=100}. */
    @Test
    void manyQuickOnesAllExitWithZeroAndManyTerminatedOnesAllTellTheSignal() throws Exception {
        List<WorkerProcess> quick = new ArrayList<>();
        List<WorkerProcess> endless = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            quick.add(WorkerProcess.start(() -> {}));
            endless.add(WorkerProcess.start(ProcessFamilyTest::forEver));
        }
        endless.forEach(WorkerProcess::terminate);
        for (int i = 0; i < MANY; i++) {
            quick.get(i).join();
            endless.get(i).join();
        }
        assertThat(quick).allSatisfy(process -> assertThat(process.exitCode()).hasValue(0));
        assertThat(endless).allSatisfy(process -> assertThat(process.exitCode()).hasValue(-15));
        System.out.printf("%d quick processes: exit code 0 of all; %d terminated ones: -15 of all%n", MANY, MANY);
    }
}
