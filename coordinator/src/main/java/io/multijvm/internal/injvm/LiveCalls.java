// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.Nestings;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
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

    // Guarded by this.
    private final Set<LiveCall> calls = new LinkedHashSet<>();
    /** Calls that items of this pool have made. */
    private final Map<LiveCall, ItemRun<?, ?>> askers = new HashMap<>();

    private boolean closed;
    private boolean terminated;
    private boolean ended;

    /**
     * @param afterLast run once, when the pool is closed and its last call has ended
     */
    LiveCalls(Runnable afterLast) {
        this(afterLast, new Lending() {});
    }

    /** @param lending told when an item begins to wait for its own pool, or will, and when it no longer does */
    LiveCalls(Runnable afterLast, Lending lending) {
        this.afterLast = afterLast;
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

    /** Lets no further call in. */
    void close() {
        requireOtherThread("close()");
        closedNow().forEach(LiveCall::readNoFurther);
        endIfLast();
    }

    /** Lets no further call in, and cancels those that there are. */
    void terminate() {
        synchronized (this) {
            terminated = true;
        }
        closedNow().forEach(LiveCall::cancel);
        endIfLast();
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

    private void requireOtherThread(String what) {
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
