// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.PayloadException;
import io.multijvm.shared.Shared;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 *
 * <p>A pool is an {@link ExecutorService}, to the letter of its contract: a program that knows only that type, and whose
 * tasks are named classes or records, runs unchanged. Through a variable of type {@code ExecutorService},
 * {@code Callable} or {@code Runnable} a lambda does not cross, and is refused at the call with a
 * {@link PayloadException} that names the fix; through one of type {@code Pool} it does, for the overloads with
 * serialisable types win. They are ambiguous only for a method reference to an overloaded method, as in any
 * {@code ExecutorService}: write it as a lambda. Refused as well, for a copy could never complete the future here: any
 * {@code Future} as a task, and the stages of {@code CompletableFuture.supplyAsync(task, pool)} and its like; use
 * {@code pool.submit(task).thenApply(f)}. {@link ExecutorCompletionService} works.
 *
 * <p>All methods may be called from any thread, those of a callback included. Null tasks, collections and units are refused
 * with a {@code NullPointerException}, and after {@link #shutdown} or {@link #close} every task with a
 * {@link RejectedExecutionException}. Memory effects are those of {@code ExecutorService}, on copies of the objects.
 */
public interface Pool extends Calls, ExecutorService, AutoCloseable {

    /** One worker JVM for each core that this process may use (affinity and cgroup counted). */
    static Pool processes() {
        return processes(options -> {});
    }

    /**
     * So many worker JVMs, otherwise as by default; see {@link #processes(Consumer)}.
     *
     * @param workers at least 1
     */
    static Pool processes(int workers) {
        return processes(options -> options.workers(workers));
    }

    /**
     * Worker JVMs as the options say. Returns while they start; a worker that cannot start fails the calls, not this
     * method. Workers that die are replaced until the pool ends. They end with it, with this JVM at the latest, however it
     * ends.
     *
     * @throws IllegalArgumentException if an option cannot be right, such as a heap that the machine does not have
     * @throws IllegalStateException if this process is a worker that stands inside three pools already, which the system
     *     property {@code io.multijvm.nestedPools} changes
     * @throws PayloadException if the init or exit function cannot cross
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
     * Threads of this JVM, to compare with. Tasks and items are checked as if they crossed, but not copied unless {@link
     * CallOptions#copy} says so; a crash or an {@code OutOfMemoryError} costs the program, and what does not end when it is
     * interrupted goes on. They are daemon threads.
     *
     * @param threads at least 1
     */
    static Pool threads(int threads) {
        return Pools.threads(threads, Pools.drawSeed());
    }

    /**
     * The calling JVM, one item after the other, to compare with and to debug. Tasks, items and results are copied. A submit
     * or an asynchronous map has run when it returns; a lazy stream runs each item when it is asked for.
     */
    static Pool serial() {
        return Pools.serial(Pools.drawSeed());
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
     * {@link #close()} is refused, since it would wait for the task itself, and so is {@link #broadcast}; {@link #terminate()} is
     * not. In a worker process what concerns the pool as a whole is refused too: {@code share}, {@code resize}, {@code restart},
     * {@code stats} and {@code addListener} throw {@code UnsupportedOperationException}. There {@code affinity} counts for nothing.
     *
     * @throws IllegalStateException if this thread runs no task; also in a pool's init and exit functions
     */
    static Pool current() {
        return Pools.current();
    }

    /**
     * Runs {@code task} once in each worker and waits: the results by slot. For what each worker should have or tell, such
     * as a warmed cache or its memory; {@code TaskContext.current().slot()} says which it is. A worker that is starting gets it when
     * it is there, a busy one behind what it has. If a worker dies before it has begun the task, its successor runs it; one that dies while it
     * runs it has failed, and so has, with {@code CANCELLED}, one that {@link #resize} sends away before it has begun the task; in
     * a pool of threads it still runs it. All others run it nevertheless; then the failure of the first such slot is thrown, with
     * others suppressed. A pool of threads runs it once in each thread, a serial one once. If the caller is interrupted, what
     * has not ended is cancelled, as by {@link Calls#map}.
     *
     * @throws IllegalStateException if a task of a pool of threads calls it on its own pool, where it would wait for itself
     */
    <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task);

    /** As {@link #broadcast(SerializableCallable)}, without results. */
    void broadcast(SerializableRunnable task);

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
     * The manager of this pool: what it makes, tasks of the pool share with each other and with this program. It is started
     * when it is first asked for, is always the same, and is closed when the pool has ended and the last worker is gone, so no
     * task sees its objects go. Users of a shared pool have one each, which ends with their own use of it.
     *
     * <pre>{@code
     * try (Pool pool = Pool.processes()) {
     *     SharedLong found = pool.manager().longValue(0);
     *     pool.forEach(item -> found.getAndAdd(search(item)), items);
     *     return found.get();
     * }
     * }</pre>
     *
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed and it was not asked for before
     * @throws java.io.UncheckedIOException if this JVM cannot listen for other processes
     */
    Manager manager();

    /**
     * What the random numbers of this pool's tasks begin with: the seed that was given, or the one that was drawn for this
     * pool. Write it down to draw the same numbers again.
     *
     * @see io.multijvm.task.TaskContext#random
     */
    long seed();

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
     * then ends the workers. Lazy streams read no further. If the caller is interrupted, the pool is terminated, and the
     * interrupt flag stays set. Closing twice does nothing; closing a terminated pool waits for its end.
     *
     * @throws IllegalStateException if a task of the pool itself calls it, for it would wait for that task
     */
    @Override
    void close();

    /**
     * As {@link #submit(SerializableCallable)}, for a task that is a named class or a record; it is copied to the worker.
     *
     * @throws PayloadException if it cannot cross; names the field, and what to write in its place
     */
    @Override
    <T extends @Nullable Object> TaskFuture<T> submit(Callable<T> task);

    /** As {@link #submit(Callable)}; the future's value is null. */
    @Override
    TaskFuture<?> submit(Runnable task);

    /**
     * As {@link #submit(Callable)}; the future's value is {@code result}, the very object, which does not cross: what the
     * task changes in a copy of it is not seen.
     */
    @Override
    <T extends @Nullable Object> TaskFuture<T> submit(Runnable task, T result);

    /** As {@link #submit(Runnable, Object)}, so that a lambda crosses. */
    default <T extends @Nullable Object> TaskFuture<T> submit(SerializableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    /**
     * Runs the task in a worker; does not wait, and there is no future. Its failure, a death of its worker included, goes
     * to the uncaught-exception handler of a callback thread of this JVM, which by default prints it to {@code System.err};
     * it costs neither thread nor pool.
     *
     * @throws PayloadException if it cannot cross
     */
    @Override
    void execute(Runnable command);

    /** As {@link #execute(Runnable)}, so that a lambda crosses. */
    default void execute(SerializableRunnable command) {
        execute((Runnable) command);
    }

    /**
     * Runs all tasks and waits for them; the futures are done, in the order of the tasks, and each is a
     * {@link TaskFuture}. However this ends, no task of it goes on: if the caller is interrupted, or one of the tasks is
     * refused, the others are cancelled as by {@code cancel(true)}.
     *
     * @throws InterruptedException if the caller is interrupted while it waits
     * @throws PayloadException if a task cannot cross
     */
    @Override
    <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException;

    /** As {@link #invokeAll(Collection)}; tasks that are not done in time are cancelled as by {@code cancel(true)}. */
    @Override
    <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException;

    /** As {@link #invokeAll(Collection)}, so that lambdas cross: {@code pool.invokeAll(List.of(() -> 1, () -> 2))}. */
    default <R extends @Nullable Object> List<Future<R>> invokeAll(List<SerializableCallable<R>> tasks)
            throws InterruptedException {
        return invokeAll((Collection<SerializableCallable<R>>) tasks);
    }

    /** As {@link #invokeAll(Collection, long, TimeUnit)}, so that lambdas cross. */
    default <R extends @Nullable Object> List<Future<R>> invokeAll(
            List<SerializableCallable<R>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return invokeAll((Collection<SerializableCallable<R>>) tasks, timeout, unit);
    }

    /**
     * The first result that one of the tasks has; the others are cancelled as by {@code cancel(true)}. A failure of a task,
     * a death of its worker included, leaves it to the others.
     *
     * @throws ExecutionException if all of them failed; the cause is that of the last, as from {@link TaskFuture#get()}
     * @throws IllegalArgumentException if there are no tasks
     * @throws InterruptedException if the caller is interrupted while it waits; all tasks are cancelled
     */
    @Override
    <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException;

    /**
     * As {@link #invokeAny(Collection)}, for so long at most.
     *
     * @throws TimeoutException if there is no result in time; all tasks are cancelled
     */
    @Override
    <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** As {@link #invokeAny(Collection)}, so that lambdas cross. */
    default <R extends @Nullable Object> R invokeAny(List<SerializableCallable<R>> tasks)
            throws InterruptedException, ExecutionException {
        return invokeAny((Collection<SerializableCallable<R>>) tasks);
    }

    /** As {@link #invokeAny(Collection, long, TimeUnit)}, so that lambdas cross. */
    default <R extends @Nullable Object> R invokeAny(List<SerializableCallable<R>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny((Collection<SerializableCallable<R>>) tasks, timeout, unit);
    }

    /**
     * Takes no new work and returns at once; what was submitted is finished, then the workers end. Lazy streams read no
     * further. {@link #awaitTermination} waits for that, {@link #close} does both. Shutting down twice does nothing.
     */
    @Override
    void shutdown();

    /**
     * As {@link #terminate()}, and tells which tasks were never begun: those of {@code submit}, {@code execute} and
     * {@code invokeAll}, each once, in no particular order, but none whose future was cancelled before. All unfinished
     * futures are cancelled, also theirs, so that nobody waits for them in vain; to have such a task done after all,
     * submit it to another pool, which gives it a new future. A task that was submitted as a {@code Runnable} comes back as
     * such, another as one that throws its result away. From a pool of processes they are copies.
     *
     * <p>Waits until the worker processes are gone, which are killed, for only then is it known what they had begun; in a
     * pool of threads it does not wait. If the caller is interrupted meanwhile, the list may lack some, and its flag stays
     * set. Items of {@code map} and its like are not in the list.
     */
    @Override
    List<Runnable> shutdownNow();

    /** Whether the pool takes no more work, by whatever method it was told so. */
    @Override
    boolean isShutdown();

    /**
     * Whether the pool was shut down and has come to its end: every future of its tasks is done, and its workers are gone.
     * Dependents of those futures may still run.
     */
    @Override
    boolean isTerminated();

    /**
     * Waits for {@link #isTerminated()}, for so long at most.
     *
     * @return whether it is so
     * @throws InterruptedException if the caller is interrupted while it waits; the pool goes on
     * @throws IllegalStateException if a task of a pool of processes calls it on its own pool
     */
    @Override
    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Stops now: whatever has no result is cancelled, and whoever waits for it gets a {@code CancellationException}; nothing
     * more is taken. Worker processes are killed, without their exit functions or {@code onAbort} listeners, and this waits
     * until they are gone, which an interrupt does not cut short; the flag stays set. In a pool of threads running items are
     * interrupted, and this does not wait for them. In a task of the pool itself it returns at once, and the task is stopped too.
     * Results that came before stay good. Twice does nothing more. From any thread.
     */
    void terminate();
}
