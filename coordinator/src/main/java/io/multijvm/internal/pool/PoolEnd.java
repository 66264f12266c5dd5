// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a pool of processes comes to its end. Thread-safe.
 *
 * <pre>
 * OPEN --stop--> CLOSED --the dispatcher has stopped--> WORKERS GONE --all is given back--> TERMINATED
 * </pre>
 */
final class PoolEnd {
    private final Function<Boolean, CompletableFuture<@Nullable Void>> stopping;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> workersGone = new CompletableFuture<>();
    /** Runs what is to be done before anybody is told that all is over. */
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();

    /**
     * @param stopping ends the work, at once if it is told so; its future completes when all is over. May be called again
     * @param giveBack run once, after that: waits until every future is done, and releases everything
     */
    PoolEnd(Function<Boolean, CompletableFuture<@Nullable Void>> stopping, Runnable giveBack) {
        this.stopping = stopping;
        this.giveBack = giveBack;
    }

    boolean isClosed() {
        return closed.get();
    }

    boolean isTerminated() {
        return terminated.isDone();
    }

    static RejectedExecutionException rejection() {
        return new RejectedExecutionException("the pool is closed; nothing can be submitted to it any more");
    }

    /** Has this run when everything is over, before {@link #stopAndWait} returns; at once if it is. */
    void whenOver(Runnable action) {
        var unused = over.thenRun(action);
    }

    /** Lets nothing more in; returns at once. */
    void stop(boolean now) {
        closed.set(true);
        if (workersGone.isDone()) { // the event loop may be gone as well
            return;
        }
        CompletableFuture<@Nullable Void> stopped = stopping.apply(now);
        if (awaited.compareAndSet(false, true)) {
            var unused = stopped.thenRun(this::release);
        }
    }

    /** In a thread of its own: the pool's threads are among what is given back. */
    private void release() {
        workersGone.complete(null);
        Thread thread = new Thread(
                () -> {
                    try {
                        giveBack.run();
                    } finally {
                        over.complete(null);
                        terminated.complete(null);
                    }
                },
                "multijvm-release");
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops and waits, without limit; an interrupt makes it stop now, and is kept. */
    void stopAndWait(boolean now) {
        stop(now);
        boolean interrupted = false;
        while (true) {
            try {
                terminated.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                stop(true);
            } catch (ExecutionException e) {
                throw new AssertionError("stopping never fails", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the workers are gone; an interrupt ends the wait, and is kept. */
    void awaitWorkersGone() {
        try {
            workersGone.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("stopping never fails", e);
        }
    }

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            terminated.get(timeout, unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("stopping never fails", e);
        }
    }
}
