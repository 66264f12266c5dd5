// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workers that run tasks: child JVMs ({@link #processes()}), threads ({@link #threads(int)}) or the caller's own JVM one
 * item after the other ({@link #serial()}). The three take the same programs, and refuse the same ones.
 *
 * <pre>{@code
 * try (Pool pool = Pool.processes()) {
 *     List<Integer> pages = pool.map(Parsers::countPages, files);
 * }
 * }</pre>
 *
 * <p>A lambda crosses only where a serialisable type is expected, as all methods here do. Using a field in it captures
 * {@code this} with everything in it. A worker is not a sandbox against code of the same user.
 */
public interface Pool extends Calls, AutoCloseable {

    /** One worker JVM for each core that this process may use (affinity and cgroup counted). */
    static Pool processes() {
        return processes(options -> {});
    }

    /**
     * A fixed number of worker JVMs.
     *
     * @param workers at least 1
     */
    static Pool processes(int workers) {
        return processes(options -> options.workers(workers));
    }

    /**
     * Worker JVMs as the options say. Returns while they start; a worker that cannot start fails the calls, not this
     * method.
     *
     * @throws IllegalArgumentException if an option cannot be right, such as a heap that the machine does not have
     */
    static Pool processes(Consumer<? super ProcessOptions> options) {
        return Pools.processes(options);
    }

    /**
     * Threads of this JVM, to compare with. Tasks and items are checked as if they crossed, but not copied; a crash or an
     * {@code OutOfMemoryError} costs the program.
     *
     * @param threads at least 1
     */
    static Pool threads(int threads) {
        return Pools.threads(threads);
    }

    /** The calling JVM, one item after the other, to compare with and to debug. Tasks, items and results are copied. */
    static Pool serial() {
        return Pools.serial();
    }

    /**
     * Runs {@code task} once in each worker and waits: the results by slot. For what each worker should have or tell, such
     * as a warmed cache or its memory; {@code TaskContext.current().slot()} says which it is. A worker that is starting gets it when
     * it is there, a busy one behind what it has. If a worker dies before it has begun the task, its successor runs it; one that dies while it
     * runs it has failed. All others run it nevertheless; then the failure of the first such slot is thrown, with
     * others suppressed. A pool of threads runs it once in each thread, a serial one once.
     *
     * @throws IllegalStateException if a task of a pool of threads calls it on its own pool, where it would wait for itself
     */
    <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task);

    /** As {@link #broadcast(SerializableCallable)}, without results. */
    void broadcast(SerializableRunnable task);

    /**
     * Takes no new work and waits, without limit, for all that was submitted, also when the block ends by an exception;
     * then ends the workers. Lazy streams read no further. If the caller is interrupted, it stops waiting, terminates
     * the pool and keeps its interrupt flag. Closing twice does nothing.
     */
    @Override
    void close();

    /** Stops now: unfinished futures are cancelled, workers are ended, by force where they do not follow. */
    void terminate();
}
