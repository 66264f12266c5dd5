// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.child.Blueprint;
import io.multijvm.internal.child.Children;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.task.SerializableRunnable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process yet to be started. May be kept and started several times: each is a process of its own, with a copy of what the
 * task captures at that moment. Of what is given twice the last counts. Not thread-safe.
 *
 * <p>By default: a name with the next number, a daemon where this process is one, the JVM's own choice of a heap,
 * environment, working directory, {@code java} and class path of this JVM, and its stdout and stderr.
 */
public final class WorkerProcessBuilder {
    /** That of the last start, for the next. */
    private static volatile @Nullable ValueCodec lastCodec;

    private final SerializableRunnable task;
    private @Nullable String name;
    private @Nullable Boolean daemon;
    private @Nullable String heap;
    private List<String> jvmArgs = List.of();
    private Map<String, String> env = Map.of();
    private @Nullable Path workingDirectory;
    private @Nullable Path javaHome;
    private Output output = Output.INHERIT;

    WorkerProcessBuilder(SerializableRunnable task) {
        this.task = Objects.requireNonNull(task, "task");
    }

    /**
     * What it is called, in messages and by {@link WorkerProcess#current} there. Names need not differ.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public WorkerProcessBuilder name(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank: '" + name + "'");
        }
        this.name = name;
        return this;
    }

    /** Whether this JVM ends without waiting for it: see {@link WorkerProcess}. */
    public WorkerProcessBuilder daemon(boolean daemon) {
        this.daemon = daemon;
        return this;
    }

    /**
     * Its largest heap, as {@code 512m} or {@code 2g}.
     *
     * @throws IllegalArgumentException if it is no size
     */
    public WorkerProcessBuilder heap(String heap) {
        MemorySize.parse(heap);
        this.heap = heap;
        return this;
    }

    /** Environment variables, beside and in place of this JVM's own. */
    public WorkerProcessBuilder env(Map<String, String> variables) {
        env = Map.copyOf(variables);
        return this;
    }

    /** Further flags for its JVM; they come last, so they win. */
    public WorkerProcessBuilder jvmArgs(String... args) {
        jvmArgs = List.of(args);
        return this;
    }

    /**
     * What becomes of what it prints. By default, {@link Output#INHERIT}, it goes where this JVM's goes: its stdout to this
     * JVM's stdout, and its stderr to this JVM's stderr. With {@link Output#CAPTURE} the last lines are in its {@link
     * WorkerProcess#crashReport}.
     */
    public WorkerProcessBuilder output(Output output) {
        this.output = Objects.requireNonNull(output, "output");
        return this;
    }

    /** Where it runs. One that is no directory is refused by {@link #start}. */
    public WorkerProcessBuilder workingDirectory(Path directory) {
        workingDirectory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /** The JDK or JRE, 17 or later, that runs it. One without {@code bin/java} is refused by {@link #start}. */
    public WorkerProcessBuilder javaHome(Path home) {
        javaHome = Objects.requireNonNull(home, "home");
        return this;
    }

    /**
     * Starts it: see {@link WorkerProcess#start}.
     *
     * @throws IllegalArgumentException if what was given cannot be; names option and value
     * @throws io.multijvm.failure.PayloadException if the task cannot cross; names the field path, and what helps
     * @throws java.io.UncheckedIOException if no process can be started; says why
     * @throws IllegalStateException if this process stands inside of too many processes and pools
     */
    public WorkerProcess start() {
        Blueprint like = blueprint();
        byte[] encoded = codec(Pools.loader(like.jobPath())).encode(task, "task");
        return Children.start(like, name, daemon, encoded);
    }

    /** A new one takes some milliseconds to make, and a program has one loader as a rule. Two threads may make two. */
    private static ValueCodec codec(ClassLoader loader) {
        ValueCodec last = lastCodec;
        if (last == null || last.loader() != loader) {
            last = new ValueCodec(new ForyCodec(), loader, AllowList.everything());
            lastCodec = last;
        }
        return last;
    }

    /** Of processes for which nothing was asked. */
    static Blueprint defaultBlueprint() {
        SerializableRunnable nothing = () -> {};
        return new WorkerProcessBuilder(nothing).blueprint();
    }

    private Blueprint blueprint() {
        Nestings.requireProcess(Nestings.poolDepth());
        LaunchSpec launch = LaunchSpec.defaults()
                .withJavaHome(javaHome)
                .withHeap(heap)
                .withJvmArgs(Pools.jvmArgs(1, jvmArgs))
                .withEnv(Nestings.workerEnvironment(env))
                .withWorkingDirectory(workingDirectory)
                .withActiveProcessors(Nestings.share(Machine.cpuCount()))
                .withOutput(output);
        return new Blueprint(launch, Pools.ownJobPath());
    }
}
