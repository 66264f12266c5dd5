// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.Pool;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.transport.Hub;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Faults;
import io.multijvm.testkit.Knocker;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.wire.Ticket;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What others can see of a pool does not let them in. */
@PromiseTest
class NobodyElseGetsInTest {
    /** What is logged at the levels that are on by default. */
    private static final class Log extends Handler implements AutoCloseable {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Logger root = Logger.getLogger("");

        Log() {
            root.addHandler(this);
        }

        @Override
        public void publish(LogRecord said) {
            Throwable thrown = said.getThrown();
            heard.add(said.getMessage() + (thrown == null ? "" : " " + thrown));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            root.removeHandler(this);
        }
    }

    @Test
    void noTicketIsInACommandLineAnEnvironmentALogACrashReportOrAFileOfACrash() throws Exception {
        List<String> texts = new ArrayList<>();
        List<String> secrets;
        try (Log log = new Log();
                Pool pool = Pool.processes(2)) {
            List<Long> pids =
                    pool.broadcast(() -> ProcessHandle.current().pid()).stream().toList();
            secrets = secrets();
            assertThat(secrets).hasSizeGreaterThanOrEqualTo(2 * pids.size());
            for (long pid : pids) {
                for (String file : List.of("cmdline", "environ")) {
                    texts.add(read(Path.of("/proc", Long.toString(pid), file)));
                }
            }
            texts.add(pool.apply(() -> String.join("\n", environmentOfAChild())));

            CompletionException thrown = catchThrowableOfType(
                    CompletionException.class,
                    () -> pool.submit(() -> Faults.die(Faults.Death.SEGMENTATION_FAULT))
                            .join());
            WorkerCrashedException crash = (WorkerCrashedException) Objects.requireNonNull(thrown.getCause());
            CrashReport report = crash.report().orElseThrow();
            texts.add(crash + " " + report);
            List<Path> files = report.files();
            assertThat(files).anyMatch(file -> file.endsWith("hs_err.log"));
            Path ofThePool = Objects.requireNonNull(files.get(0).getParent()).getParent();
            try (Stream<Path> all = Files.walk(Objects.requireNonNull(ofThePool))) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    texts.add(file + "\n" + read(file));
                }
            }
            secrets.addAll(secrets());
            texts.addAll(log.heard);
        }
        assertThat(texts).hasSizeGreaterThan(10).allMatch(text -> !text.isEmpty());
        for (String text : texts) {
            assertThat(secrets).noneMatch(text::contains);
        }
        System.out.printf(
                "%d secrets looked for in %d texts, %d bytes: none found%n",
                secrets.size(),
                texts.size(),
                texts.stream().mapToInt(String::length).sum());
    }

    private static List<String> environmentOfAChild() throws IOException {
        Process child = new ProcessBuilder("env").start();
        return child.inputReader().lines().toList();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Of all workers that are expected or connected now. */
    private static List<String> secrets() throws ReflectiveOperationException {
        Object server = field(Hub.class, null, "shared");
        Object tickets = field(server.getClass(), server, "tickets");
        Map<?, ?> expected = (Map<?, ?>) field(tickets.getClass(), tickets, "expected");
        List<String> secrets = new ArrayList<>();
        for (Object registration : expected.values()) {
            Ticket ticket = (Ticket) field(registration.getClass(), registration, "ticket");
            secrets.add(ticket.secret());
            secrets.add(ticket.proof());
        }
        return secrets;
    }

    /** @param of null for a static field */
    private static Object field(Class<?> type, @Nullable Object of, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(of));
    }

    @Test
    void anotherUserCannotConnectToTheSocket() throws Exception {
        String reason = "another user can only be played by root, with setpriv";
        boolean can = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                && Files.isExecutable(Path.of("/usr/bin/setpriv"));
        if (!can) {
            System.out.println("skipped: " + reason);
        }
        assumeTrue(can, reason);
        Path classes = Files.createTempDirectory("knocker");
        try (Pool pool = Pool.processes(1)) {
            Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwxr-xr-x"));
            copyKnocker(classes);
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
            Path socket = socket();

            assertThat(knock(classes, socket, List.of())).isEqualTo("connected: true");
            List<String> nobody = List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
            assertThat(knock(classes, socket, nobody)).isEqualTo("refused: Permission denied");
            assertThat(pool.apply(() -> 2)).isEqualTo(2);
        } finally {
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Path socket() throws ReflectiveOperationException {
        Object server = field(Hub.class, null, "shared");
        String address = field(server.getClass(), server, "address").toString();
        assertThat(address).startsWith("unix:");
        return Path.of(address.substring("unix:".length()));
    }

    private static void copyKnocker(Path classes) throws IOException {
        String name = Knocker.class.getName().replace('.', '/') + ".class";
        Path target = classes.resolve(name);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream in = Objects.requireNonNull(Knocker.class.getResourceAsStream("Knocker.class"))) {
            Files.copy(in, target);
        }
    }

    private static String knock(Path classes, Path socket, List<String> as) throws Exception {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of(
                ChildJvm.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                Knocker.class.getName(),
                socket.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }
}
