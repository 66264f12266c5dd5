// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker has left is found by its mark, and nothing else is touched. */
class OffspringTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ProcessHandle> started = new ArrayList<>();
    private final Mark dead = Mark.next();

    @BeforeEach
    void needProc() {
        assumeTrue(new File("/proc/self/stat").exists(), "there is no /proc");
    }

    @AfterEach
    void end() {
        started.forEach(ProcessHandle::destroyForcibly);
        // a search is waited for no longer than its limit, and one for our own would find what the next test starts
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("multijvm-offspring")));
    }

    @Test
    void whatADeadWorkerHasLeftEndsAndWhatAnotherHasStartedDoesNot() throws Exception {
        List<ProcessHandle> left = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            left.add(orphan(dead.after(null), "sleep 600"));
        }
        ProcessHandle inner = orphan(Mark.next().after(dead.after(Mark.next().toString())), "sleep 600");
        ProcessHandle ofAWorkerOfIt = orphan(dead.after(Mark.next().toString()), "sleep 600");
        ProcessHandle another = orphan(Mark.next().after(null), "sleep 600");
        ProcessHandle similar = orphan(dead + "0", "sleep 600");

        Offspring.endOf(dead);

        await().atMost(PATIENCE).until(() -> left.stream().noneMatch(OffspringTest::runs));
        await().atMost(PATIENCE).until(() -> !runs(inner) && !runs(ofAWorkerOfIt));
        assertThat(runs(another)).isTrue();
        assertThat(runs(similar)).isTrue();
    }

    /** An item that is begun again relies on it. */
    @Test
    void whatADeadWorkerHasLeftHasEndedWhenTheCallReturns() throws Exception {
        List<ProcessHandle> left = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            left.add(orphan(dead.after(null), "sleep 600"));
        }

        Offspring.endOf(dead);
        List<ProcessHandle> run = left.stream().filter(OffspringTest::runs).toList();

        assertThat(run).isEmpty();
    }

    @Test
    void aProgramWithASessionOfItsOwnIsLeftAlone() throws Exception {
        assumeTrue(new File("/usr/bin/setsid").canExecute(), "there is no setsid");
        ProcessHandle daemon = orphan(dead.after(null), "setsid sleep 600");
        // it has its session once it is the other program
        await().atMost(PATIENCE).until(() -> sessionOf(daemon) == daemon.pid());
        ProcessHandle child = orphan(dead.after(null), "sleep 600");

        Offspring.endOf(dead);

        await().atMost(PATIENCE).until(() -> !runs(child));
        assertThat(runs(daemon)).isTrue();
    }

    @Test
    void aCoordinatorsWorkersEndTogetherWhateverTheirNumbers() throws Exception {
        ProcessStamp ours = dead.coordinator();
        ProcessStamp gone = new ProcessStamp(ours.pid(), ours.start() + 1, ours.place());
        ProcessHandle first = orphan(new Mark(gone, dead.session(), 1).after(null), "sleep 600");
        ProcessHandle second = orphan(new Mark(gone, dead.session(), 12).after(null), "sleep 600");
        ProcessHandle ofOurs = orphan(dead.after(null), "sleep 600");

        Offspring.endOf(gone, PATIENCE);

        await().atMost(PATIENCE).until(() -> !runs(first) && !runs(second));
        assertThat(runs(ofOurs)).isTrue();
    }

    @Test
    void childrenThatLiveAreFoundWithoutAMark() throws Exception {
        Process child = new ProcessBuilder("/bin/sh", "-c", "env -i sleep 600 & echo $!; wait; exec sleep 600").start();
        try (var said = child.inputReader()) {
            ProcessHandle grandchild =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            started.add(grandchild);

            Offspring.endOwn();

            assertThat(child.waitFor()).isEqualTo(128 + 9);
            await().atMost(PATIENCE).until(() -> !runs(grandchild));
        }
    }

    /** Its parent ends at once, so that nothing but its environment tells where it comes from. */
    private ProcessHandle orphan(String marks, String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command + " >/dev/null </dev/null & echo $!");
        builder.environment().put(Mark.VARIABLE, marks);
        Process shell = builder.start();
        try (var said = shell.inputReader()) {
            ProcessHandle orphan =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            started.add(orphan);
            shell.waitFor();
            // its environment is there once it is the other program
            String program = command.substring(0, command.indexOf(' '));
            await().atMost(PATIENCE)
                    .until(() -> orphan.info().command().orElse("").contains("sleep") || program.equals("setsid"));
            return orphan;
        }
    }

    private static long sessionOf(ProcessHandle process) {
        ProcStat stat = ProcStat.of(process.pid());
        return stat == null ? -1 : stat.session();
    }

    private static boolean runs(ProcessHandle process) {
        ProcStat stat = ProcStat.of(process.pid());
        return stat != null && !stat.ended();
    }
}
