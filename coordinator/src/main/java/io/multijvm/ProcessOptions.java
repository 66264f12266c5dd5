// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.dispatch.FaultRule;
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
 *       task of a pool, its own worker's heap divided by the workers; with a {@code memoryLimit} no more than fits below it
 *   <li>{@code retryHeap}, {@code memoryLimit}, {@code metaspace}, {@code memoryFloor}: none; {@code directMemory}: as much as the heap
 *   <li>{@code heapDump}: none
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
 *   <li>{@code faults}: none
 *   <li>{@code deadLetters}: none
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

    @Nullable
    String retryHeap;

    @Nullable
    String memoryLimit;

    @Nullable
    String directMemory;

    @Nullable
    String metaspace;

    @Nullable
    String memoryFloor;

    @Nullable
    Path heapDump;

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
    List<FaultRule> faults = List.of();

    @Nullable
    Path deadLetters;

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

    /**
     * Begins an item whose worker ran out of heap ({@link io.multijvm.failure.DeathKind#OUT_OF_HEAP}) once more, alone, in a
     * worker that has this heap. It is started for that, takes the place of one of the others, so that there are no more
     * workers than before, stays while more such items wait, and ends; then its place is filled as before. So small workers
     * suffice where few items are large.
     *
     * <p>This is a retry: {@link CallOptions#retries} counts it, {@link Attempt} and {@link PoolStats#itemsRetried} show it, and
     * an item that has killed as many workers as {@link CallOptions#crashLimit} says has none. But it needs neither {@code
     * retries} nor {@code retryOn}, and no {@code backoff} applies. An item that runs out of this heap as well has
     * failed, whatever {@code retries} says, and its report names both heaps. Where such a worker cannot be had
     * the item has failed as it did at first, and its report says why. Other ends of an item in it are as everywhere, but where
     * it is begun again, that is there too.
     *
     * <p>Not for what a task gives to the pool that runs it, whose place such a worker might need, nor for {@link
     * Pool#broadcast}; nor where a worker ran out of other memory, or over its {@link #memoryLimit}. None by default.
     *
     * @param heap as {@code 1g}
     * @throws IllegalArgumentException if it is no size; {@link Pool#processes(Consumer)} throws it if it is not more than
     *     the workers' heap, does not fit below {@code memoryLimit} as {@code heap} has to, is more than the machine or
     *     container has, or where {@code jvmArgs} set the largest heap themselves
     */
    public ProcessOptions retryHeap(String heap) {
        retryHeap = size(heap);
        return this;
    }

    /**
     * Ends a worker that takes more memory than this while it runs an item: that item fails with {@code OUT_OF_MEMORY}, those
     * it had finished keep their results, the others run elsewhere, and another worker takes its place. What counts is the
     * resident memory of its process, heap and all else, also large payloads that it shares with this JVM; processes that a
     * task starts do not count. It is read every 50 ms. A worker that is found over it when its item has just ended is replaced
     * and costs none. Memory that earlier items left behind is blamed on the one that runs: {@link #recycleAbove} replaces a
     * worker in time.
     *
     * <p>What grows faster than that is met by the kernel: where a shell starts the workers, each and what it starts may map
     * half as much again (at least 512 MiB more) for itself alone, by {@code ulimit -d}. Then the JVM gets no more, and
     * its item fails with {@code OUT_OF_MEMORY} likewise; native code that does not expect that may crash instead.
     *
     * <p>Without {@link #heap} each worker gets a heap that fits below the limit. None by default.
     *
     * @param memory as {@code 512m} or {@code 2g}
     * @throws IllegalArgumentException if it is no size; {@link Pool#processes(Consumer)} throws it if the limit is less than
     *     heap, direct memory where that is asked for, and 128 MiB together, or where the system does not tell how much
     *     memory a process takes
     */
    public ProcessOptions memoryLimit(String memory) {
        memoryLimit = size(memory);
        return this;
    }

    /**
     * How much a worker may take for direct buffers ({@code -XX:MaxDirectMemorySize}): an item that wants more fails with
     * {@code OUT_OF_MEMORY}, and its worker is replaced. By default as much as the heap.
     *
     * @param memory as {@code 64m}
     * @throws IllegalArgumentException if it is no size
     */
    public ProcessOptions directMemory(String memory) {
        directMemory = size(memory);
        return this;
    }

    /**
     * How much a worker may take for the classes that it loads ({@code -XX:MaxMetaspaceSize}): an item for which more would
     * have to be loaded fails with {@code OUT_OF_MEMORY}, and its worker is replaced. A worker needs some 40 MiB for its own.
     * By default there is no limit.
     *
     * @param memory as {@code 128m}
     * @throws IllegalArgumentException if it is no size
     */
    public ProcessOptions metaspace(String memory) {
        metaspace = size(memory);
        return this;
    }

    /**
     * Runs fewer items at a time while the machine or container has less memory available than this ({@link
     * Machine#availableMemory}, read ten times a second while there is work): no further worker is started, busy ones
     * give back what they have not begun, and idle ones get nothing as long as another runs an item. One always runs, so that
     * the work goes on; none is stopped. Meant for heavy items, and for machines that others use too. None by default.
     *
     * @param memory as {@code 1g}
     * @throws IllegalArgumentException if it is no size; {@link Pool#processes(Consumer)} throws it if it is more than the
     *     machine or container has
     */
    public ProcessOptions memoryFloor(String memory) {
        memoryFloor = size(memory);
        return this;
    }

    /**
     * Has the first worker that runs out of heap or metaspace leave a dump of its heap in this directory, named in the failed
     * item's report: a file {@code heap-*.hprof} that only this user can read, as large as the heap was full. It stays when the
     * pool is closed. A pool leaves one at most, however many workers run out of heap; and none where less space is
     * free than the heap is large, which the log says once. Writing it takes seconds for each GiB, in which the item's time limit
     * runs on. Direct buffers and other native memory leave none. By default there are no dumps.
     *
     * @param directory made, for this user alone, if it is not there
     * @throws IllegalArgumentException if the path has a {@code %} in it, which JVMs read differently; {@link
     *     Pool#processes(Consumer)} throws it if there can be no such directory or it cannot be written to
     */
    public ProcessOptions heapDump(Path directory) {
        if (directory.toString().indexOf('%') >= 0) {
            throw new IllegalArgumentException(
                    "heapDump: " + directory + " has a % in it, which some JVMs replace; name" + " another directory");
        }
        heapDump = directory.toAbsolutePath();
        return this;
    }

    private static String size(String memory) {
        MemorySize.parse(memory);
        return memory;
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
     * replaced; {@link #restartLimit} says how often. Default 30 s. When no worker comes up, the failure tells where the last
     * one's main thread stood, where there are signals and {@link #output} is CAPTURE.
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
     * resident memory of its process, heap and all else, read ten times a second while items end. It is no limit, as
     * {@link #memoryLimit} is: an item that takes more while it runs goes on.
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
     * When the pool gives up: after so many starts of workers that came to nothing for one cause, all calls fail with {@link
     * io.multijvm.failure.PoolBrokenException}, which names the last three causes. A start comes to nothing if the process
     * never says hello, or if its {@link #init} function fails; such starts count until a worker that has begun an item has
     * ended. It also does if the process was ready and died before its first item; such starts count for {@code window}. Between
     * the starts the pool waits 100 ms, 200 ms and so on, at most 6.4 s. Deaths that cost an item do not count, for {@link
     * CallOptions#crashLimit} bounds those, nor do time-outs, cancelled items, recycling, {@code resize} and {@code restart}.
     *
     * @param starts at least 1
     */
    public ProcessOptions restartLimit(int starts, Duration window) {
        restartLimit = new CrewPlan.RestartLimit(starts, window);
        return this;
    }

    /**
     * Has workers go wrong at these items, to test what a program does then. Without this nothing of the kind ever happens;
     * with it a warning is logged when the pool is made. The plan is copied.
     */
    public ProcessOptions faults(FaultPlan plan) {
        faults = plan.rules();
        if (!faults.isEmpty()) {
            System.getLogger(Pool.class.getName())
                    .log(System.Logger.Level.WARNING, "workers of this pool go wrong on purpose: {0}", plan);
        }
        return this;
    }

    /**
     * Keeps each item that failed for good by the death of its worker, with all that it takes to run it again alone: in a
     * directory of its own, {@code item-37}, never over one that is there, which only this user may read. {@code multijvm replay}
     * runs it, also under a debugger; the item's crash report names the directory. It holds the encoded task, item and
     * {@link #init} function, the crash reports, and how the worker was started: class path, JDK, heap, flags. Of {@link #env}
     * the names alone are written, as of {@code -D} properties whose names speak of passwords, secrets, tokens or keys; what
     * the item itself holds is written as it is. Values of {@link Pool#share} are not kept, so an item that asks for one fails
     * when it is run again.
     *
     * <p>Written aside, before the item's failure is told. Where that fails, for the disk is full, a line is logged and the
     * run goes on. By default nothing is kept.
     *
     * @param directory made by {@link Pool#processes(Consumer)} if it is not there; that refuses a symbolic link, and a
     *     directory to which others may write, with an {@link IllegalArgumentException}
     */
    public ProcessOptions deadLetters(Path directory) {
        deadLetters = Objects.requireNonNull(directory, "directory");
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
