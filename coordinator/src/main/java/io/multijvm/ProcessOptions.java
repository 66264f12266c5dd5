// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.task.Codec;
import io.multijvm.task.SerializableRunnable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a pool's worker JVMs are. Not thread-safe; used inside {@link Pool#processes(Consumer)}. Of an option that is given
 * twice the last value counts. What cannot be is refused with an {@link IllegalArgumentException} that names option and value.
 *
 * <ul>
 *   <li>{@code workers}: one for each core that this process may use; in a task of a pool, for each core of its worker's
 *       share, at least one
 *   <li>{@code heap}: 0.8 of the machine's or container's memory, less the coordinator's, divided by the workers; in a
 *       task of a pool, its own worker's heap divided by the workers
 *   <li>{@code cpusPerWorker}: the cores divided by the workers, and no less than 2
 *   <li>{@code javaHome}, {@code classPath}, environment, working directory: those of this JVM; no further {@code jvmArgs}
 *   <li>{@code jobPath}: none; in a program that {@code multijvm run --main} runs, that program's own jars
 *   <li>{@code output}: {@link Output#CAPTURE}; {@code logging}: {@link Logging#FORWARD}
 *   <li>{@code startupTimeout}: 30 s
 *   <li>{@code init}, {@code exit}: none; their time limits {@code initTimeout} 60 s and {@code exitTimeout} 10 s
 *   <li>{@code seed}: drawn for each pool; {@link Pool#seed} tells it
 *   <li>{@code standby}: 0; {@code recycleAfter}, {@code recycleAge}, {@code recycleAbove}: workers live as long as the pool
 *   <li>{@code idleTimeout}: none: all workers are started at once and stay
 *   <li>{@code restartLimit}: 3 starts, 1 minute
 *   <li>{@code codec}: Apache Fory
 *   <li>{@code allow}: nothing beyond JDK values and what comes from the task's own jar or directory
 * </ul>
 *
 * <p>Where Multijvm's classes come from jars, workers start sooner, from a class-data archive of them. The
 * first pool of each JDK and set of jars makes it beside its own work, with low priority, in {@code $XDG_CACHE_HOME/multijvm}
 * or {@code ~/.cache/multijvm}; nothing has to be done when jars change. The system property {@code io.multijvm.archives}
 * names another directory for them, or is {@code off} for none, or {@code read} to make none but use those there are.
 */
public final class ProcessOptions {
    int workers = Nestings.share(Machine.cpuCount());

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
    Logging logging = Logging.FORWARD;
    Duration startupTimeout = Duration.ofSeconds(30);

    @Nullable
    Codec codec;

    @Nullable
    SerializableRunnable init;

    Duration initTimeout = Duration.ofSeconds(60);

    @Nullable
    SerializableRunnable exit;

    Duration exitTimeout = Duration.ofSeconds(10);

    @Nullable
    Long seed;

    CallSettings calls = CallSettings.DEFAULTS;
    int standby;
    int recycleAfter;

    @Nullable
    Duration recycleAge;

    @Nullable
    String recycleAbove;

    @Nullable
    Duration idleTimeout;

    CrewPlan.RestartLimit restartLimit = CrewPlan.RestartLimit.DEFAULT;

    ProcessOptions() {}

    /**
     * How many worker JVMs. They come up a few at a time, twice as many as there are cores and at least four, for more at
     * once would each come up later; those that are there work meanwhile. {@link Pool#resize} changes the number.
     *
     * @param workers at least 1
     */
    public ProcessOptions workers(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        this.workers = workers;
        return this;
    }

    /**
     * The heap of each worker, as {@code 512m} or {@code 2g}. More than the machine or container has is refused by {@link
     * Pool#processes(Consumer)}; if the heaps of all workers together are more, a warning is logged, once in this JVM.
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

    /** Environment variables of the workers, beside and in place of this JVM's own. */
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

    /**
     * The JDK or JRE, 17 or later, that runs the workers. One without {@code bin/java} is refused by {@link
     * Pool#processes(Consumer)}; where workers do not start with it, calls fail and say why.
     */
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

    /**
     * Packages whose classes may be in results, beside JDK values and what lies in the task's own jar or directory. Exact
     * names: packages below them are named for themselves. A result of another class is its item's failure.
     */
    public ProcessOptions allow(String... packages) {
        allow = List.of(packages);
        return this;
    }

    /**
     * What becomes of what tasks print. By default it is kept in bounded files, and each item's is told apart: at its failure, see
     * {@link io.multijvm.failure.MultijvmException#output}, and at the future of a submit, see {@link Attempt#output}.
     */
    public ProcessOptions output(Output output) {
        this.output = Objects.requireNonNull(output, "output");
        return this;
    }

    /** Where goes what tasks log. By default to the loggers of this JVM, with worker and item in front of each message. */
    public ProcessOptions logging(Logging logging) {
        this.logging = Objects.requireNonNull(logging, "logging");
        return this;
    }

    /**
     * How long a worker may take from its launch to its hello before it counts as one that cannot start, and is ended and
     * replaced; {@link #restartLimit} says how often. Default 30 s.
     */
    public ProcessOptions startupTimeout(Duration timeout) {
        startupTimeout = positive(timeout, "startupTimeout");
        return this;
    }

    private static Duration positive(Duration timeout, String name) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + timeout);
        }
        return timeout;
    }

    /**
     * Runs in each worker before its first item, in the thread that will run the items, also in a worker that comes in
     * place of a dead one. To open a connection or load a model, kept with {@link io.multijvm.task.TaskContext#state}. By
     * default there is none. A worker gets no item before it has ended.
     *
     * <p>A worker whose function throws, outlasts {@link #initTimeout}, ends its JVM or cannot be decoded there is replaced,
     * with a line in the log; if three workers in a row come to nothing, calls fail with a {@link
     * io.multijvm.failure.PoolBrokenException} whose cause is the function's own exception. See {@code initializer} of
     * Python's {@code Pool}, which starts workers for ever, and of {@code ProcessPoolExecutor}.
     *
     * @param function copied to each worker; a function that cannot cross is refused by {@link Pool#processes(Consumer)}
     */
    public ProcessOptions init(SerializableRunnable function) {
        init = Objects.requireNonNull(function, "function");
        return this;
    }

    /** How long a worker's {@link #init} function may run; then it is interrupted, and its worker ended. Default 60 s. */
    public ProcessOptions initTimeout(Duration timeout) {
        initTimeout = positive(timeout, "initTimeout");
        return this;
    }

    /**
     * Runs in each worker after its last item, in the thread that ran the items, when the worker leaves in good order: when
     * the pool is closed, or the worker is not needed any more. Not after {@code terminate()}, nor when the worker died or
     * had to be ended: what must happen even then does not belong here. By default there is none.
     *
     * <p>If it throws, ends its JVM or outlasts {@link #exitTimeout}, a line in this JVM's log says so, and the worker
     * leaves all the same. {@link Pool#close} waits for it.
     *
     * @param function copied to each worker before its first item, so what it captures is as it was then
     */
    public ProcessOptions exit(SerializableRunnable function) {
        exit = Objects.requireNonNull(function, "function");
        return this;
    }

    /** How long a worker's {@link #exit} function may run; then the worker ends without it. Default 10 s. */
    public ProcessOptions exitTimeout(Duration timeout) {
        exitTimeout = positive(timeout, "exitTimeout");
        return this;
    }

    /**
     * What the random numbers of tasks begin with, see {@link io.multijvm.task.TaskContext#random}. By default each pool
     * draws a seed of its own, as numpy's {@code default_rng()} does: a simulation that is run twice to see its spread must
     * not give the same numbers by accident. {@link Pool#seed} tells the one that was drawn.
     */
    public ProcessOptions seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** How tasks, items and results become bytes; its class must have a public constructor without parameters. */
    public ProcessOptions codec(Codec codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /**
     * How many workers are kept ready beside those that work: started, connected, the codec loaded, and without a place in
     * the pool. One of them takes the place of a worker that died or is recycled, or a new place of a pool that grows, at
     * once; then another is started. None is started while this pool's workers come up, or while less than 256 MiB of
     * memory are available.
     *
     * @param workers 0 or more; each takes the memory of a worker that does nothing
     */
    public ProcessOptions standby(int workers) {
        if (workers < 0) {
            throw new IllegalArgumentException("standby must be at least 0, not " + workers);
        }
        standby = workers;
        return this;
    }

    /**
     * Replaces a worker after so many items, as Python's {@code maxtasksperchild}: no worker begins more. Its successor is
     * started while it still works and takes its place when it has finished; so there are more processes than {@code
     * workers} for a while, but never more that run items. Replacing costs no item, and is no crash.
     *
     * @param items at least 1
     */
    public ProcessOptions recycleAfter(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("recycleAfter must be at least 1, not " + items);
        }
        recycleAfter = items;
        return this;
    }

    /**
     * Replaces a worker so long after it was ready, as {@link #recycleAfter} does; the item that it runs then is finished
     * first, however long that takes.
     */
    public ProcessOptions recycleAge(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("recycleAge must be positive, not " + age);
        }
        recycleAge = age;
        return this;
    }

    /**
     * Replaces a worker that takes more memory than this after an item, as {@link #recycleAfter} does. What counts is the
     * resident memory of its process, heap and all else, read ten times a second while items end. It is no limit: an item
     * that takes more while it runs goes on.
     *
     * @param memory as {@code 512m} or {@code 2g}; a worker that has done nothing takes some 90 MiB
     * @throws IllegalArgumentException if it is no size; {@link Pool#processes(Consumer)} throws it where the system does not
     *     tell how much memory a process takes
     */
    public ProcessOptions recycleAbove(String memory) {
        MemorySize.parse(memory);
        recycleAbove = memory;
        return this;
    }

    /**
     * Ends a worker that has had nothing to do for so long, and starts workers on demand only: none before the first item,
     * never more than there are unfinished items, and at most {@code workers}. Without this all are started at once and stay.
     */
    public ProcessOptions idleTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("idleTimeout must be positive, not " + timeout);
        }
        idleTimeout = timeout;
        return this;
    }

    /**
     * When the pool gives up: after so many starts of workers that came to nothing, all calls fail with {@link
     * io.multijvm.failure.PoolBrokenException}. A start comes to nothing if the process never says hello; such starts count
     * until some worker has begun an item. It also does if the process came up and died before its first item; such starts
     * count for {@code window}. Between the starts the pool waits 100 ms, 200 ms and so on, at most 6.4 s. Deaths that cost an
     * item do not count, nor do time-outs, cancelled items, recycling, {@code resize} and {@code restart}.
     *
     * @param starts at least 1
     */
    public ProcessOptions restartLimit(int starts, Duration window) {
        restartLimit = new CrewPlan.RestartLimit(starts, window);
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
