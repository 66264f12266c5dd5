// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.Machine;
import io.multijvm.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the worker JVMs of one pool are started. Checks itself, so that a typing error is refused before any process starts.
 *
 * @param javaHome the JDK or JRE of the workers, or null for this JVM's own
 * @param memory how much of it they may take
 * @param jvmArgs further flags, one argument each; the last on the command line, so that they win
 * @param env variables set beside, or in place of, those of this process
 * @param workingDirectory where they run, or null for this process's own
 * @param classPath in place of this JVM's class path and behind Multijvm's own jars; empty for this JVM's
 * @param activeProcessors how many cores a worker believes to have; never below 2
 * @param output what becomes of stdout and stderr
 * @param slotEnv what a slot's processes get besides and in place of {@code env}, asked at each start; or null. User code
 * @param background whether other processes go first when the cores do not suffice
 */
public record LaunchSpec(
        @Nullable Path javaHome,
        WorkerMemory memory,
        List<String> jvmArgs,
        Map<String, String> env,
        @Nullable Path workingDirectory,
        List<Path> classPath,
        int activeProcessors,
        Output output,
        @Nullable IntFunction<? extends Map<String, String>> slotEnv,
        boolean background) {
    /** With fewer, a JVM believes to be on a small machine and saves threads that libraries count on. */
    static final int FEWEST_PROCESSORS = 2;

    private static final Set<String> CLASS_PATH_FLAGS =
            Set.of("-cp", "-classpath", "--class-path", "-jar", "-m", "--module");

    private static final LaunchSpec DEFAULTS = new LaunchSpec(
            null,
            WorkerMemory.JVMS_CHOICE,
            List.of(),
            Map.of(),
            null,
            List.of(),
            FEWEST_PROCESSORS,
            Output.CAPTURE,
            null,
            false);

    public LaunchSpec {
        jvmArgs = List.copyOf(jvmArgs);
        env = Map.copyOf(env);
        classPath = List.copyOf(classPath);
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(output, "output");
        activeProcessors = Math.max(FEWEST_PROCESSORS, activeProcessors);
        if (workingDirectory != null && !Files.isDirectory(workingDirectory)) {
            throw new IllegalArgumentException("workingDirectory: " + workingDirectory + " is not a directory");
        }
        if (javaHome != null && !Files.isExecutable(JavaVersion.javaOf(javaHome))) {
            throw new IllegalArgumentException("javaHome: there is no " + JavaVersion.javaOf(javaHome)
                    + " that can be run; give the directory that has bin/java in it");
        }
        jvmArgs.forEach(LaunchSpec::checkArgument);
        env.forEach(LaunchSpec::checkVariable);
    }

    /** Everything as this JVM has it, and two processors. */
    public static LaunchSpec defaults() {
        return DEFAULTS;
    }

    /** The processors that each of {@code workers} may count on: its share of the cores. */
    public static int processorsFor(int workers) {
        return Math.max(FEWEST_PROCESSORS, Machine.cpuCount() / Math.max(1, workers));
    }

    public LaunchSpec withJavaHome(@Nullable Path home) {
        return new LaunchSpec(
                home, memory, jvmArgs, env, workingDirectory, classPath, activeProcessors, output, slotEnv, background);
    }

    /** Their largest heap as {@code 512m}, or null for the JVM's own choice. */
    public @Nullable String heap() {
        return memory.heap();
    }

    public LaunchSpec withHeap(@Nullable String size) {
        return withMemory(memory.withHeap(size));
    }

    public LaunchSpec withMemory(WorkerMemory most) {
        return new LaunchSpec(
                javaHome,
                most,
                jvmArgs,
                env,
                workingDirectory,
                classPath,
                activeProcessors,
                output,
                slotEnv,
                background);
    }

    public LaunchSpec withJvmArgs(List<String> args) {
        return new LaunchSpec(
                javaHome,
                memory,
                args,
                env,
                workingDirectory,
                classPath,
                activeProcessors,
                output,
                slotEnv,
                background);
    }

    public LaunchSpec withEnv(Map<String, String> variables) {
        return new LaunchSpec(
                javaHome,
                memory,
                jvmArgs,
                variables,
                workingDirectory,
                classPath,
                activeProcessors,
                output,
                slotEnv,
                background);
    }

    public LaunchSpec withWorkingDirectory(@Nullable Path directory) {
        return new LaunchSpec(
                javaHome, memory, jvmArgs, env, directory, classPath, activeProcessors, output, slotEnv, background);
    }

    public LaunchSpec withClassPath(List<Path> entries) {
        return new LaunchSpec(
                javaHome,
                memory,
                jvmArgs,
                env,
                workingDirectory,
                entries,
                activeProcessors,
                output,
                slotEnv,
                background);
    }

    public LaunchSpec withActiveProcessors(int processors) {
        return new LaunchSpec(
                javaHome, memory, jvmArgs, env, workingDirectory, classPath, processors, output, slotEnv, background);
    }

    public LaunchSpec withOutput(Output where) {
        return new LaunchSpec(
                javaHome,
                memory,
                jvmArgs,
                env,
                workingDirectory,
                classPath,
                activeProcessors,
                where,
                slotEnv,
                background);
    }

    public LaunchSpec withSlotEnv(@Nullable IntFunction<? extends Map<String, String>> bySlot) {
        return new LaunchSpec(
                javaHome,
                memory,
                jvmArgs,
                env,
                workingDirectory,
                classPath,
                activeProcessors,
                output,
                bySlot,
                background);
    }

    /** For work that nobody waits for. */
    public LaunchSpec inBackground() {
        return new LaunchSpec(
                javaHome, memory, jvmArgs, env, workingDirectory, classPath, activeProcessors, output, slotEnv, true);
    }

    /** Whether a process made for one slot would do for any other: not if slots have variables of their own. */
    public boolean sameForEverySlot() {
        return slotEnv == null;
    }

    /** The variables that a process of this slot gets beside, or in place of, ours; runs user code. */
    public Map<String, String> envOf(int slot) {
        if (slotEnv == null) {
            return env;
        }
        Map<String, String> own = slotEnv.apply(slot);
        if (own == null) {
            throw new IllegalArgumentException("env: the function gave null for slot " + slot + "; give an empty map");
        }
        Map<String, String> all = new HashMap<>(env);
        all.putAll(own);
        all.forEach(LaunchSpec::checkVariable);
        return all;
    }

    private static void checkArgument(String argument) {
        String name = argument.split("=", 2)[0];
        if (CLASS_PATH_FLAGS.contains(name)) {
            throw new IllegalArgumentException("jvmArgs: " + name
                    + " would hide the worker's own classes; give jars and directories to classPath(...) instead");
        }
        if (argument.isBlank() || argument.startsWith("@")) {
            throw new IllegalArgumentException(
                    "jvmArgs: '" + argument + "' is not a flag; give each flag as an argument of its own");
        }
        if (argument.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("jvmArgs: " + name + " has a NUL character in it");
        }
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("env: '" + name.replace('\0', '?') + "' cannot be an environment"
                    + " variable: a name is not empty and has no '=', and neither name nor value has a NUL");
        }
    }
}
