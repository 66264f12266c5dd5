// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.task.SerializableFunction;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How one call treats its items. Not thread-safe; used inside {@link Calls#with}. Of an option that is given twice the last
 * value counts. What cannot be is refused with an {@link IllegalArgumentException} that names option and value.
 *
 * <ul>
 *   <li>{@code chunkSize}: adaptive
 *   <li>{@code buffer}: adaptive
 *   <li>{@code retries}: 0
 *   <li>{@code retryOn}: CRASH, OUT_OF_MEMORY
 *   <li>{@code crashLimit}: 2
 *   <li>{@code backoff}: none
 *   <li>{@code itemTimeout}, {@code deadline}, {@code queueTimeout}: none
 *   <li>order of a lazy stream: the input's
 *   <li>{@code finishOthers}: no; the first failure of a list cancels the rest
 *   <li>{@code key}, {@code affinity}, {@code progress}: none
 *   <li>{@code copy}: no
 * </ul>
 */
public final class CallOptions {
    private CallSettings settings;

    CallOptions(CallSettings settings) {
        this.settings = settings;
    }

    /**
     * How many items cross together. A matter of speed only: blame, retries and progress are by item. By default the
     * first items measure their own cost, and a chunk is then about 10 ms of work and at most a fair share of what is
     * left.
     *
     * @param items at least 1
     */
    public CallOptions chunkSize(int items) {
        settings = settings.withChunkSize(items);
        return this;
    }

    /**
     * How many items a lazy stream reads ahead of its consumer, at most. By default enough to keep every worker busy for
     * some 20 ms, and at least twice the workers.
     *
     * @param items at least 1
     */
    public CallOptions buffer(int items) {
        settings = settings.withBuffer(items);
        return this;
    }

    /**
     * How often an item is begun again after its worker died while it ran, or what else {@link #retryOn} names. Default 0,
     * for a task need not be repeatable. An item that has killed as many workers as {@link #crashLimit} says is not run
     * again whatever this says. A task that throws is run again only if {@code retryOn} names TASK.
     *
     * @param times 0 or more
     */
    public CallOptions retries(int times) {
        settings = settings.withRetries(times);
        return this;
    }

    /**
     * After which failures {@link #retries} applies. By default after deaths of the worker: CRASH and OUT_OF_MEMORY.
     *
     * <ul>
     *   <li>TASK: the task threw, whatever it was. The item has failed with what its last attempt threw. An interrupt that is
     *       not ours, of the caller of a serial pool for instance, is a wish that the item ends: it is not begun again.
     *   <li>TIMEOUT: {@link #itemTimeout} was over. What waited too long, or had no result at the {@link #deadline}, is not begun
     *       again.
     *   <li>CRASH, OUT_OF_MEMORY: the worker died. Pools of threads and serial ones have no workers that could. For an item
     *       that needs more heap than others see {@link ProcessOptions#retryHeap}.
     * </ul>
     *
     * <p>A pool of processes decodes the item anew for each attempt, and a serial one copies it. In a pool of threads
     * without {@link #copy} an attempt finds the item as the one before it left it.
     *
     * @param kinds of TASK, CRASH, OUT_OF_MEMORY and TIMEOUT; none is the same as no retries
     * @throws IllegalArgumentException for PAYLOAD, CANCELLED and POOL_BROKEN, after which no other attempt could help
     */
    public CallOptions retryOn(FailureKind... kinds) {
        settings = settings.withRetryOn(List.of(kinds));
        return this;
    }

    /**
     * An item that has killed so many workers is quarantined: it is not begun again, whatever {@link #retries} says, and has
     * failed with its last death, whose {@link io.multijvm.failure.CrashReport#verdict} tells so. Time-outs, cancelled items
     * and workers that were recycled never count, nor does a death that this item did not cause: a worker that was ended for
     * another's sake. See {@link ProcessOptions#deadLetters} for where it is kept. Default 2.
     *
     * @param workers at least 1
     */
    public CallOptions crashLimit(int workers) {
        settings = settings.withCrashLimit(workers);
        return this;
    }

    /**
     * How long an item waits before it is begun again: {@code first}, then twice as long each time, at most {@code most}, and
     * up to a quarter more by chance, so that items that failed together do not come back together. It is not given to a
     * worker before; the others run meanwhile. A pool of threads, or a serial one, waits with the item's thread. By default
     * nothing waits.
     *
     * @param first not negative
     * @param most at least {@code first}
     */
    public CallOptions backoff(Duration first, Duration most) {
        settings = settings.withBackoff(first, most);
        return this;
    }

    /**
     * How long each item may run, from its own beginning: an item that waits for its turn in a chunk uses none of it. By
     * default without limit. When the time is over the item has failed with {@link TaskTimeoutException}, which holds the
     * stack it stood in and, where threads of its worker wait for each other in a circle by then, that deadlock: threads, locks
     * and frames. Deadlocks are looked for then only, so one shows where there is a limit. Nothing the item does afterwards
     * changes that it has failed. It is interrupted; if it runs on for a second its
     * worker is asked to end (SIGTERM), and a second later killed, while the items behind it in its chunk run elsewhere.
     *
     * <p>A pool of threads, or a serial one, can only interrupt: an item that ignores that holds its thread, and fails when
     * it ends.
     *
     * @param limit more than zero
     */
    public CallOptions itemTimeout(Duration limit) {
        settings = settings.withItemTimeout(limit);
        return this;
    }

    /**
     * How long the whole call may take, from the call itself. When the time is over every item that has no result has failed
     * with a {@link TaskTimeoutException} that says whether it was running or had not begun; nothing is run again after that.
     * Items that run are interrupted and, where they do not follow within a second, their workers ended. Results before
     * the deadline count: a list fails with its first unfinished item, a lazy stream gives what there is, then fails at the first
     * item without a result, or where the input had not been read to its end. A single task has the deadline for itself,
     * its time in the queue included. By default without limit.
     *
     * <p>A pool of threads answers at the deadline too, but can only interrupt; a serial one answers when the item that
     * runs follows its interrupt. See Pebble's and {@code concurrent.futures}' time-outs of {@code map}.
     *
     * @param limit more than zero
     */
    public CallOptions deadline(Duration limit) {
        settings = settings.withDeadline(limit);
        return this;
    }

    /**
     * How long each item may wait to be begun: a single task from its submission, an item of a list or stream from when it was
     * read from the input, which is read no further ahead than there is use for it. By default without limit. An item that has
     * waited longer, give or take a hundredth of the limit, has failed with a {@link TaskTimeoutException} for which
     * {@link TaskTimeoutException#ofQueue()} holds, and its kind is TIMEOUT: a limit of its own was over, and nobody cancelled
     * it. It is never begun, so it has had no effects and {@link #retries} does not concern it; all others go on. Once begun an
     * item is subject to {@link #itemTimeout} alone; also when it is begun again after a death. One that
     * the pool has given to a worker in a chunk and that has not begun there still waits; the worker gives it back.
     *
     * <p>Of use where results come too late to matter, as answers to requests do. A pool of threads keeps to it as well; a serial
     * one begins each item as soon as it has it, so that none waits.
     *
     * @param limit more than zero
     */
    public CallOptions queueTimeout(Duration limit) {
        settings = settings.withQueueTimeout(limit);
        return this;
    }

    /**
     * A failed item leaves the others of its list alone: {@code map}, {@code mapAsync}, {@code starmap} and {@code forEach}
     * run all items, and then throw the first failure in input order, with further ones suppressed in it, up to a hundred,
     * and the rest counted. By default the first failure is thrown at once and cancels what has not begun. Lazy streams end
     * at a failure anyway; {@link Calls#outcomes} gives failures as values.
     */
    public CallOptions finishOthers() {
        settings = settings.withFinishOthers(true);
        return this;
    }

    /**
     * Names items, for messages and crash reports: {@code o.<Path>key(path -> path.toString())}. The name stands before the
     * message of the item's failure, in {@link io.multijvm.failure.MultijvmException#key()} and in its crash report. By
     * default there is only the index. Several arguments come as {@link io.multijvm.task.Args}. Of no effect for
     * {@code apply} and {@code submit}, which have no item.
     *
     * @param names called once for each item, in the thread that reads the input; what it throws is the input's failure
     */
    public <T> CallOptions key(SerializableFunction<? super T, String> names) {
        settings = settings.withKey(Objects.requireNonNull(names, "names"));
        return this;
    }

    /**
     * Items for which the function gives equal values prefer one worker, which may have kept what they share: a file, a
     * connection, a model. A key belongs to the worker that got its first item, as long as that process lives. A worker
     * takes items of its own keys first, then those of new keys. Only one that has nothing else to do takes items of
     * another's key, and only where that other has had items waiting for 10 ms: the preference never idles a worker for longer. The
     * last 65,536 keys are remembered. By default items go to whoever is free.
     *
     * <p>Chunks hold items of one worker's keys, neighbours in the input, so where keys alternate chunks are small. Pools
     * of threads and serial ones have one JVM for all items: it is of no effect there, nor for {@code apply} and {@code submit}.
     *
     * @param keys called once for each item, in the thread that reads the input; what it throws is the input's failure;
     *     null is a key as well
     */
    public <T> CallOptions affinity(SerializableFunction<? super T, ?> keys) {
        settings = settings.withAffinity(Objects.requireNonNull(keys, "keys"));
        return this;
    }

    /**
     * In a pool of threads the task with what it captures, each item and each result are copied, as a pool of processes and a serial one
     * do anyway: no item sees what another did to them. By default a pool of threads shares them.
     */
    public CallOptions copy(boolean copies) {
        settings = settings.withCopy(copies);
        return this;
    }

    /** Who hears how far the call is, see {@link Progress}. By default nobody. */
    public CallOptions progress(Progress listener) {
        settings = settings.withProgress(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Lazy streams give each result as soon as it is there, not in input order; all else stays the same. Of use where one
     * slow item would hold up the others' results. By default, and for lists always, the order is the input's. See
     * Python's {@code Pool.imap_unordered}.
     */
    public CallOptions unordered() {
        settings = settings.withOrder(false);
        return this;
    }

    CallSettings settings() {
        return settings;
    }
}
