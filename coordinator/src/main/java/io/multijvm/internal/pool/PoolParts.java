// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.dispatch.Dispatcher;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.internal.transport.Hub;
import io.multijvm.task.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a pool of processes is made of. {@link #assemble} is the whole way of a task, top to bottom: a caller's item is
 * encoded, waits at the dispatcher, crosses through the hub to a process that the launcher made, and its outcome comes back
 * the same way.
 */
public final class PoolParts {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final TrustedClasses trusted;
    private final ValueCodec codec;
    private final ExecutorService support;
    private final Hub hub;
    private final RunDirectory directory;
    private final Dispatcher dispatcher;

    private PoolParts(
            TrustedClasses trusted,
            ValueCodec codec,
            ExecutorService support,
            Hub hub,
            RunDirectory directory,
            Dispatcher dispatcher) {
        this.trusted = trusted;
        this.codec = codec;
        this.support = support;
        this.hub = hub;
        this.directory = directory;
        this.dispatcher = dispatcher;
    }

    /**
     * What a pool is to be like.
     *
     * @param workers how many processes
     * @param launch how they are started
     * @param codec for everything that crosses
     * @param loader finds the classes of tasks, items and results in this JVM
     * @param jobPath jars of a job that is loaded child-first; empty for none
     * @param allow packages that results may hold besides
     * @param startupTimeout from launch to hello
     */
    public record Plan(
            int workers,
            LaunchSpec launch,
            Codec codec,
            ClassLoader loader,
            List<Path> jobPath,
            List<String> allow,
            Duration startupTimeout) {}

    /** Makes a pool of processes and starts its workers; returns while they start. */
    public static ProcessEngine assemble(Plan plan) {
        TrustedClasses trusted = new TrustedClasses(plan.allow());
        ValueCodec codec = new ValueCodec(plan.codec(), plan.loader(), trusted);
        ExecutorService support = supportThreads();
        Hub hub = Hub.acquire();
        RunDirectory directory;
        try {
            directory = RunDirectory.create();
        } catch (IOException e) {
            hub.release();
            throw new UncheckedIOException("cannot make a directory for the pool's files: " + e.getMessage(), e);
        }
        WorkerLauncher launcher = new WorkerLauncher(plan.launch(), directory);
        LocalStarter starter = new LocalStarter(
                hub,
                directory,
                launcher,
                support,
                () -> ArchiveTraining.beginIfNeeded(plan.launch()),
                plan.codec().getClass().getName(),
                plan.jobPath());
        Dispatcher dispatcher = new Dispatcher(plan.workers(), hub, support, starter, plan.startupTimeout());
        ProcessEngine engine = new ProcessEngine(new PoolParts(trusted, codec, support, hub, directory, dispatcher));
        dispatcher.start();
        return engine;
    }

    /** Threads for what takes time or runs user code: feeders, callbacks, launches, post-mortems. As many as needed. */
    private static ExecutorService supportThreads() {
        int pool = POOLS.incrementAndGet();
        AtomicInteger threads = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
            Thread thread = new Thread(action, "multijvm-pool-" + pool + "-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    ValueCodec codec() {
        return codec;
    }

    ExecutorService support() {
        return support;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    void admit(Object task) {
        trusted.admit(task);
    }

    void refuseInLoop(String what) {
        if (hub.inLoop()) {
            throw new IllegalStateException(what + ", so it cannot be called on the event loop");
        }
    }

    /** Gives everything back; the workers are gone. */
    void release() {
        // feeders that wait in a user's iterator are of no use to anybody any more
        support.shutdownNow();
        directory.close();
        hub.release();
    }
}
