// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.Logging;
import io.multijvm.codec.AllowList;
import io.multijvm.codec.Failures;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.News;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.dispatch.DeadLetters;
import io.multijvm.internal.dispatch.Dispatcher;
import io.multijvm.internal.dispatch.FaultRule;
import io.multijvm.internal.dispatch.LogLevels;
import io.multijvm.internal.dispatch.PoolSetup;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.internal.process.RunDirectory;
import io.multijvm.internal.process.WorkerLauncher;
import io.multijvm.internal.quarantine.Letter;
import io.multijvm.internal.quarantine.LetterFiles;
import io.multijvm.internal.quarantine.Office;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.internal.transport.Greeting;
import io.multijvm.internal.transport.Hub;
import io.multijvm.task.Codec;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a pool of processes is made of. {@link #assemble} is the whole way of a task, top to bottom: a caller's item is
 * encoded, waits at the dispatcher, crosses through the hub to a process that the launcher made, and its outcome comes back
 * the same way.
 */
public final class PoolParts implements EngineParts {
    private static final AtomicInteger POOLS = new AtomicInteger();

    /** How long it may take to find out how the last workers died when their pool is closed; some files are read. */
    private static final long MOST_FINDING_OUT_MILLIS = 10_000;

    /** How long a listener may take to hear the rest then. */
    private static final long MOST_TELLING_MILLIS = 2000;

    private final TrustedClasses trusted;
    private final ValueCodec codec;
    private final ValueCodec ownTasks;
    private final ExecutorService support;
    private final ExecutorService feeders;
    private final Callbacks callbacks;
    private final Hub hub;
    private final RunDirectory directory;
    private final Dispatcher dispatcher;
    private final PoolShares shares;
    private final long seed;
    private final News news;
    private final AtomicLong calls = new AtomicLong();

    private PoolParts(
            TrustedClasses trusted,
            ValueCodec codec,
            ValueCodec ownTasks,
            ExecutorService support,
            ExecutorService feeders,
            Hub hub,
            RunDirectory directory,
            Dispatcher dispatcher,
            PoolShares shares,
            long seed,
            News news) {
        this.trusted = trusted;
        this.codec = codec;
        this.ownTasks = ownTasks;
        this.support = support;
        this.feeders = feeders;
        this.callbacks = new Callbacks(support);
        this.hub = hub;
        this.directory = directory;
        this.dispatcher = dispatcher;
        this.shares = shares;
        this.seed = seed;
        this.news = news;
    }

    /**
     * What a pool is to be like.
     *
     * @param crew how many processes, and when they come and go
     * @param launch how they are started
     * @param codec for everything that crosses
     * @param loader finds the classes of tasks, items and results in this JVM
     * @param jobPath jars of a job that is loaded child-first; empty for none
     * @param allow packages that results may hold besides
     * @param functions what runs in each worker beside items
     * @param seed what the pool's random numbers begin with; null to draw one
     * @param calls how calls are that tasks make to the pool themselves
     * @param faults that were ordered
     * @param deadLetters where items go that failed for good by a death; null for nowhere
     * @param logging where goes what workers log
     */
    public record Plan(
            CrewPlan crew,
            LaunchSpec launch,
            Codec codec,
            ClassLoader loader,
            List<Path> jobPath,
            List<String> allow,
            Functions functions,
            @Nullable Long seed,
            CallSettings calls,
            List<FaultRule> faults,
            @Nullable Path deadLetters,
            Logging logging) {
        /** Whether a pool that was made by the one could have been made by the other. */
        public boolean makesTheSameAs(Plan other) {
            return crew.equals(other.crew)
                    && launch.equals(other.launch)
                    && codec.getClass() == other.codec.getClass()
                    && jobPath.equals(other.jobPath)
                    && allow.equals(other.allow)
                    && functions.equals(other.functions)
                    && Objects.equals(seed, other.seed)
                    && faults.equals(other.faults)
                    && Objects.equals(deadLetters, other.deadLetters)
                    && logging == other.logging
                    // a job's loader is made anew each time
                    && (loader == other.loader || !jobPath.isEmpty());
        }
    }

    /**
     * What runs in each worker beside items.
     *
     * @param init before the first item; null for none
     * @param exit after the last item; null for none
     */
    public record Functions(
            @Nullable SerializableRunnable init,
            Duration initTimeout,
            @Nullable SerializableRunnable exit,
            Duration exitTimeout) {}

    /** Makes a pool of processes and starts its workers; returns while they start. */
    public static ProcessEngine assemble(Plan plan) {
        TrustedClasses trusted = new TrustedClasses(plan.allow());
        ValueCodec codec = new ValueCodec(plan.codec(), plan.loader(), trusted);
        PoolShares shares = new PoolShares(codec);
        // before anything is started: a function that cannot cross is refused
        byte[] init = encoded(plan.functions().init(), "init", codec, trusted);
        byte[] exit = encoded(plan.functions().exit(), "exit", codec, trusted);
        PoolParts parts = open(plan, trusted, codec, shares, init, exit);
        parts.dispatcher.start();
        return new ProcessEngine(parts);
    }

    /**
     * A pool that knows its init function only encoded.
     *
     * @param init encoded; null for none
     */
    static PoolParts assembleFor(Plan plan, byte @Nullable [] init) {
        TrustedClasses trusted = new TrustedClasses(plan.allow());
        ValueCodec codec = new ValueCodec(plan.codec(), plan.loader(), trusted);
        PoolParts parts = open(plan, trusted, codec, new PoolShares(codec), init, null);
        parts.dispatcher.start();
        return parts;
    }

    /** All of it, before its workers are started. */
    private static PoolParts open(
            Plan plan,
            TrustedClasses trusted,
            ValueCodec codec,
            PoolShares shares,
            byte @Nullable [] init,
            byte @Nullable [] exit) {
        ValueCodec ownTasks = new ValueCodec(plan.codec(), plan.loader(), AllowList.everything());
        PoolSetup setup = setup(plan, codec, shares, init, exit);
        int number = POOLS.incrementAndGet();
        ExecutorService support = threads("pool-" + number);
        ExecutorService feeders = threads("feeder-" + number);
        Hub hub = Hub.acquire();
        RunDirectory directory;
        try {
            directory = RunDirectory.create();
        } catch (IOException e) {
            hub.release();
            throw new UncheckedIOException("cannot make a directory for the pool's files: " + e.getMessage(), e);
        }
        WorkerLauncher launcher = new WorkerLauncher(plan.launch(), directory);
        LocalStarter starter = LocalStarter.of(
                hub,
                directory,
                launcher,
                larger(plan, launcher),
                plan.launch(),
                support,
                new Greeting(plan.codec().getClass().getName(), plan.jobPath(), plan.faults()));
        News news = new News(support);
        Dispatcher dispatcher =
                new Dispatcher(plan.crew(), hub, support, starter, setup, news).nesting(plan.calls(), plan.allow());
        shares.tells(dispatcher::unshare);
        return new PoolParts(
                trusted, codec, ownTasks, support, feeders, hub, directory, dispatcher, shares, setup.seed(), news);
    }

    /** What starts the worker that has more heap; where the plan has none, it is never asked. */
    private static WorkerLauncher larger(Plan plan, WorkerLauncher launcher) {
        long heap = plan.crew().memory().retryHeapBytes();
        return heap == 0 ? launcher : launcher.withHeap(new MemorySize(heap));
    }

    private static PoolSetup setup(
            Plan plan, ValueCodec codec, PoolShares shares, byte @Nullable [] init, byte @Nullable [] exit) {
        Functions functions = plan.functions();
        long seed = plan.seed() == null ? new SecureRandom().nextLong() : plan.seed();
        return new PoolSetup(
                seed,
                init,
                functions.initTimeout(),
                exit,
                functions.exitTimeout(),
                failure -> Failures.causeOf(failure, codec),
                shares,
                letters(plan, seed, init),
                plan.logging() == Logging.FORWARD ? LogLevels.ofThisJvm() : null);
    }

    private static @Nullable DeadLetters letters(Plan plan, long seed, byte @Nullable [] init) {
        if (plan.deadLetters() == null) {
            return null;
        }
        Letter.OfPool common = new Letter.OfPool(
                plan.codec().getClass().getName(),
                seed,
                init,
                plan.functions().initTimeout(),
                plan.jobPath().stream().map(Path::toAbsolutePath).toList(),
                plan.allow());
        return new Office(LetterFiles.office(plan.deadLetters()), plan.launch(), common);
    }

    private static byte @Nullable [] encoded(
            @Nullable SerializableRunnable function, String name, ValueCodec codec, TrustedClasses trusted) {
        if (function == null) {
            return null;
        }
        trusted.admit(function);
        return codec.encode(function, name);
    }

    /** Threads for what takes time or runs user code: callbacks, launches, post-mortems; feeders. As many as needed. */
    private static ExecutorService threads(String name) {
        AtomicInteger threads = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
            Thread thread = new Thread(action, "multijvm-" + name + "-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public ExecutorService feeders() {
        return feeders;
    }

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** A task that this pool encoded and that never left this JVM, so that nothing in it needs to be distrusted; if it can be decoded. */
    Optional<SerializableCallable<?>> decodeOwnTask(byte[] encoded) {
        try {
            return ownTasks.decode(encoded, 0, encoded.length) instanceof SerializableCallable<?> task
                    ? Optional.of(task)
                    : Optional.empty();
        } catch (PayloadException e) {
            // code of the task's own classes threw here: the others are still of use
            return Optional.empty();
        }
    }

    PoolShares shares() {
        return shares;
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public long nextCall() {
        return calls.incrementAndGet();
    }

    News news() {
        return news;
    }

    @Override
    public void admit(Object task) {
        trusted.admit(task);
    }

    @Override
    public void refuseInLoop(String what) {
        if (hub.inLoop()) {
            throw new IllegalStateException(what + ", so it cannot be called on the event loop");
        }
    }

    @Override
    public void release() {
        try {
            news.awaitTold(MOST_FINDING_OUT_MILLIS, MOST_TELLING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // those that wait in a user's iterator are of no use to anybody any more
        feeders.shutdownNow();
        // every future has its answer; dependents that still run are the user's, and are not interrupted
        callbacks.awaitAnswers();
        support.shutdown();
        shares.closeAll();
        directory.close();
        hub.release();
    }
}
