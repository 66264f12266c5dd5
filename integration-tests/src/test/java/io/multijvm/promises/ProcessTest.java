// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.Output;
import io.multijvm.WorkerProcess;
import io.multijvm.WorkerProcessBuilder;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.Waitable;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.testkit.SharedPoolTest;
import io.multijvm.testkit.Signs;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own begins and runs as one of Python's does, in the words of a JVM. */
@SharedPoolTest
class ProcessTest extends ProcessesAtHand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aProcessKnowsWhoItIsAndWhoHasStartedItAndEndsWithZero() throws Exception {
        String file = directory.resolve("self").toString();
        String go = directory.resolve("go").toString();
        try (WorkerProcess process = WorkerProcess.builder(() -> {
                    WorkerProcess self = WorkerProcess.current();
                    WorkerProcess parent = WorkerProcess.parent().orElseThrow();
                    Signs.give(
                            Path.of(file),
                            self.name(),
                            self.pid(),
                            self.isAlive(),
                            self.isDaemon(),
                            self.exitCode().isPresent(),
                            parent.name(),
                            parent.pid(),
                            Thread.currentThread().getName());
                    Signs.await(Path.of(go));
                })
                .name("loader")
                .start()) {
            assertThat(process.isAlive()).isTrue();
            assertThat(process.exitCode()).isEmpty();
            assertThat(process.isReady()).isFalse();
            assertThat(WorkerProcess.activeChildren()).containsExactly(process);
            assertThat(Signs.await(Path.of(file)))
                    .containsExactly(
                            "loader",
                            Long.toString(process.pid()),
                            "true",
                            "false",
                            "false",
                            "main",
                            Long.toString(ProcessHandle.current().pid()),
                            "main");
            assertThat(process.join(Duration.ZERO)).isFalse();
            assertThat(process.join(Duration.ofSeconds(-1))).isFalse();

            CompletableFuture<WorkerProcess> exit = process.onExit();
            Signs.give(Path.of(go));
            process.join();

            assertThat(exit.join()).isSameAs(process);
            assertThat(process.isAlive()).isFalse();
            assertThat(process.exitCode()).hasValue(0);
            assertThat(process.crashReport()).isEmpty();
            assertThat(process.isReady()).isTrue();
            assertThat(WorkerProcess.activeChildren()).isEmpty();
        }
        assertThat(WorkerProcess.parent()).isEmpty();
        assertThat(WorkerProcess.current().name()).isEqualTo("main");
        assertThat(WorkerProcess.current().isDaemon()).isFalse();
        assertThatThrownBy(WorkerProcess.current()::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this process itself");
    }

    @Test
    void aBuilderSettlesHowItsProcessesAreAndMayBeUsedAgain() throws Exception {
        AtomicReference<String> captured = new AtomicReference<>("first");
        String files = directory.toString();
        WorkerProcessBuilder builder = WorkerProcess.builder(() -> Signs.give(
                        Path.of(files, captured.get()),
                        Path.of("").toAbsolutePath(),
                        System.getenv("DEVICE"),
                        System.getProperty("colour"),
                        Runtime.getRuntime().maxMemory() >> 20,
                        WorkerProcess.current().isDaemon()))
                .env(Map.of("DEVICE", "7"))
                .heap("48m")
                .jvmArgs("-Dcolour=red")
                .javaHome(Path.of(System.getProperty("java.home")))
                .workingDirectory(directory)
                .daemon(true);
        WorkerProcess first = builder.start();
        captured.set("second");
        WorkerProcess second = builder.start();
        first.join();
        second.join();

        assertThat(List.of(first.exitCode().orElseThrow(), second.exitCode().orElseThrow()))
                .containsExactly(0, 0);
        for (String each : List.of("first", "second")) {
            List<String> said = Signs.await(directory.resolve(each));
            assertThat(said.subList(0, 3))
                    .containsExactly(directory.toRealPath().toString(), "7", "red");
            assertThat(Integer.parseInt(said.get(3))).isBetween(40, 48);
            assertThat(said.get(4)).isEqualTo("true");
        }
        assertThat(first.name()).isNotEqualTo(second.name());
    }

    /** A task with a state and methods, some of which its subclasses have; the program talks to it by them. */
    private abstract static class Answers implements SerializableRunnable {
        private final PipeEnd<String> program;
        private final PipeEnd<String> process;

        Answers(SharedPipe<String> pipe) {
            this.program = pipe.left();
            this.process = pipe.right();
        }

        abstract String answer(String question);

        @Override
        public final void runOrThrow() throws InterruptedException {
            try (process) {
                for (String next = process.receive(); !next.isEmpty(); next = process.receive()) {
                    process.send(answer(next));
                }
            }
        }

        final String ask(String question) throws InterruptedException {
            program.send(question);
            return program.receive();
        }

        final void enough() throws InterruptedException {
            program.send("");
        }
    }

    private static final class UpperCaser extends Answers {
        private final String mark;

        UpperCaser(SharedPipe<String> pipe, String mark) {
            super(pipe);
            this.mark = mark;
        }

        @Override
        String answer(String question) {
            return question.toUpperCase(Locale.ROOT)
                    + mark
                    + ProcessHandle.current().pid();
        }
    }

    @Test
    void aTaskMayBeOfASubclassWithAStateAndMethodsOfItsOwn() throws Exception {
        try (Manager manager = Manager.start()) {
            UpperCaser task = new UpperCaser(manager.pipe(), " by ");
            try (WorkerProcess process = WorkerProcess.start(task)) {
                assertThat(task.ask("hello")).isEqualTo("HELLO by " + process.pid());
                assertThat(task.ask("world")).isEqualTo("WORLD by " + process.pid());
                task.enough();
                process.join();
                assertThat(process.exitCode()).hasValue(0);
            }
        }
    }

    @Test
    void whatCannotCrossIsRefusedAtTheCallAndNoProcessIsStarted() {
        Thread thread = Thread.currentThread();
        assertThatThrownBy(() -> WorkerProcess.start(() -> System.out.println(thread)))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("task");
        assertThat(WorkerProcess.activeChildren()).isEmpty();
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        WorkerProcessBuilder builder = WorkerProcess.builder(() -> {});
        assertThatThrownBy(() -> builder.name(" ")).hasMessageContaining("name");
        assertThatThrownBy(() -> builder.heap("lots")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WorkerProcess.standby(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> WorkerProcess.builder(() -> {})
                        .javaHome(Path.of("/nowhere"))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere");
    }

    @Test
    void aJvmThatDoesNotStartIsToldInTheReportInItsOwnWords() throws Exception {
        WorkerProcess process = WorkerProcess.builder(() -> {})
                .jvmArgs("-XX:+NoSuchFlag")
                .output(Output.CAPTURE)
                .start();
        process.join();

        assertThat(process.exitCode()).hasValue(1);
        CrashReport report = process.crashReport().orElseThrow();
        assertThat(report.kind()).isEqualTo(DeathKind.FAILED_START);
        assertThat(report.what()).contains("Unrecognized VM option 'NoSuchFlag'");
    }

    @Test
    void aLargeArgumentArrivesAndTheStarterKeepsNothingOfIt() throws Exception {
        String sum = directory.resolve("sum").toString();
        List<WorkerProcess> started = new ArrayList<>();
        WeakReference<byte[]> held = startWithLarge(sum, started);
        assertThat(Signs.await(Path.of(sum))).containsExactly(Integer.toString(3 * (6 << 20)));
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            return held.get() == null;
        });
        assertThat(started.get(0).isAlive()).isTrue();
        started.get(0).kill();
        started.get(0).close();
    }

    private static WeakReference<byte[]> startWithLarge(String sum, List<WorkerProcess> started) {
        byte[] large = new byte[6 << 20];
        Arrays.fill(large, (byte) 3);
        started.add(WorkerProcess.start(() -> {
            int total = 0;
            for (byte each : large) {
                total += each;
            }
            Signs.give(Path.of(sum), total);
            forEver();
        }));
        return new WeakReference<>(large);
    }

    @Test
    void aProcessIsTakenFromThoseThatAreReadyAndAReadyOneThatDiesIsReplaced() throws Exception {
        await().atMost(PATIENCE).until(() -> WorkerProcess.standbysReady() == 1);
        long ready = onlyChild();
        ProcessHandle.of(ready).orElseThrow().destroyForcibly();
        await().atMost(PATIENCE).until(() -> WorkerProcess.standbysReady() == 1 && onlyChildOr(ready) != ready);

        long next = onlyChild();
        long begin = System.nanoTime();
        WorkerProcess process = WorkerProcess.start(() -> {});
        process.join();
        long millis = (System.nanoTime() - begin) / 1_000_000;

        assertThat(process.pid()).isEqualTo(next);
        assertThat(process.exitCode()).hasValue(0);
        System.out.printf("from a standby, start and join: %d ms%n", millis);
    }

    private static long onlyChild() {
        return onlyChildOr(0);
    }

    /** While one comes up in place of another there are none, or two. */
    private static long onlyChildOr(long otherwise) {
        List<Long> children = ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .toList();
        return children.size() == 1 ? children.get(0) : otherwise;
    }

    @Test
    void severalProcessesAreWaitedForTogether() throws Exception {
        String go = directory.resolve("go").toString();
        WorkerProcess long1 =
                WorkerProcess.builder(ProcessTest::forEver).daemon(true).start();
        WorkerProcess short1 = WorkerProcess.start(() -> Signs.await(Path.of(go)));
        List<WorkerProcess> both = List.of(long1, short1, short1);
        assertThat(Waitable.any(Duration.ofMillis(20), both)).isEmpty();
        Signs.give(Path.of(go));

        assertThat(Waitable.any(PATIENCE, both)).containsExactly(short1);
        long1.close();
        assertThat(short1.exitCode()).hasValue(0);
    }

    @Test
    void aProcessHasNoMoreDescriptorsThanItsOlderSiblingAndNoneOfItsParents() throws Exception {
        String files = directory.toString();
        Path open = Files.createFile(directory.resolve("open-in-the-parent"));
        try (InputStream held = Files.newInputStream(open)) {
            assertThat(held.available()).isZero();
            List<Integer> counts = descriptorsOfSiblings(files);
            System.out.println("descriptors of three siblings: " + counts);
            assertThat(counts)
                    .isNotEmpty()
                    .allMatch(count -> count > 0)
                    .allMatch(count -> Math.abs(count - counts.get(0)) <= 1);
        }
    }

    private static List<Integer> descriptorsOfSiblings(String files) throws IOException {
        List<WorkerProcess> processes = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String file = files + "/" + i;
            processes.add(WorkerProcess.builder(() -> {
                        Signs.give(Path.of(file), descriptors());
                        forEver();
                    })
                    .daemon(true)
                    .start());
            counts.add(Integer.valueOf(Signs.await(Path.of(file)).get(0)));
        }
        processes.forEach(WorkerProcess::terminate);
        processes.forEach(WorkerProcess::close);
        return counts;
    }

    /** How many this process has; -1000 if one of them is its parent's. */
    private static int descriptors() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                boolean parents = Files.exists(each, LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(each).endsWith("open-in-the-parent");
                count += parents ? -1000 : 1;
            }
        }
        return count;
    }
}
