// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Steps of one object, in the order in which they come, one at a time, in whatever thread. A step that never ends holds up this
 * object alone. Thread-safe.
 */
final class Turns {
    private static final System.Logger LOG = System.getLogger(Turns.class.getName());

    private static final long AGAIN_MILLIS = 100;

    /** Steps that this thread is in the middle of, each begun by the one before. */
    private static final ThreadLocal<int[]> INSIDE = ThreadLocal.withInitial(() -> new int[1]);

    private final Executor threads;
    // guarded by this
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;
    private volatile @Nullable Thread at;

    Turns(Executor threads) {
        this.threads = threads;
    }

    /**
     * Does it after all that came before, in another thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if there are no threads any more; then it is not done
     */
    void later(Runnable step) {
        synchronized (this) {
            waiting.add(step);
            if (taken) {
                return;
            }
            taken = true;
        }
        goOn(step);
    }

    /**
     * Does it in this thread, if it would be the next.
     *
     * @return whether it has done so
     */
    boolean now(Runnable step) {
        synchronized (this) {
            if (taken || !waiting.isEmpty()) { // those that found no thread are before it
                return false;
            }
            taken = true;
        }
        try {
            run(step);
        } finally {
            boolean others;
            synchronized (this) {
                others = !waiting.isEmpty();
                taken = others;
            }
            if (others) {
                goOnIfItCan();
            }
        }
        return true;
    }

    /** Whether this thread is in the middle of a step. */
    boolean isMine() {
        return at == Thread.currentThread();
    }

    /** Whether this thread is in the middle of a step, of whatever object. */
    static boolean isInOne() {
        return INSIDE.get()[0] > 0;
    }

    /** Who is in the middle of a step at this moment. */
    @Nullable
    Thread holder() {
        return at;
    }

    private void goOn(@Nullable Runnable newest) {
        try {
            threads.execute(this::work);
        } catch (RuntimeException | Error e) { // closed, or the system gives no more threads
            boolean others;
            synchronized (this) {
                taken = false;
                waiting.removeLastOccurrence(newest);
                others = !waiting.isEmpty();
            }
            if (others && e instanceof OutOfMemoryError) { // they were told that it is done later
                CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(this::tryAgain);
            }
            throw e;
        }
    }

    private void tryAgain() {
        synchronized (this) {
            if (taken || waiting.isEmpty()) {
                return;
            }
            taken = true;
        }
        goOnIfItCan();
    }

    private void goOnIfItCan() {
        try {
            goOn(null);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // all is closed, and so those who wait are told; or there is no thread, and it is tried again
        }
    }

    private void work() {
        while (true) {
            Runnable step;
            synchronized (this) {
                step = waiting.poll();
                if (step == null) {
                    taken = false;
                    return;
                }
            }
            try {
                run(step);
            } catch (RuntimeException | Error e) { // the others' steps are none of its business
                LOG.log(Level.ERROR, "a step on a shared collection failed", e);
            }
        }
    }

    private void run(Runnable step) {
        int[] inside = INSIDE.get();
        inside[0]++;
        at = Thread.currentThread();
        try {
            step.run();
        } finally {
            at = null;
            inside[0]--;
        }
    }
}
