// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

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
        return Pools.threads(threads);
    }

    /** The calling JVM, one item after the other, to compare with and to debug. Tasks, items and results are copied. */
    static Pool serial() {
        return Pools.serial();
    }

    /**
     * The pool that runs the calling task, of whatever kind it is: a task that splits its work gives the parts to it, and
     * waits for them like any other caller, with the options that the pool was made with. The items cross to other workers,
     * or run in the waiting worker itself where no other is free, so that a task that waits for its own pool never waits
     * for itself; what they must not wait for is an item that the same task has not asked for yet.
     *
     * <p>What a task asks for ends with it: when the task returns, is cancelled, runs out of time or loses its worker, items
     * that have not ended are cancelled. If an item costs the worker that runs on top of its own task, the task is to blame,
     * and the report names the item. A pool that closes still takes what its running tasks ask for. Calls of tasks stand at
     * most 64 deep, which the system property {@code io.multijvm.nestedCalls} changes.
     *
     * <p>Good for this task, and for threads that it starts, until the task ends: {@code RejectedExecutionException} then.
     * {@link #close()} is refused, since it would wait for the task itself; {@link #terminate()} is not.
     *
     * @throws IllegalStateException if this thread runs no task
     */
    static Pool current() {
        return Pools.current();
    }

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
