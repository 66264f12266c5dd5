// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.task.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a pool's worker JVMs are. Not thread-safe; used inside {@link Pool#processes(Consumer)}.
 *
 * <ul>
 *   <li>{@code workers}: one for each core that this process may use
 *   <li>{@code heap}: 0.8 of the machine's or container's memory, less the coordinator's, divided by the workers
 *   <li>{@code javaHome}, {@code classPath}, environment, working directory: those of this JVM
 *   <li>{@code jobPath}: none; in a program that {@code multijvm run --main} runs, that program's own jars
 *   <li>{@code output}: {@link Output#CAPTURE}
 *   <li>{@code startupTimeout}: 30 s
 *   <li>{@code codec}: Apache Fory
 *   <li>{@code allow}: nothing beyond JDK values and what comes from the task's own jar or directory
 * </ul>
 *
 * <p>Where Multijvm's classes come from jars, workers start from a class-data archive of them, in half the time or less. The
 * first pool of each JDK and set of jars makes it beside its own work, with low priority, in {@code $XDG_CACHE_HOME/multijvm}
 * or {@code ~/.cache/multijvm}; nothing has to be done when jars change. The system property {@code io.multijvm.archives}
 * names another directory for them, or is {@code off} for none, or {@code read} to make none but use those there are.
 */
public final class ProcessOptions {
    int workers = Machine.cpuCount();

    @Nullable
    String heap;

    List<String> jvmArgs = List.of();
    Map<String, String> env = Map.of();

    @Nullable
    IntFunction<? extends Map<String, String>> slotEnv;

    /** 0 for a share of the cores. */
    int cpusPerWorker;

    @Nullable
    Path workingDirectory;

    @Nullable
    Path javaHome;

    List<Path> classPath = List.of();
    List<Path> jobPath = List.of();
    List<String> allow = List.of();
    Output output = Output.CAPTURE;
    Duration startupTimeout = Duration.ofSeconds(30);

    @Nullable
    Codec codec;

    CallSettings calls = CallSettings.DEFAULTS;

    ProcessOptions() {}

    /** How many worker JVMs; at least 1. */
    public ProcessOptions workers(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        this.workers = workers;
        return this;
    }

    /**
     * The heap of each worker, as {@code 512m} or {@code 2g}. More than the machine or container has is refused; if the heaps
     * of all workers together are more, a warning is logged, once in this JVM.
     */
    public ProcessOptions heap(String heap) {
        this.heap = Objects.requireNonNull(heap, "heap");
        return this;
    }

    /** Further flags for the workers' JVMs; they come last, so they win. */
    public ProcessOptions jvmArgs(String... args) {
        jvmArgs = List.of(args);
        return this;
    }

    /** Environment variables of the workers, beside this JVM's own. */
    public ProcessOptions env(Map<String, String> variables) {
        env = Map.copyOf(variables);
        return this;
    }

    /**
     * Environment variables by slot, beside and in place of {@link #env(Map)}: a device for each worker, say. Slots are
     * numbered from 0. The function is called in a thread of the pool's at each start of a worker, also for one that takes a
     * dead one's place; if it throws, that start has failed. None by default.
     */
    public ProcessOptions env(IntFunction<? extends Map<String, String>> bySlot) {
        slotEnv = Objects.requireNonNull(bySlot, "bySlot");
        return this;
    }

    /**
     * How many cores a worker's JVM takes itself to have, by which it and its libraries size their pools of threads; at
     * least 1, though a worker is told no less than 2. It is no limit. Default: the cores of {@link Machine#cpuCount},
     * divided by the workers.
     */
    public ProcessOptions cpusPerWorker(int cpus) {
        if (cpus < 1) {
            throw new IllegalArgumentException("cpusPerWorker must be at least 1, not " + cpus);
        }
        cpusPerWorker = cpus;
        return this;
    }

    /** Where the workers run. */
    public ProcessOptions workingDirectory(Path directory) {
        workingDirectory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /** The JDK or JRE, 17 or later, that runs the workers. */
    public ProcessOptions javaHome(Path home) {
        javaHome = Objects.requireNonNull(home, "home");
        return this;
    }

    /** Jars and directories for the workers, behind Multijvm's own and in place of this JVM's class path. */
    public ProcessOptions classPath(Path... entries) {
        classPath = List.of(entries);
        return this;
    }

    /**
     * Jars and directories of a job that is kept apart from this program: a child-first class loader loads it, so that
     * it may bring other versions of any library. Only the JDK and {@code io.multijvm} come from outside. A jar among them
     * that changes while the pool is open is noticed: no further worker is started.
     */
    public ProcessOptions jobPath(Path... entries) {
        jobPath = List.of(entries);
        return this;
    }

    /** Packages whose classes may be in results, beside JDK values and what lies in the task's own jar or directory. */
    public ProcessOptions allow(String... packages) {
        allow = List.of(packages);
        return this;
    }

    /** What becomes of what tasks print. */
    public ProcessOptions output(Output output) {
        this.output = Objects.requireNonNull(output, "output");
        return this;
    }

    /** How long a worker may take from its launch to its hello before it counts as one that cannot start. */
    public ProcessOptions startupTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("startupTimeout must be positive, not " + timeout);
        }
        startupTimeout = timeout;
        return this;
    }

    /** How tasks, items and results become bytes; its class must have a public constructor without parameters. */
    public ProcessOptions codec(Codec codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /** Options for all calls of this pool that do not say otherwise. */
    public ProcessOptions calls(Consumer<? super CallOptions> options) {
        CallOptions changed = new CallOptions(calls);
        options.accept(changed);
        calls = changed.settings();
        return this;
    }
}
