// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.Output;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a worker was started, as far as it can be written down and done again: all that was left to this JVM is named. Holds no
 * secrets: of environment variables the names alone, and of properties whose names sound like a secret.
 *
 * @param javaHome the workers' JDK or JRE
 * @param java its version, 17 or 21; 0 if that could not be found out
 * @param heap their largest heap as {@code 512m}; null for the JVM's own choice
 * @param jvmArgs further flags, those that come from this JVM's own command line first
 * @param withheld names of properties that were given a value that is not written down
 * @param variables names of environment variables that were set for the workers
 * @param workingDirectory where they run
 * @param classPath all of it
 * @param processors how many cores they believe to have
 */
public record LaunchFacts(
        Path javaHome,
        int java,
        @Nullable String heap,
        List<String> jvmArgs,
        List<String> withheld,
        List<String> variables,
        Path workingDirectory,
        List<Path> classPath,
        int processors) {
    private static final Pattern SECRET = Pattern.compile(
            "pass|pwd|secret|token|credential|private.?key|api.?key|access.?key", Pattern.CASE_INSENSITIVE);

    private static final List<String> HEAP = List.of("-Xmx", "-Xms", "-XX:MaxHeapSize=", "-XX:InitialHeapSize=");

    public LaunchFacts {
        jvmArgs = List.copyOf(jvmArgs);
        withheld = List.copyOf(withheld);
        variables = List.copyOf(variables);
        classPath = List.copyOf(classPath);
    }

    /** Of the processes of a slot. Asks for the slot's variables, which may be user code, and for java's version: not for the loop. */
    public static LaunchFacts of(LaunchSpec spec, int slot) {
        List<String> all = new ArrayList<>(InheritedArguments.safeSubset(
                ManagementFactory.getRuntimeMXBean().getInputArguments()));
        all.addAll(spec.jvmArgs());
        List<String> withheld =
                all.stream().flatMap(argument -> secretIn(argument).stream()).toList();
        List<String> told =
                all.stream().filter(argument -> secretIn(argument).isEmpty()).toList();
        Path home = spec.javaHome() == null ? Path.of(System.getProperty("java.home", "")) : spec.javaHome();
        Path directory = spec.workingDirectory() == null ? Path.of("") : spec.workingDirectory();
        return new LaunchFacts(
                home.toAbsolutePath(),
                version(spec),
                spec.heap(),
                told,
                withheld,
                List.copyOf(new TreeSet<>(spec.envOf(slot).keySet())),
                directory.toAbsolutePath(),
                WorkerClassPath.of(spec.classPath()).stream().map(Path::of).toList(),
                spec.activeProcessors());
    }

    /** The name of the property that the argument sets, if its value is not to be written down. */
    private static Optional<String> secretIn(String argument) {
        String name = argument.split("=", 2)[0];
        return argument.startsWith("-D") && SECRET.matcher(name).find() ? Optional.of(name) : Optional.empty();
    }

    private static int version(LaunchSpec spec) {
        try {
            return JavaVersion.of(JavaVersion.program(spec.javaHome())).feature();
        } catch (IOException e) {
            return 0; // it ran a worker, so it is of use to know where it was
        }
    }

    /**
     * A worker like these.
     *
     * @param more flags that come last, and so win
     * @param environment what is set besides
     * @throws IllegalArgumentException if such a worker cannot be started here, with what is missing
     */
    public LaunchSpec again(List<String> more, Map<String, String> environment, Output output) {
        List<String> args = new ArrayList<>(jvmArgs);
        args.addAll(more);
        return LaunchSpec.defaults()
                .withJavaHome(javaHome)
                .withHeap(heap)
                .withJvmArgs(args)
                .withEnv(environment)
                .withWorkingDirectory(workingDirectory)
                .withClassPath(classPath)
                .withActiveProcessors(processors)
                .withOutput(output);
    }

    /** With this heap, whatever the flags said of it: those come last on a command line, and would win. */
    public LaunchFacts withHeap(String size) {
        List<String> others = jvmArgs.stream()
                .filter(argument -> HEAP.stream().noneMatch(argument::startsWith))
                .toList();
        return new LaunchFacts(
                javaHome, java, size, others, withheld, variables, workingDirectory, classPath, processors);
    }

    public LaunchFacts withJavaHome(Path home) {
        return new LaunchFacts(home, 0, heap, jvmArgs, withheld, variables, workingDirectory, classPath, processors);
    }
}
