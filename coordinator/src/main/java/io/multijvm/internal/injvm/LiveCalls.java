// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.Nestings;
import io.multijvm.task.SerializableCallable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls of one pool that have not ended, and its gate: open at first, then closed for good. Thread-safe. */
final class LiveCalls {
    /**
     * Which item this thread is running, or the task that started it: so that a task that closes its own pool is told, not
     * stuck, and one that calls it is known as the caller.
     */
    private static final ThreadLocal<@Nullable ItemRun<?, ?>> RUNNING = new InheritableThreadLocal<>();

    private final Runnable afterLast;
    private final Lending lending;
    private volatile @Nullable CallEngine engine;
    private final Counts counts;

    // Guarded by this.
    private final Set<LiveCall> calls = new LinkedHashSet<>();
    /** Calls that items of this pool have made. */
    private final Map<LiveCall, ItemRun<?, ?>> askers = new HashMap<>();

    private boolean closed;
    private boolean terminated;
    private boolean ended;

    /**
     * @param afterLast run once, when the pool is closed and its last call has ended
     * @param counts of the pool's items
     */
    LiveCalls(Runnable afterLast, Counts counts) {
        this(afterLast, counts, new Lending() {});
    }

    /** @param lending told when an item begins to wait for its own pool, or will, and when it no longer does */
    LiveCalls(Runnable afterLast, Counts counts, Lending lending) {
        this.afterLast = afterLast;
        this.counts = counts;
        this.lending = lending;
    }

    /** What becomes of the place of an item whose own calls are to be run. */
    interface Lending {
        default void lend() {}

        default void takeBack() {}
    }

    /** Whose calls these are; once, by the pool's maker. */
    void of(CallEngine pool) {
        engine = pool;
    }

    CallEngine engine() {
        return Objects.requireNonNull(engine, "engine");
    }

    /** The item of this pool that this thread runs, or helps to run; null for none. */
    private @Nullable ItemRun<?, ?> asker() {
        ItemRun<?, ?> run = RUNNING.get();
        return run != null && run.pool() == this && run.isRunning() ? run : null;
    }

    /** How many calls of tasks stand above the items of a call that this thread makes. */
    int depthHere() {
        ItemRun<?, ?> asker = asker();
        return asker == null ? 0 : asker.depth() + 1;
    }

    /** Cancels what an item has asked for. */
    void cancelCallsOf(ItemRun<?, ?> run) {
        List<LiveCall> left;
        synchronized (this) {
            left = askers.entrySet().stream()
                    .filter(entry -> entry.getValue() == run)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        left.forEach(LiveCall::cancel);
    }

    Counts counts() {
        return counts;
    }

    /** @throws RejectedExecutionException if the pool is closed */
    synchronized void requireOpen() {
        // an item that runs is finished also while the pool closes, and so is what it asks for
        if (closed && (terminated || asker() == null)) {
            throw new RejectedExecutionException("the pool is closed; make the call before close(), or use a new pool");
        }
    }

    /** @throws RejectedExecutionException if the pool is closed */
    synchronized void add(LiveCall call) {
        requireOpen();
        Nestings.requireCall(depthHere());
        calls.add(call);
        ItemRun<?, ?> asker = asker();
        if (asker != null) {
            if (!askers.containsValue(asker)) {
                lending.lend();
            }
            askers.put(call, asker);
        }
    }

    void remove(LiveCall call) {
        synchronized (this) {
            calls.remove(call);
            ItemRun<?, ?> asker = askers.remove(call);
            if (asker != null && !askers.containsValue(asker)) {
                lending.takeBack();
            }
        }
        endIfLast();
    }

    /** Lets no further call in; its caller is going to wait. */
    void close() {
        requireOtherThread("close()");
        shutdown();
    }

    /** Lets no further call in. */
    void shutdown() {
        closedNow().forEach(LiveCall::readNoFurther);
        endIfLast();
    }

    /** Lets no further call in, and cancels those that there are; the tasks that were never begun. */
    List<SerializableCallable<?>> terminate() {
        synchronized (this) {
            terminated = true;
        }
        List<SerializableCallable<?>> unbegun = new ArrayList<>();
        List<LiveCall> left = closedNow();
        // before any is stopped: its thread would begin the next
        left.forEach(call -> call.drop().ifPresent(unbegun::add));
        left.forEach(LiveCall::cancel);
        endIfLast();
        return unbegun;
    }

    synchronized boolean isTerminated() {
        return terminated;
    }

    /** Waits until the pool is closed and its last call has ended. */
    synchronized void awaitEnd() throws InterruptedException {
        while (!ended) {
            wait();
        }
    }

    /** As {@link #awaitEnd()}, for so long at most; whether it has. */
    synchronized boolean awaitEnd(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; !ended && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return ended;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    private void endIfLast() {
        synchronized (this) {
            if (!closed || ended || !calls.isEmpty()) {
                return;
            }
            ended = true;
            afterLast.run();
            notifyAll();
        }
    }

    private synchronized List<LiveCall> closedNow() {
        closed = true;
        return List.copyOf(calls);
    }

    /** @throws IllegalStateException if this thread runs an item of the pool, for which {@code what} would wait */
    void requireOtherThread(String what) {
        if (asker() != null) {
            throw new IllegalStateException(
                    what + " was called by a task of the pool itself and would wait for that task;"
                            + " return from the task first, or call terminate()");
        }
    }

    /**
     * From now on this thread runs that item; null for none.
     *
     * @return the item that it ran before
     */
    static @Nullable ItemRun<?, ?> running(@Nullable ItemRun<?, ?> run) {
        ItemRun<?, ?> before = RUNNING.get();
        if (run == null) {
            RUNNING.remove();
        } else {
            RUNNING.set(run);
        }
        return before;
    }
}
