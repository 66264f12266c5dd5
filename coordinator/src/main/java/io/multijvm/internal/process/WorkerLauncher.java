// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.Output;
import io.multijvm.wire.Bootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /** As {@link #SCRIPT}; with a tenth of what the other processes get while the cores are busy. */
    private static final String BACKGROUND_SCRIPT = SCRIPT.replace("exec ", "exec nice -n 10 ");

    /** Tasks must not write into the coordinator's stdout, which may be a program's result. */
    private static final String TO_STDERR = " 1>&2";

    private final LaunchSpec spec;
    private final RunDirectory directory;
    private final String mainClass;

    public WorkerLauncher(LaunchSpec spec, RunDirectory directory) {
        this(spec, directory, JavaCommand.WORKER_MAIN);
    }

    WorkerLauncher(LaunchSpec spec, RunDirectory directory, String mainClass) {
        this.spec = spec;
        this.directory = directory;
        this.mainClass = mainClass;
    }

    /**
     * What a worker would be started with, as a shell takes it. Starts nothing.
     *
     * @throws IOException if there is no java to ask for its version
     */
    public static String preview(LaunchSpec spec) throws IOException {
        Map<String, String> environment = WorkerEnvironment.of(spec, 0);
        return JavaCommand.of(spec, Path.of(PREVIEW_DIRECTORY), environment, JavaCommand.WORKER_MAIN)
                .shown();
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
        JavaCommand command = JavaCommand.of(spec, files, environment, mainClass);
        List<String> line = command.write(files.resolve("java.args"));

        ProcessBuilder builder = new ProcessBuilder(wrapped(line));
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (spec.workingDirectory() != null) {
            builder.directory(spec.workingDirectory().toFile());
        }
        OutputFiles output = redirect(builder, files);
        Process process = started(builder, command);
        if (spec.output() == Output.INHERIT && !hasShell()) {
            copyToStderr(process);
        }
        LaunchedWorker worker = new LaunchedWorker(process, files, output, line, command.trial());
        worker.tell(
                output.equals(OutputFiles.NONE) ? bootstrap : bootstrap.capturedIn(output.stdout(), output.stderr()));
        return worker;
    }

    private List<String> wrapped(List<String> line) {
        if (!hasShell()) {
            return line;
        }
        String script = spec.background() ? BACKGROUND_SCRIPT : SCRIPT;
        if (spec.output() == Output.INHERIT) {
            script += TO_STDERR;
        }
        List<String> wrapped = new ArrayList<>(List.of(SHELL.toString(), "-c", script, "sh"));
        wrapped.addAll(line);
        return wrapped;
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
                builder.redirectOutput(hasShell() ? Redirect.DISCARD : Redirect.PIPE);
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
