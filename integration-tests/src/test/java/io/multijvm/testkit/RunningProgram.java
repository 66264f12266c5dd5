// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.cli.MultijvmMain;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The program in a JVM of its own, with its stderr in a file or on a terminal that {@code script} plays. */
public final class RunningProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** As bin/multijvm does it: newer JVMs warn on stderr of what our libraries do on purpose. */
    private static final int UNSAFE_WARNS_SINCE = 24;

    /** Starts what follows with its ears for Ctrl-C. */
    private static final List<String> HEALED = List.of("env", "--default-signal=INT");

    private final Process process;
    private final Path written;

    private RunningProgram(Process process, Path written) {
        this.process = process;
        this.written = written;
    }

    /** Stdout goes to {@code out} in that directory, stderr to a file as well. */
    public static RunningProgram piped(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(err.toFile());
        return start(builder, environment, err);
    }

    /** Stdin and stderr are a terminal of that width, stdout is {@code out} in that directory. */
    public static RunningProgram onTerminal(
            int columns, Path directory, Map<String, String> environment, List<String> arguments) throws IOException {
        assumeScript();
        String quoted = command(arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        String line = "stty rows 24 cols " + columns + "; exec " + quoted + " > '" + directory.resolve("out") + "'";
        Path screen = directory.resolve("screen");
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec", line, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        return start(builder, environment, screen);
    }

    private static RunningProgram start(ProcessBuilder builder, Map<String, String> environment, Path written)
            throws IOException {
        Map<String, String> variables = builder.environment();
        List.of("CI", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE")
                .forEach(variables::remove);
        variables.putAll(Map.of("TERM", "xterm", "LANG", "C.UTF-8", "SHELL", "/bin/sh"));
        variables.putAll(environment);
        return new RunningProgram(builder.start(), written);
    }

    private static List<String> command(List<String> arguments) {
        // not the logging interface that a library of the tests brings: it warns on stderr of having nothing to log to
        String classPath = Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("slf4j-"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                ChildJvm.java().toString(), "-Xmx128m", "--enable-native-access=ALL-UNNAMED", "-cp", classPath));
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            command.add(1, "--sun-misc-unsafe-memory-access=allow");
        }
        if (bornDeaf() && envCanHeal()) {
            command.addAll(0, HEALED);
        }
        command.add(MultijvmMain.class.getName());
        command.addAll(arguments);
        return command;
    }

    /** Skips the test, and says so, where nobody can play a terminal. */
    private static void assumeScript() {
        boolean there = false;
        try {
            Process version = new ProcessBuilder("script", "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(version.getInputStream().readAllBytes(), UTF_8);
            there = version.waitFor() == 0 && said.contains("util-linux");
        } catch (IOException e) {
            // not there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!there) {
            System.out.println("skipped: there is no script of util-linux here that could play a terminal");
        }
        Assumptions.assumeTrue(there, "no script of util-linux");
    }

    /** Skips the test, and says so, where this JVM's children are born deaf to Ctrl-C and nobody can give them their ears. */
    public static void assumeInterruptible() {
        boolean hears = !bornDeaf() || envCanHeal();
        if (!hears) {
            System.out.println("skipped: SIGINT is ignored here, as behind a shell's &, and this env cannot undo that");
        }
        Assumptions.assumeTrue(hears, "SIGINT is ignored here");
    }

    /** As behind the {@code &} of a shell without job control. */
    private static boolean bornDeaf() {
        Path status = Path.of("/proc/self/status");
        try (Stream<String> lines = Files.exists(status) ? Files.lines(status) : Stream.empty()) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The env of coreutils since 8.31 can. */
    private static boolean envCanHeal() {
        try {
            List<String> trial = new ArrayList<>(HEALED);
            trial.add("true");
            return new ProcessBuilder(trial)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A job jar of one class. */
    public static Path jobJar(Path jar, Class<?> job) throws IOException {
        String name = job.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream bytes = job.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            Objects.requireNonNull(bytes, name).transferTo(out);
        }
        return jar;
    }

    /** Waits until stderr, or the terminal, has shown this. */
    public void awaitWritten(String text) {
        await("\"" + text + "\" on stderr")
                .atMost(PATIENCE)
                .until(() -> written().contains(text));
    }

    /** All that stderr, or the terminal, was sent so far. */
    public String written() throws IOException {
        return Files.readString(written);
    }

    /** Presses keys on the terminal, or writes to stdin. */
    public void type(String keys) throws IOException {
        OutputStream stdin = process.getOutputStream();
        stdin.write(keys.getBytes(UTF_8));
        stdin.flush();
    }

    /** Sends a signal by its name. Not for a program on a terminal, which is script's child. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Waits for the end. */
    public int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the program did not end within " + PATIENCE + "; it wrote\n" + written());
        }
        return process.exitValue();
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
