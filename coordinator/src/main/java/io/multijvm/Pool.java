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
     * A share in running workers, so that a program that needs a pool now and then starts its JVMs once. The first call with
     * a key starts a pool; later ones with the same key and the same options get the same workers, with whatever earlier
     * tasks left in them. Other options replace the pool: who has a share in the old one keeps it. A pool that broke is
     * replaced too.
     *
     * <p>Closing the share waits for what was asked through it and gives it back; {@code terminate()} drops that. The workers
     * stay for {@link ProcessOptions#idleTimeout}, or a minute where none is set, after the last share was closed, and end
     * with this JVM at the latest. {@code resize}, {@code restart}, {@code stats} and listeners concern the workers, and so
     * all shares. Options for calls ({@link ProcessOptions#calls}) are each share's own. Thread-safe.
     *
     * @param key names the pool in this JVM
     * @throws IllegalArgumentException as {@link #processes(Consumer)}
     */
    static Pool warm(String key, Consumer<? super ProcessOptions> options) {
        return WarmPools.share(key, options);
    }

    /**
     * Ends the pool of that key now instead of after its idle time; waits until its workers are gone. If somebody still has a
     * share, the pool ends when the last one is closed, and this returns at once. Without such a pool it does nothing.
     */
    static void closeWarm(String key) {
        WarmPools.close(key);
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
     * Has the pool be as large as that from now on; returns at once. Growing starts workers, or takes standbys. Shrinking
     * sends those with the highest numbers away: each finishes the item that it runs, what it has not begun goes to the
     * others, and the others stay as they are. Heaps are not divided anew: where none was asked for, they are as large as
     * the first number of workers allowed.
     *
     * <p>In {@link #threads} likewise; {@link #serial} has the caller's thread and no other, whatever is asked for.
     *
     * @param workers at least 1
     * @throws java.util.concurrent.RejectedExecutionException after {@code close()} or {@code terminate()}
     */
    void resize(int workers);

    /**
     * Replaces every worker; returns at once. Each finishes the item that it runs and takes no other, so what is submitted
     * after this returns runs in new processes, without anything that earlier tasks left in static fields, native memory or
     * files opened. It costs no item and is no crash.
     *
     * @throws UnsupportedOperationException in {@link #threads} and {@link #serial}, whose state is this JVM's own
     * @throws java.util.concurrent.RejectedExecutionException after {@code close()} or {@code terminate()}
     */
    void restart();

    /**
     * How the pool is at this moment: all numbers belong together. Costs microseconds, and holds nothing up. After the pool
     * has ended, how it was then. Thread-safe.
     */
    PoolStats stats();

    /** Has {@code listener} told what happens in the pool from now on. It cannot be taken away again. Thread-safe. */
    void addListener(PoolListener listener);

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
