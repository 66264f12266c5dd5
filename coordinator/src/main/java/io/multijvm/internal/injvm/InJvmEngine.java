// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.internal.call.CallEngine;
import io.multijvm.shared.Shared;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.TaskContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A pool without processes. What could not cross to a process is refused all the same, in the same words; there is only
 * nobody to be blamed: a task that crashes the JVM or calls {@code System.exit} ends the program, and one that ignores
 * its interrupt is waited for by {@code close()}, also after {@code terminate()}.
 */
public abstract sealed class InJvmEngine implements CallEngine permits SerialEngine, ThreadsEngine {

    private final PoolContext context;
    private final InJvmShares shares;
    /** Completed with its last call. */
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    InJvmEngine(Crossing crossing) {
        this.context = crossing.pool();
        this.shares = new InJvmShares(crossing);
    }

    @Override
    public <T> Shared<T> share(T value) {
        return shares.share(value);
    }

    @Override
    public void whenOver(Runnable action) {
        calls().requireOpen();
        var unused = over.thenRun(action);
    }

    /** The last call has ended. */
    final void over() {
        shares.closeAll();
        over.complete(null);
    }

    @Override
    public long seed() {
        return context.seed();
    }

    abstract LiveCalls calls();

    @Override
    public void shutdown() {
        calls().shutdown();
    }

    @Override
    public List<SerializableCallable<?>> shutdownNow() {
        return calls().terminate();
    }

    @Override
    public boolean isShutdown() {
        return calls().isClosed();
    }

    /**
     * Items run in threads of this JVM, and share objects with the caller.
     *
     * @param threads at least 1
     * @param seed what the pool's random numbers begin with
     */
    public static CallEngine threads(int threads, long seed) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        ClassLoader loader = callersLoader();
        return new ThreadsEngine(threads, new Crossing(loader, new PoolContext(seed), false), loader);
    }

    /**
     * Items run in the calling thread, one after the other, on copies. A submit or an asynchronous map is finished when
     * it returns; a lazy stream runs each item when it is asked for, and reads nothing ahead.
     *
     * @param seed what the pool's random numbers begin with
     */
    public static CallEngine serial(long seed) {
        return new SerialEngine(new Crossing(callersLoader(), new PoolContext(seed), true));
    }

    /**
     * The pool that runs the item with this context.
     *
     * @throws IllegalStateException if it is of no pool of this kind
     */
    public static CallEngine of(TaskContext context) {
        if (context instanceof ItemRun<?, ?> run) {
            return run.pool().engine();
        }
        throw new IllegalStateException("the pool that runs this task cannot be reached from it");
    }

    /** What finds the classes of tasks: workers look for them where the program that made the pool does. */
    private static ClassLoader callersLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? InJvmEngine.class.getClassLoader() : context;
    }
}
