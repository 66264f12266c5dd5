// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.PoolListener;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens in a pool, on its way to the listeners: in order, one at a time, and never in the way. Thread-safe. */
public final class News {
    private static final int MOST_WAITING = 1024;

    private static final System.Logger LOG = System.getLogger(News.class.getName());

    private final Executor executor;
    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<PoolListener> complainedOf = ConcurrentHashMap.newKeySet();

    // guarded by this
    private final Deque<Consumer<PoolListener>> waiting = new ArrayDeque<>();
    private @Nullable Thread teller;
    private boolean telling;
    private boolean lost;

    /** @param executor runs what tells the listeners, which is user code */
    public News(Executor executor) {
        this.executor = executor;
    }

    public void add(PoolListener listener) {
        listeners.add(listener);
    }

    /** Whether anybody listens. */
    public boolean heard() {
        return !listeners.isEmpty();
    }

    /** Has every listener told; returns at once unless the executor is the caller itself. */
    public void tell(Consumer<PoolListener> what) {
        if (listeners.isEmpty()) {
            return;
        }
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                if (!lost) {
                    LOG.log(
                            Level.WARNING,
                            "a pool's listener is slow: what it would hear beyond the " + MOST_WAITING
                                    + " calls that wait for it is dropped");
                }
                lost = true;
                return;
            }
            waiting.addLast(what);
            if (telling) {
                return;
            }
            telling = true;
        }
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            synchronized (this) { // the pool is gone, and its threads with it
                waiting.clear();
                telling = false;
                notifyAll();
            }
        }
    }

    private void deliver() {
        for (Consumer<PoolListener> what = next(); what != null; what = next()) {
            for (PoolListener listener : listeners) {
                try {
                    what.accept(listener);
                } catch (Throwable e) { // whatever it is, it is the listener's
                    if (complainedOf.add(listener)) {
                        LOG.log(
                                Level.WARNING,
                                "the pool's listener " + listener + " threw; it is told more all the same",
                                e);
                    }
                }
            }
        }
    }

    private synchronized @Nullable Consumer<PoolListener> next() {
        Consumer<PoolListener> what = waiting.pollFirst();
        telling = what != null;
        teller = telling ? Thread.currentThread() : null;
        if (!telling) {
            notifyAll();
        }
        return what;
    }

    /** Waits until all has been told, but for a listener that takes longer than that, or is the caller. */
    public synchronized void awaitTold(long mostMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
        while (telling && teller != Thread.currentThread()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
