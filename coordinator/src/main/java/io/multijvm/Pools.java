// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.codec.ForyCodec;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.injvm.InJvmEngine;
import io.multijvm.internal.nested.NestedPool;
import io.multijvm.internal.pool.PoolParts;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.MemoryReadings;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.task.Codec;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.net.Transport;
import io.multijvm.worker.job.JobClassLoader;
import io.multijvm.worker.nested.Nesting;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes pools from options. */
final class Pools {
    private Pools() {}

    static Pool processes(Consumer<? super ProcessOptions> configure) {
        ProcessOptions options = options(configure);
        return new PoolView(PoolParts.assemble(plan(options)), options.calls);
    }

    static ProcessOptions options(Consumer<? super ProcessOptions> configure) {
        ProcessOptions options = new ProcessOptions();
        configure.accept(options);
        return options;
    }

    /** @throws IllegalStateException if this process is a worker inside of too many pools */
    static PoolParts.Plan plan(ProcessOptions options) {
        Nestings.requirePool(Nestings.poolDepth());
        Codec codec = options.codec == null ? new ForyCodec() : options.codec;
        List<Path> jobPath = jobPath(options);
        if (options.heap != null) {
            Heap.warnUnlessFitting(options.heap, options.workers);
        }
        LaunchSpec launch = launchSpec(options);
        if (options.heapDump != null) {
            WorkerLauncher.requireDumpDirectory(options.heapDump);
        }
        return new PoolParts.Plan(
                crewPlan(options, launch),
                launch,
                codec,
                loader(jobPath),
                jobPath,
                options.allow,
                new PoolParts.Functions(options.init, options.initTimeout, options.exit, options.exitTimeout),
                options.seed,
                options.calls,
                options.faults,
                options.deadLetters,
                options.logging);
    }

    private static CrewPlan crewPlan(ProcessOptions options, LaunchSpec launch) {
        long most = options.recycleAbove == null
                ? 0
                : MemorySize.parse(options.recycleAbove).bytes();
        if (most > 0 && !MemoryReadings.tellsResidentMemory()) {
            throw new IllegalArgumentException("recycleAbove: this system does not tell how much memory a process takes"
                    + " (there is no /proc/PID/status), so " + options.recycleAbove + " cannot be watched; use"
                    + " recycleAfter or recycleAge instead");
        }
        return new CrewPlan(
                options.workers,
                options.standby,
                new CrewPlan.Recycling(options.recycleAfter, options.recycleAge, most),
                options.idleTimeout,
                options.restartLimit,
                options.startupTimeout,
                // one that starts keeps more than a core busy: with its class loading, its compilers
                2 * Math.max(2, Machine.cpuCount()),
                !launch.sameForEverySlot(),
                MemoryOptions.ofPool(options),
                !mayBeDebugged(options.jvmArgs));
    }

    /** A debugger that stands at a breakpoint holds all threads of a worker, which then looks dead. */
    private static boolean mayBeDebugged(List<String> jvmArgs) {
        return jvmArgs.stream().anyMatch(flag -> flag.startsWith("-agentlib:jdwp") || flag.startsWith("-Xrunjdwp"));
    }

    static LaunchSpec launchSpec(ProcessOptions options) {
        return LaunchSpec.defaults()
                .withJavaHome(options.javaHome)
                .withMemory(MemoryOptions.ofWorkers(options))
                .withJvmArgs(jvmArgs(options.workers, options.jvmArgs))
                .withEnv(Nestings.workerEnvironment(options.env))
                .withWorkingDirectory(options.workingDirectory)
                .withClassPath(options.classPath)
                .withSlotEnv(options.slotEnv)
                .withActiveProcessors(
                        options.cpusPerWorker > 0 ? options.cpusPerWorker : LaunchSpec.processorsFor(options.workers))
                .withOutput(options.output);
    }

    /** What a worker is told of the pools it stands in; both ends use the same kind of event loop, where one was asked for. */
    static List<String> jvmArgs(int workers, List<String> asked) {
        List<String> args = new ArrayList<>(Nestings.workerFlags(workers));
        String eventLoop = System.getProperty(Transport.PROPERTY);
        if (eventLoop != null) {
            args.add("-D" + Transport.PROPERTY + "=" + eventLoop);
        }
        args.addAll(asked);
        return args;
    }

    /** A program that was itself loaded as a job finds its classes in its workers as it does here. */
    private static List<Path> jobPath(ProcessOptions options) {
        return options.jobPath.isEmpty() && options.classPath.isEmpty() ? ownJobPath() : options.jobPath;
    }

    /** Of this program, if it was loaded as a job; else empty. */
    static List<Path> ownJobPath() {
        return Thread.currentThread().getContextClassLoader() instanceof JobClassLoader ours ? ours.path() : List.of();
    }

    /**
     * The job's own loader, or the one by which this program finds its classes. A job that is loaded already is not loaded
     * again: an item of its own would be of a class that the second loader does not know.
     */
    static ClassLoader loader(List<Path> jobPath) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (!jobPath.isEmpty()) {
            return context instanceof JobClassLoader ours && ours.path().equals(jobPath)
                    ? ours
                    : new JobClassLoader(jobPath);
        }
        return context == null ? Pools.class.getClassLoader() : context;
    }

    static Pool current() {
        TaskContext task = TaskContext.current();
        if (task instanceof Nesting item) {
            NestedPool pool = NestedPool.of(item.frame());
            return new PoolView(pool.engine(), pool.defaults());
        }
        return new PoolView(InJvmEngine.of(task), CallSettings.DEFAULTS);
    }

    /** Where none is asked for, each pool has its own: two runs of a simulation are to differ, as in numpy. */
    static long drawSeed() {
        return new SecureRandom().nextLong();
    }

    static Pool threads(int threads, long seed) {
        return new PoolView(InJvmEngine.threads(threads, seed), CallSettings.DEFAULTS);
    }

    static Pool serial(long seed) {
        return new PoolView(InJvmEngine.serial(seed), CallSettings.DEFAULTS);
    }
}
