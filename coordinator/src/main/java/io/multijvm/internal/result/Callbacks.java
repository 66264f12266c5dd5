// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Where futures are answered when nobody waits for them, and which of them are still to be: a pool counts as terminated
 * only when each of its futures is done. Thread-safe; the loop adds, whoever answers takes away.
 */
public final class Callbacks implements Executor {
    private static final Duration LONGEST_DECODING = Duration.ofSeconds(30);
    private static final Duration NAP = Duration.ofMillis(1);

    private final Executor threads;
    private final Set<CompletableFuture<?>> owed = ConcurrentHashMap.newKeySet();

    /** @param threads as many as needed; may run user code */
    public Callbacks(Executor threads) {
        this.threads = threads;
    }

    /** The same threads, for a user who ends before others do. */
    public Callbacks ofOneUser() {
        return new Callbacks(threads);
    }

    /** Runs the action; where the pool has ended it is dropped, for then its future is cancelled by the pool's end. */
    @Override
    public void execute(Runnable action) {
        try {
            threads.execute(action);
        } catch (RejectedExecutionException e) {
            // a submit that raced with the end of the pool: whoever made it hears of that end
        }
    }

    /** The outcome is there, or there will be none: this future is going to be answered. */
    public void owesAnswer(CompletableFuture<?> future) {
        owed.add(future);
    }

    /** The future has its answer. */
    @SuppressWarnings("CollectionUndefinedEquality") // the very object is meant, and futures have no other equality
    public void answered(CompletableFuture<?> future) {
        owed.remove(future);
    }

    /** Waits until what is owed now is answered; not for the dependents of those futures. Bounded. */
    public void awaitAnswers() {
        long deadline = System.nanoTime() + LONGEST_DECODING.toNanos();
        for (CompletableFuture<?> future : owed) {
            while (!future.isDone() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(this, NAP.toNanos());
            }
        }
    }
}
