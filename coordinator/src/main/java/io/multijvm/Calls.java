// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.Args;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableConsumer;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.task.SerializableTriFunction;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ways to have tasks run. A task and its items are copied to the worker: what a task changes in a captured object,
 * list or counter is not seen by the caller; return it instead.
 *
 * <p>All methods may be called from any thread. After {@code close()} they throw {@link RejectedExecutionException}. A
 * task or an item that cannot cross is refused with a {@link PayloadException} that names the field and the fix. When a
 * worker dies, the one item that it was running fails with {@link WorkerCrashedException}; its chunk's finished items
 * keep their results and the others run elsewhere. A caller that is interrupted while it waits gets a
 * {@link CancellationException}, its items are cancelled, and its interrupt flag stays set. One whose pool is terminated
 * gets a {@link CancellationException} as well, and one whose pool can start no workers a {@link PoolBrokenException}.
 *
 * <p>Actions before a call happen-before the task runs, and what the task does happens-before its result is returned;
 * of the objects themselves only copies cross. See Python's {@code multiprocessing.pool.Pool}, whose methods these are.
 */
public interface Calls {

    /**
     * The same calls with other options: {@code pool.with(o -> o.chunkSize(50)).map(task, items)}. What {@code options} does
     * not name stays as it is here; this object does not change. May be kept, and used by many threads.
     *
     * @param options called once, at once
     * @throws IllegalArgumentException if an option cannot be, by name and value
     */
    Calls with(Consumer<? super CallOptions> options);

    /**
     * Runs {@code task} in a worker and waits for its result, without limit unless the options have one.
     *
     * @throws TaskFailedException if the task throws; the cause is its own exception
     * @throws WorkerCrashedException if its worker dies
     * @throws TaskTimeoutException if it runs longer than {@link CallOptions#itemTimeout} or {@link CallOptions#deadline} allow
     */
    <R extends @Nullable Object> R apply(SerializableCallable<R> task);

    /** As {@link #apply(SerializableCallable)}, without a result. */
    void apply(SerializableRunnable task);

    /**
     * Runs {@code task} in a worker; does not wait, and its failure is the future's. Many of them are cheap: those that wait
     * together cross together. There is no limit to how many wait.
     */
    <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task);

    /** As {@link #submit(SerializableCallable)}; the future's value is null. */
    TaskFuture<@Nullable Void> submit(SerializableRunnable task);

    /**
     * Runs {@code task} on every item and waits: n items in, n results out, in input order, each exactly once. An item
     * that was running when its worker died is run again only if {@code retries} or {@link ProcessOptions#retryHeap} says so;
     * one that is finished never is. The first failure is thrown at once and cancels the others: what has not begun never does, what runs is interrupted, and
     * no worker is ended for it. Results may be null. What reading the input throws is thrown as it is.
     *
     * @param items read by one thread, once, as fast as workers take them
     * @throws TaskFailedException if the task throws; the cause is its own exception, and the message names the item
     * @throws WorkerCrashedException if a worker dies while it runs an item
     * @throws TaskTimeoutException if an item, or the call, takes longer than the options allow
     */
    <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items);

    /** As {@link #map}, without waiting. Cancelling the future cancels all its items. */
    <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items);

    /**
     * As {@link #map}, with one input for each argument: the task gets the first items of both, then the second ones, and so
     * on; the shorter input ends it. Each is read once, both by one thread, as fast as workers take their items. See
     * Python's {@code map} over several iterables.
     */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableBiFunction<? super A, ? super B, ? extends R> task,
            Iterable<? extends A> firsts,
            Iterable<? extends B> seconds) {
        return this.<Args.Two<A, B>, R>map(Args.<A, B, R>spread(task), Zipped.<A, B>of(firsts, seconds));
    }

    /** As {@link #map(SerializableBiFunction, Iterable, Iterable)}, with three inputs. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            List<R> map(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task,
                    Iterable<? extends A> firsts,
                    Iterable<? extends B> seconds,
                    Iterable<? extends C> thirds) {
        return this.<Args.Three<A, B, C>, R>map(
                Args.<A, B, C, R>spread(task), Zipped.<A, B, C>of(firsts, seconds, thirds));
    }

    /** As {@link #map(SerializableBiFunction, Iterable, Iterable)}, without waiting. */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            TaskFuture<List<R>> mapAsync(
                    SerializableBiFunction<? super A, ? super B, ? extends R> task,
                    Iterable<? extends A> firsts,
                    Iterable<? extends B> seconds) {
        return this.<Args.Two<A, B>, R>mapAsync(Args.<A, B, R>spread(task), Zipped.<A, B>of(firsts, seconds));
    }

    /** As {@link #map(SerializableTriFunction, Iterable, Iterable, Iterable)}, without waiting. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            TaskFuture<List<R>> mapAsync(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task,
                    Iterable<? extends A> firsts,
                    Iterable<? extends B> seconds,
                    Iterable<? extends C> thirds) {
        return this.<Args.Three<A, B, C>, R>mapAsync(
                Args.<A, B, C, R>spread(task), Zipped.<A, B, C>of(firsts, seconds, thirds));
    }

    /** As {@link #map}, for items of two arguments: {@code starmap((a, b) -> a + b, List.of(Args.of(1, 2)))}. */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> starmap(
            SerializableBiFunction<? super A, ? super B, ? extends R> task, Iterable<? extends Args.Two<A, B>> items) {
        return this.<Args.Two<A, B>, R>map(Args.<A, B, R>spread(task), items);
    }

    /** As {@link #map}, for items of three arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            List<R> starmap(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task,
                    Iterable<? extends Args.Three<A, B, C>> items) {
        return this.<Args.Three<A, B, C>, R>map(Args.<A, B, C, R>spread(task), items);
    }

    /** As {@link #starmap(SerializableBiFunction, Iterable)}, without waiting. */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            TaskFuture<List<R>> starmapAsync(
                    SerializableBiFunction<? super A, ? super B, ? extends R> task,
                    Iterable<? extends Args.Two<A, B>> items) {
        return this.<Args.Two<A, B>, R>mapAsync(Args.<A, B, R>spread(task), items);
    }

    /** As {@link #starmap(SerializableTriFunction, Iterable)}, without waiting. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            TaskFuture<List<R>> starmapAsync(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task,
                    Iterable<? extends Args.Three<A, B, C>> items) {
        return this.<Args.Three<A, B, C>, R>mapAsync(Args.<A, B, C, R>spread(task), items);
    }

    /**
     * Runs {@code task} on every item and waits; nothing comes back and nothing is kept, so the input may be longer than
     * any list. The first failure that comes is thrown and cancels the rest, or with {@link CallOptions#finishOthers}, which
     * needs a list's memory, the first in input order once all have run.
     *
     * @param items read by one thread, once, a bounded number ahead of what is finished
     */
    <T extends @Nullable Object> void forEach(SerializableConsumer<? super T> task, Iterable<? extends T> items);

    /**
     * The results in input order, one by one as they are asked for. Items are read a bounded number ahead of the
     * consumer (see {@link CallOptions#buffer}), so the input may be infinite. A failure is thrown in its item's place and
     * ends the stream; an exception of the input itself comes after the results before it. Close it to cancel the rest. Does
     * not wait: items are read by a thread of the pool, which the input may hold up, and work begins though nobody reads; in a
     * {@link Pool#serial} pool both happen in the consumer's thread, one item at a time.
     */
    <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items);

    /** As {@link #imap}, with one input for each argument; the shorter input ends it. */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableBiFunction<? super A, ? super B, ? extends R> task,
            Iterable<? extends A> firsts,
            Iterable<? extends B> seconds) {
        return this.<Args.Two<A, B>, R>imap(Args.<A, B, R>spread(task), Zipped.<A, B>of(firsts, seconds));
    }

    /** As {@link #imap(SerializableBiFunction, Iterable, Iterable)}, with three inputs. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            ResultStream<R> imap(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task,
                    Iterable<? extends A> firsts,
                    Iterable<? extends B> seconds,
                    Iterable<? extends C> thirds) {
        return this.<Args.Three<A, B, C>, R>imap(
                Args.<A, B, C, R>spread(task), Zipped.<A, B, C>of(firsts, seconds, thirds));
    }

    /**
     * As {@link #imap}, each result as soon as it is there: of use where one slow item would hold up the others' results.
     * The same as {@code with(o -> o.unordered()).imap(task, items)}. See Python's {@code Pool.imap_unordered}.
     */
    default <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imapUnordered(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items) {
        return with(CallOptions::unordered).imap(task, items);
    }

    /**
     * As {@link #imap}, with failures as values: n items in, n outcomes out, in input order. Thrown is only what is no item's
     * failure: an exception of the input, the end of the pool.
     */
    <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items);
}
