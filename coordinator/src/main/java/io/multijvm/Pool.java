// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.shared.Shared;
import java.util.function.Consumer;

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
        return Pools.threads(threads, Pools.drawSeed());
    }

    /** The calling JVM, one item after the other, to compare with and to debug. Tasks, items and results are copied. */
    static Pool serial() {
        return Pools.serial(Pools.drawSeed());
    }

    /**
     * Threads of this JVM whose tasks draw the random numbers that a pool of processes with this seed draws.
     *
     * @param threads at least 1
     * @param seed see {@link ProcessOptions#seed}
     */
    static Pool threads(int threads, long seed) {
        return Pools.threads(threads, seed);
    }

    /**
     * The calling JVM, with the random numbers that a pool of processes with this seed draws.
     *
     * @param seed see {@link ProcessOptions#seed}
     */
    static Pool serial(long seed) {
        return Pools.serial(seed);
    }

    /**
     * Makes read-only data known to this pool's tasks, which get at it by the handle that this returns: it crosses once to
     * each worker, when a task there first reads it, instead of with every task that captures it. Copied now: later changes
     * to {@code value} are not seen by workers (a pool of threads has the object itself). This JVM keeps its encoding, and
     * each worker that asked its copy, until the handle or the pool is closed.
     *
     * <p>Large values work: one of 300 MiB takes up to 600 MiB more here while it is encoded and 300 from then on, and in a
     * worker 600 while it is decoded and 300 from then on.
     *
     * <p>Does not wait for workers; encoding takes as long as that of an item. From any thread, and after {@link #close}
     * refused.
     *
     * @param value not null; up to 2 GiB encoded
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     * @throws io.multijvm.failure.PayloadException if it cannot cross
     */
    <T> Shared<T> share(T value);

    /**
     * What the random numbers of this pool's tasks begin with: the seed that was given, or the one that was drawn for this
     * pool. Write it down to draw the same numbers again.
     *
     * @see io.multijvm.task.TaskContext#random
     */
    long seed();

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
