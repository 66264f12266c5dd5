// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.wire.net.Transport;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Another JVM of this program: its class path, its {@code java}, the flags and the environment that workers get as well.
 * Its stdin is its life-line, as a worker's is: when this JVM is gone, it ends. Thread-safe.
 */
public final class ProgramJvm {
    /** A process that was killed is gone at once, but on a machine that swaps. */
    private static final Duration REAPING = Duration.ofSeconds(10);

    /** For its files when this JVM is going down: nobody wants to wait for us then. */
    private static final Duration HURRY = Duration.ofSeconds(1);

    private final AutoCloseable onExit;
    private final Process process;
    private final Path directory;
    private final OutputFiles output;
    private final List<String> flags;

    private ProgramJvm(Process process, Path directory, OutputFiles output, List<String> flags) {
        this.process = process;
        this.directory = directory;
        this.output = output;
        this.flags = List.copyOf(flags);
        onExit = () -> end(HURRY);
        ExitCleanup.addProcess(onExit);
    }

    /**
     * Starts it.
     *
     * @param heap its largest heap
     * @param jvmArgs further flags, which win
     * @param directory empty and this user's alone; takes its output and its fatal-error log
     * @throws IOException if there is no process
     */
    public static ProgramJvm start(
            Class<?> main, List<String> arguments, MemorySize heap, List<String> jvmArgs, Path directory)
            throws IOException {
        JavaVersion version = JavaVersion.of(JavaVersion.program(null));
        Map<String, String> environment = WorkerEnvironment.of(System.getenv(), Map.of(), true);
        List<String> flags = flags(version, heap, jvmArgs, directory);
        List<String> written = new ArrayList<>(flags);
        written.addAll(List.of("-cp", String.join(File.pathSeparator, WorkerClassPath.of(List.of()))));
        Path argFile = directory.resolve("java.args");
        ArgFile.write(argFile, written);

        List<String> line = new ArrayList<>();
        if (WorkerLauncher.hasShell()) {
            line.addAll(List.of(WorkerLauncher.SHELL.toString(), "-c", WorkerLauncher.SCRIPT, "sh"));
        }
        line.addAll(List.of(version.java().toString(), "@" + argFile, main.getName()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().putAll(environment);
        OutputFiles output = new OutputFiles(directory.resolve("stdout.log"), directory.resolve("stderr.log"));
        PrivateFiles.write(output.stdout(), ByteBuffer.allocate(0));
        PrivateFiles.write(output.stderr(), ByteBuffer.allocate(0));
        builder.redirectOutput(Redirect.appendTo(output.stdout().toFile()));
        builder.redirectError(Redirect.appendTo(output.stderr().toFile()));
        return new ProgramJvm(builder.start(), directory, output, flags);
    }

    private static List<String> flags(JavaVersion version, MemorySize heap, List<String> jvmArgs, Path directory) {
        List<String> flags = new ArrayList<>(List.of("-Xmx" + heap.asFlag()));
        String log = directory.resolve(RunDirectory.FATAL_ERROR_LOG).toString();
        flags.add("-XX:ErrorFile=" + log.replace("%", "%%"));
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (version.feature() >= JavaCommand.UNSAFE_FLAG_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        String eventLoop = System.getProperty(Transport.PROPERTY);
        if (eventLoop != null) {
            flags.add("-D" + Transport.PROPERTY + "=" + eventLoop);
        }
        // what such a JVM measures must not wait for an archive that is being made meanwhile
        flags.add("-D" + ArchiveDirectory.PROPERTY + "="
                + System.getProperty(ArchiveDirectory.PROPERTY, ArchiveDirectory.READ));
        flags.addAll(InheritedArguments.safeSubset(
                ManagementFactory.getRuntimeMXBean().getInputArguments()));
        flags.addAll(jvmArgs);
        return flags;
    }

    /** The flags that its JVM was given. */
    public List<String> flags() {
        return flags;
    }

    /** Its own process and all that descend from it, as far as they live. */
    public Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Waits for its end; false if that does not come within the time. */
    public boolean await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Its exit status as its parent sees it; only once it has ended. */
    public int exitValue() {
        return process.exitValue();
    }

    /** How it ended, in words; only once it has. A crash ends in an abort, so the JVM's own log knows better. */
    public String ending() {
        return FatalErrorLog.read(directory.resolve(RunDirectory.FATAL_ERROR_LOG))
                .filter(log -> !log.signal().isEmpty())
                .map(log -> "killed by " + log.signal())
                .orElseGet(() -> new ExitStatus(process.exitValue()).words());
    }

    /**
     * Ends it, with all its processes: closes the life-line, upon which it should put away its files and go, and kills
     * what is left of them after {@code grace}. Returns when it has ended; an interrupt is kept for afterwards.
     */
    public void end(Duration grace) {
        List<ProcessHandle> all = processes().toList();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // the pipe is broken, so it has ended already
        }
        boolean interrupted = awaitUninterruptibly(grace);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly); // those that were its children when it still lived
        interrupted |= awaitUninterruptibly(REAPING);
        ExitCleanup.remove(onExit);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the thread was interrupted meanwhile. */
    private boolean awaitUninterruptibly(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** The last lines that it wrote. */
    public List<String> lastOutput(int lines) {
        return output.last(lines);
    }

    /** Cuts the head off its output where that has outgrown its bound. */
    public void boundOutput() {
        output.bound(OutputFiles.CAP_BYTES);
    }
}
