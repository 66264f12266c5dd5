// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Completes futures in the order in which it is told to, in a thread that may run what depends on them. What depends on one
 * may wait for another that is behind it: so when one takes long, another thread goes on with those behind. Thread-safe.
 */
final class Finisher {
    private static final long PATIENCE_MILLIS = 20;
    private static final long AGAIN_MILLIS = 100;
    private static final long IDLE_SECONDS = 1;
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "multijvm-answers");
                thread.setDaemon(true);
                return thread;
            });

    private final Executor threads;
    private final long patienceMillis;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Which thread is to go on, counted; the one before ends with what it is at. 0 for none. Written under the lock. */
    private volatile long turn;
    /** How many were begun; two threads may count one as one, for it only has to be seen that there were some. */
    private volatile long begun;

    // guarded by this
    private long lastTurn;
    private long begunBefore;
    /** Whether somebody will look. */
    private boolean watched;

    Finisher() {
        this(THREADS, PATIENCE_MILLIS);
    }

    /**
     * @param threads as many as there is work; may have none for a while, which it says by an {@code OutOfMemoryError}
     * @param patienceMillis what takes longer does not hold up those behind it
     */
    Finisher(Executor threads, long patienceMillis) {
        this.threads = threads;
        this.patienceMillis = patienceMillis;
    }

    /** Completes it soon. Does not wait. */
    void finish(Runnable completion) {
        waiting.add(completion);
        if (turn != 0) { // its thread looks once more after it has given up its turn
            return;
        }
        long mine;
        synchronized (this) {
            if (turn != 0) {
                return;
            }
            mine = next();
        }
        begin(mine);
    }

    private long next() {
        lastTurn++;
        turn = lastTurn;
        return lastTurn;
    }

    private void begin(long mine) {
        try {
            threads.execute(() -> work(mine));
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            synchronized (this) {
                turn = turn == mine ? 0 : turn;
            }
            CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(this::tryAgain);
        }
    }

    private void tryAgain() {
        long mine;
        synchronized (this) {
            if (turn != 0 || waiting.isEmpty()) {
                return;
            }
            mine = next();
        }
        begin(mine);
    }

    private void work(long mine) {
        synchronized (this) {
            if (!watched) {
                watched = true;
                watch();
            }
        }
        while (turn == mine) {
            Runnable completion = waiting.poll();
            if (completion != null) {
                countBegun();
                completion.run();
            } else if (isOver(mine)) {
                return;
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // as its comment says
    private void countBegun() {
        begun++;
    }

    private synchronized boolean isOver(long mine) {
        if (turn != mine) {
            return true;
        }
        turn = 0;
        if (waiting.isEmpty()) {
            return true;
        }
        turn = mine; // it came just before
        return false;
    }

    private void watch() {
        CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    try {
                        threads.execute(this::look);
                    } catch (OutOfMemoryError e) { // as above; who looks may have to go on with the work
                        watch();
                    }
                });
    }

    private void look() {
        long successor = 0;
        synchronized (this) {
            if (turn == 0) {
                watched = false;
                return;
            }
            if (begun == begunBefore && !waiting.isEmpty()) {
                successor = next();
            }
            begunBefore = begun;
            watch();
        }
        if (successor != 0) {
            work(successor);
        }
    }
}
