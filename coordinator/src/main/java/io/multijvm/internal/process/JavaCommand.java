// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a worker's JVM is told, made for the version of the {@code java} that will read it.
 *
 * @param java the program
 * @param flags in order; what the user gave comes last and so wins
 * @param classPath absolute entries
 * @param mainClass of the worker
 */
record JavaCommand(Path java, List<String> flags, List<String> classPath, String mainClass) {
    /** The class that a worker JVM runs. */
    static final String WORKER_MAIN = "io.multijvm.worker.WorkerMain";

    /** From this version on, a JVM complains about {@code sun.misc.Unsafe} unless told otherwise; earlier ones refuse the flag. */
    static final int UNSAFE_FLAG_SINCE = 24;

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");
    private static final String G1 = "-XX:+UseG1GC";

    JavaCommand {
        flags = List.copyOf(flags);
        classPath = List.copyOf(classPath);
    }

    /** The command for a worker whose files lie in {@code directory} and whose environment is {@code environment}. */
    static JavaCommand of(LaunchSpec spec, Path directory, Map<String, String> environment, String mainClass)
            throws IOException {
        JavaVersion version = JavaVersion.of(JavaVersion.program(spec.javaHome()));
        return of(spec, version, directory, environment, mainClass, ownArguments());
    }

    static JavaCommand of(
            LaunchSpec spec,
            JavaVersion version,
            Path directory,
            Map<String, String> environment,
            String mainClass,
            List<String> ownArguments) {
        List<String> flags = new ArrayList<>(spec.memory().flags());
        flags.add("-XX:ActiveProcessorCount=" + spec.activeProcessors());
        flags.add("-XX:+ExitOnOutOfMemoryError");
        // The JVM reads %p in this path as its pid; any other % in it must come twice.
        flags.add("-XX:ErrorFile="
                + directory.resolve(RunDirectory.FATAL_ERROR_LOG).toString().replace("%", "%%"));
        List<String> chosen = new ArrayList<>(WorkerEnvironment.options(environment));
        chosen.addAll(spec.jvmArgs());
        flags.addAll(collector(chosen));
        flags.add("--enable-native-access=ALL-UNNAMED");
        if (version.feature() >= UNSAFE_FLAG_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        flags.addAll(InheritedArguments.safeSubset(ownArguments));
        ClassArchive.of(spec, version, WorkerEnvironment.options(environment))
                .ifPresent(archive -> flags.addAll(archive.flags()));
        flags.addAll(spec.jvmArgs());
        return new JavaCommand(version.java(), flags, WorkerClassPath.of(spec.classPath()), mainClass);
    }

    /** Writes flags and class path into a new file; returns the short command line that names it. */
    List<String> write(Path argFile) throws IOException {
        ArgFile.write(argFile, arguments());
        return List.of(java.toString(), "@" + argFile, mainClass);
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(flags);
        arguments.add("-cp");
        arguments.add(String.join(File.pathSeparator, classPath));
        return arguments;
    }

    /** The whole command line, as a shell takes it. */
    String shown() {
        List<String> words = new ArrayList<>(List.of(java.toString()));
        words.addAll(arguments());
        words.add(mainClass);
        return ShellWords.joined(words);
    }

    /**
     * A command that shows by hand whether this JVM takes these flags. Without properties, for they may hold secrets and
     * never keep a JVM from starting, and without the files of a worker that is gone.
     */
    String trial() {
        List<String> words = new ArrayList<>(List.of(java.toString()));
        flags.stream()
                .filter(flag -> !flag.startsWith("-D")
                        && !flag.startsWith("-XX:ErrorFile=")
                        && !flag.startsWith("-XX:HeapDumpPath="))
                .forEach(words::add);
        words.add("-version");
        return ShellWords.joined(words);
    }

    /**
     * A worker has one core's share, for which the serial collector is right; but outside of G1 a compiled counted loop
     * has no safepoint, and a worker that spins in one would not notice for seconds that its coordinator is gone.
     */
    private static List<String> collector(List<String> chosen) {
        List<String> collectors = chosen.stream()
                .filter(flag -> COLLECTOR.matcher(flag).matches())
                .toList();
        if (collectors.contains(G1)) {
            return List.of();
        }
        List<String> flags = new ArrayList<>();
        if (collectors.isEmpty()) {
            flags.add("-XX:+UseSerialGC");
        }
        flags.add("-XX:+UseCountedLoopSafepoints");
        flags.add("-XX:LoopStripMiningIter=1000");
        return flags;
    }

    private static List<String> ownArguments() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
}
