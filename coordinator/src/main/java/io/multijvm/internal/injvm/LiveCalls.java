// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.SerializableCallable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls of one pool that have not ended, and its gate: open at first, then closed for good. Thread-safe. */
final class LiveCalls {
    /** Which pool's item this thread is running, so that a task that closes its own pool is told, not stuck. */
    private static final ThreadLocal<@Nullable LiveCalls> RUNNING_FOR = new ThreadLocal<>();

    private final Runnable afterLast;
    private final Counts counts;

    // Guarded by this.
    private final Set<LiveCall> calls = new LinkedHashSet<>();
    private boolean closed;
    private boolean terminated;
    private boolean ended;

    /**
     * @param afterLast run once, when the pool is closed and its last call has ended
     * @param counts of the pool's items
     */
    LiveCalls(Runnable afterLast, Counts counts) {
        this.afterLast = afterLast;
        this.counts = counts;
    }

    Counts counts() {
        return counts;
    }

    /** @throws RejectedExecutionException if the pool is closed */
    synchronized void requireOpen() {
        if (closed) {
            throw new RejectedExecutionException("the pool is closed; make the call before close(), or use a new pool");
        }
    }

    /** @throws RejectedExecutionException if the pool is closed */
    synchronized void add(LiveCall call) {
        requireOpen();
        calls.add(call);
    }

    void remove(LiveCall call) {
        synchronized (this) {
            calls.remove(call);
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
        if (RUNNING_FOR.get() == this) {
            throw new IllegalStateException(
                    what + " was called by a task of the pool itself and would wait for that task;"
                            + " return from the task first, or call terminate()");
        }
    }

    /**
     * From now on this thread runs an item of that pool; null for none.
     *
     * @return the pool whose item it ran before
     */
    static @Nullable LiveCalls running(@Nullable LiveCalls pool) {
        LiveCalls before = RUNNING_FOR.get();
        if (pool == null) {
            RUNNING_FOR.remove();
        } else {
            RUNNING_FOR.set(pool);
        }
        return before;
    }
}
