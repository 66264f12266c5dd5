// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.Output;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.lineage.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the worker JVMs of one pool. Thread-safe; blocks for some milliseconds, so never on the event loop. */
public final class WorkerLauncher {
    /** Stands for the directory of a worker's files where there is none yet. */
    public static final String PREVIEW_DIRECTORY = "WORKER-FILES";

    static final Path SHELL = Path.of("/bin/sh");

    /**
     * No core dumps, which may be gigabytes; and no Ctrl-C, which the terminal sends to the whole group: the coordinator
     * must be able to drain. The shell becomes the JVM, so pid and signals are the worker's own.
     */
    static final String SCRIPT = "ulimit -c 0; trap \"\" INT; exec \"$@\"";

    /**
     * A kernel that runs short of memory is to take workers before their coordinator, and workers of workers first. Anybody
     * may offer himself; where the system knows no such thing, nothing happens.
     */
    static final String OFFERED_FIRST = "{ read -r adj </proc/self/oom_score_adj"
            + " && echo $((adj > 500 ? 1000 : adj + 500)) >/proc/self/oom_score_adj; } 2>/dev/null; ";

    /** As {@link #SCRIPT}; with a tenth of what the other processes get while the cores are busy. */
    private static final String BACKGROUND_SCRIPT = SCRIPT.replace("exec ", "exec nice -n 10 ");

    private static final String TO_STDERR = " 1>&2";

    private final LaunchSpec spec;
    private final RunDirectory directory;
    private final String mainClass;
    private final @Nullable HeapDump heapDump;
    /** Where output is inherited: whether stdout stays stdout. */
    private final boolean ownStdout;
    /** Null until the first launch, for asking takes a process. */
    private volatile @Nullable String hardStop;

    /** For a pool's workers: their tasks must not write into this JVM's stdout, which may be a program's result. */
    public WorkerLauncher(LaunchSpec spec, RunDirectory directory) {
        this(spec, directory, JavaCommand.WORKER_MAIN, false);
    }

    WorkerLauncher(LaunchSpec spec, RunDirectory directory, String mainClass) {
        this(spec, directory, mainClass, false);
    }

    /** For processes that are no pool's: where output is inherited, theirs goes where this JVM's goes, each stream for itself. */
    public static WorkerLauncher ofProcesses(LaunchSpec spec, RunDirectory directory) {
        return new WorkerLauncher(spec, directory, JavaCommand.WORKER_MAIN, true);
    }

    private WorkerLauncher(LaunchSpec spec, RunDirectory directory, String mainClass, boolean ownStdout) {
        this(
                spec,
                directory,
                mainClass,
                ownStdout,
                heapDump(spec, String.valueOf(directory.path().getFileName())));
    }

    private WorkerLauncher(
            LaunchSpec spec, RunDirectory directory, String mainClass, boolean ownStdout, @Nullable HeapDump heapDump) {
        this.ownStdout = ownStdout;
        this.spec = spec;
        this.directory = directory;
        this.mainClass = mainClass;
        this.heapDump = heapDump;
    }

    /** Starts workers of the same pool that have this heap. */
    public WorkerLauncher withHeap(MemorySize heap) {
        return new WorkerLauncher(spec.withHeap(heap.asFlag()), directory, mainClass, ownStdout, heapDump);
    }

    private static @Nullable HeapDump heapDump(LaunchSpec spec, String pool) {
        Path dumps = spec.memory().dumps();
        return dumps == null ? null : HeapDump.of(dumps, pool);
    }

    /**
     * What a worker would be started with, as a shell takes it. Starts nothing.
     *
     * @throws IOException if there is no java to ask for its version
     */
    public static String preview(LaunchSpec spec) throws IOException {
        Map<String, String> environment = WorkerEnvironment.of(spec, 0);
        LaunchSpec shown = dumping(spec, heapDump(spec, HeapDump.PREVIEW_NAME));
        return JavaCommand.of(shown, Path.of(PREVIEW_DIRECTORY), environment, JavaCommand.WORKER_MAIN)
                .shown();
    }

    /** As it is now: whether a further heap dump is wanted changes while the pool lives. */
    private static LaunchSpec dumping(LaunchSpec spec, @Nullable HeapDump dump) {
        if (dump == null) {
            return spec;
        }
        String heap = spec.heap();
        List<String> args = new ArrayList<>(
                dump.flags(heap == null ? 0 : MemorySize.parse(heap).bytes()));
        args.addAll(spec.jvmArgs());
        return spec.withJvmArgs(args);
    }

    /**
     * Sees to it that workers can leave heap dumps in that directory; a new one is this user's alone.
     *
     * @throws IllegalArgumentException if they cannot
     */
    public static void requireDumpDirectory(Path directory) {
        HeapDump.requireDirectory(directory);
    }

    /**
     * Starts one process and tells it {@code bootstrap}. A process that dies before it has read that is returned like any
     * other, so that its end is explained from what it left.
     *
     * @throws IOException if there is no process: no java, no room for its files, too many processes
     */
    public LaunchedWorker launch(Bootstrap bootstrap) throws IOException {
        Path files = directory.createWorkerDirectory(bootstrap.slot(), bootstrap.incarnation());
        Map<String, String> environment = WorkerEnvironment.of(spec, bootstrap.slot());
        JavaCommand command = JavaCommand.of(dumping(spec, heapDump), files, environment, mainClass);
        List<String> line = command.write(files.resolve("java.args"));

        ProcessBuilder builder = new ProcessBuilder(wrapped(line));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Mark mark = Mark.next();
        builder.environment().put(Mark.VARIABLE, mark.after(System.getenv(Mark.VARIABLE)));
        if (spec.workingDirectory() != null) {
            builder.directory(spec.workingDirectory().toFile());
        }
        OutputFiles output = redirect(builder, files);
        Process process = started(builder, command);
        if (spec.output() == Output.INHERIT && !ownStdout && !hasShell()) {
            copyToStderr(process);
        }
        LaunchedWorker worker =
                new LaunchedWorker(process, mark, files, output, line, command.trial(), spec.memory(), heapDump);
        worker.tell(
                output.equals(OutputFiles.NONE) ? bootstrap : bootstrap.capturedIn(output.stdout(), output.stderr()));
        return worker;
    }

    private List<String> wrapped(List<String> line) {
        if (!hasShell()) {
            return line;
        }
        String script = OFFERED_FIRST + hardStop() + (spec.background() ? BACKGROUND_SCRIPT : SCRIPT);
        if (spec.output() == Output.INHERIT && !ownStdout) {
            script += TO_STDERR;
        }
        List<String> wrapped = new ArrayList<>(List.of(SHELL.toString(), "-c", script, "sh"));
        wrapped.addAll(line);
        return wrapped;
    }

    private String hardStop() {
        String script = hardStop;
        if (script == null) {
            // by two threads at once it is asked twice, with the same answer
            script = HardStop.script(spec.memory().limitBytes());
            hardStop = script;
        }
        return script;
    }

    private OutputFiles redirect(ProcessBuilder builder, Path files) throws IOException {
        switch (spec.output()) {
            case CAPTURE -> {
                OutputFiles output = new OutputFiles(files.resolve("stdout.log"), files.resolve("stderr.log"));
                PrivateFiles.write(output.stdout(), ByteBuffer.allocate(0));
                PrivateFiles.write(output.stderr(), ByteBuffer.allocate(0));
                builder.redirectOutput(Redirect.appendTo(output.stdout().toFile()));
                builder.redirectError(Redirect.appendTo(output.stderr().toFile()));
                return output;
            }
            case INHERIT -> {
                builder.redirectError(Redirect.INHERIT);
                builder.redirectOutput(ownStdout ? Redirect.INHERIT : hasShell() ? Redirect.DISCARD : Redirect.PIPE);
            }
            case DISCARD -> {
                builder.redirectError(Redirect.DISCARD);
                builder.redirectOutput(Redirect.DISCARD);
            }
        }
        return OutputFiles.NONE;
    }

    private Process started(ProcessBuilder builder, JavaCommand command) throws IOException {
        if (!Files.isExecutable(command.java())) {
            throw new IOException("no worker can be started: there is no " + command.java()
                    + " that can be run; give a javaHome that has bin/java in it");
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "no worker can be started with " + command.java() + ": " + e.getMessage()
                            + "; look at the limits on processes and open files (ulimit -u, ulimit -n)",
                    e);
        }
    }

    /** Where no shell can turn one stream into the other. */
    private static void copyToStderr(Process process) {
        Thread copier = new Thread(
                () -> {
                    try {
                        process.getInputStream().transferTo(System.err);
                    } catch (IOException e) {
                        throw new UncheckedIOException("stdout of worker pid " + process.pid() + " broke off", e);
                    }
                },
                "multijvm-output-" + process.pid());
        copier.setDaemon(true);
        copier.start();
    }

    static boolean hasShell() {
        return Files.isExecutable(SHELL);
    }
}
