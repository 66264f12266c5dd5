// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a running task can know and ask of its worker. Bound to the thread that runs it; threads that the task starts have
 * none, but may be handed this object. Of use only while the item runs.
 *
 * <p>A pool's init and exit functions have a context too. They belong to no item: {@link #itemIndex()} is -1, {@link
 * #attempt()} 0, and {@link #random()} is the same in every worker.
 *
 * <p>The pool that runs the task is {@code Pool.current()}. What a task gives to it has contexts of its own, also where it runs in
 * the worker that waits for it.
 *
 * <p>The same in pools of processes and of threads and in serial ones. There a worker is a thread of the pool, or the
 * calling thread.
 */
public abstract class TaskContext {
    /** Characters of a {@link #progress} text that are told. */
    public static final int MOST_PROGRESS_TEXT = 1000;

    private static final ThreadLocal<@Nullable TaskContext> CURRENT = new ThreadLocal<>();

    /** For implementations of pools. */
    protected TaskContext() {}

    /**
     * The context of the item that this thread runs.
     *
     * @throws IllegalStateException if it runs none
     */
    public static TaskContext current() {
        TaskContext context = CURRENT.get();
        if (context == null) {
            throw new IllegalStateException("there is a task context only in the thread that runs a task");
        }
        return context;
    }

    /** The worker that runs this, unlike any other that the pool has or had: slot and incarnation, as {@code 3.1}. */
    public abstract String workerId();

    /** The worker's place in its pool, from 0. */
    public abstract int slot();

    /** How many processes that place has had, this one included; 1 in pools without processes. */
    public abstract int incarnation();

    /** The item's place in the input, from 0. */
    public abstract long itemIndex();

    /** How often the item has been begun, this time included: 1, or more after a retry. */
    public abstract int attempt();

    /** Whether somebody has asked for this item to stop. A task that waits is also interrupted. */
    public abstract boolean isCancelled();

    /**
     * Has {@code listener} run when this item is cancelled or its time is over, so that it can end what an interrupt does
     * not: close a connection, stop a native computation. Listeners run in their order, in a thread of their own, where
     * there is no task context. The task is interrupted when they have returned, or half a second after they began; a task
     * that has not ended after a second costs its worker, and one that has does not. What a listener throws is logged.
     *
     * <p>Listeners are forgotten when the item ends. One that is added after the item was cancelled runs at once. None run
     * at a death, nor where a pool of processes is terminated.
     */
    public abstract void onAbort(Runnable listener);

    /**
     * What this worker keeps under {@code key}, made by {@code first} when a task here first asks for it: a connection, a
     * model, a cache. It lives as long as the worker's process, or in pools without processes as long as the pool; the
     * worker's other tasks, also those of other calls, see the same object, and other workers have their own. Nothing is
     * closed by itself: a pool's exit function can.
     *
     * <p>If {@code first} throws, that is the item's failure unless the task catches it, and the next to ask tries again.
     *
     * @param key compared by {@code equals}; tasks of several authors had better use their own classes than short names
     * @throws NullPointerException if {@code first} gives null
     */
    public abstract <T> T state(Object key, Supplier<? extends T> first);

    /**
     * Random numbers that belong to the item: seeded by the pool's seed, the call's number in its pool (submits with the
     * same options are one call) and the item's in its call. With the same seed a program that makes the same calls in the
     * same order draws the same numbers, whatever the kind of pool, the number of workers, chunks, deaths and retries. The
     * algorithm is the one that {@link Random} prescribes, so another JDK draws them too. Each item's sequence starts
     * anew.
     *
     * <p>For the thread that runs the task.
     */
    public abstract Random random();

    /**
     * Says how far the item is, to the pool's listeners ({@code PoolListener.itemProgressed}) in the program that made the
     * pool. Never waits for them, nor for the way there. They are told the newest that a worker has said, some ten times a
     * second at most; in between, and when the item has ended, nothing is told, so the last words of an item can go unheard,
     * as can those of a worker that dies. Also from threads that the task starts and hands this object.
     *
     * <p>In a serial pool the listeners run in the calling thread, here, where a tenth of a second has passed since they
     * were last told; what is said sooner is not told. A pool's init and exit functions belong to no item: from them nothing
     * is told.
     *
     * @param fraction 0 to 1; a hair more, as comes of adding up parts, is taken as 1
     * @param text what the item is at, for people; beyond {@link #MOST_PROGRESS_TEXT} characters it is cut
     * @throws IllegalArgumentException if {@code fraction} is below 0, above 1 or not a number
     */
    public abstract void progress(double fraction, String text);

    /**
     * The logger {@code io.multijvm.task} of the JVM that runs the task, with worker and item in front of each message.
     * From a worker process its messages go to the logger of that name in the JVM that made the pool, as all do that tasks log
     * through {@link System.Logger} or {@code java.util.logging}; see {@code Logging} of a pool's options.
     */
    public abstract System.Logger logger();

    /**
     * For implementations of pools: {@code context} is current in this thread from now on.
     *
     * @return what was current before, to be entered again where a task runs another pool's items in its own thread
     */
    protected static @Nullable TaskContext enter(TaskContext context) {
        TaskContext before = CURRENT.get();
        CURRENT.set(context);
        return before;
    }

    /** For implementations of pools: nothing is current in this thread any more. */
    protected static void leave() {
        CURRENT.remove();
    }
}
