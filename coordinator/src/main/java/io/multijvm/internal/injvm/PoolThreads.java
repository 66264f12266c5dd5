// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All threads of one pool: a fixed number for items, as many as are needed for callbacks and inputs. They are daemons,
 * so a pool that was forgotten does not keep the program alive, and no callback is run by a thread for items: one that
 * waits for a further item would take that item's place. An item that waits for its own pool has its place lent to one more
 * thread.
 */
final class PoolThreads implements LiveCalls.Lending {
    private static final String FOR_ITEMS = "multijvm-thread-";
    private static final int IDLE_MILLIS = 500;

    private final ItemQueue queue;
    /** Guarded by this; how many there are to be. */
    private int count;
    /** Guarded by this; how many more there are, for those whose items wait for items of this pool. */
    private int lent;
    /**
     * By place; guarded by this. Started one by one as items come, and all of them for an item that is for one of them; one
     * that is too many leaves when it has run what it runs.
     */
    private final Map<Integer, Thread> forItems = new HashMap<>();

    /** All that have not ended. */
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();

    private final ExecutorService forOthers;
    private final Set<Thread> others = ConcurrentHashMap.newKeySet();
    private final ClassLoader loader;

    PoolThreads(int threads, ClassLoader loader) {
        this.loader = loader;
        this.count = threads;
        queue = new ItemQueue(threads);
        forOthers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                remembering(named("multijvm-background-")));
    }

    /** How many threads run items. */
    synchronized int count() {
        return count;
    }

    /** Those that are too many end when they have run what they run. */
    synchronized void resize(int threads) {
        count = threads;
        placesChanged();
    }

    private void placesChanged() {
        queue.resize(places());
        if (queue.hasWaiting()) {
            start(places());
        }
    }

    private int places() {
        return count + lent;
    }

    /** An item waits for its own pool, or will: its place is another thread's, so that the pool cannot wait for itself. */
    @Override
    public synchronized void lend() {
        lent++;
        placesChanged();
    }

    @Override
    public synchronized void takeBack() {
        lent--;
        placesChanged();
    }

    /** @param depth how many calls of tasks stand above the item; the deepest first: what was begun is finished first */
    void runItem(Runnable item, int depth) {
        start(1);
        queue.add(item, depth);
    }

    /** In the thread at this place of the pool, before what waits for any of them. */
    void runItemAt(int place, Runnable item) {
        start(count());
        queue.add(place, item);
    }

    private synchronized void start(int more) {
        int started = 0;
        for (int place = 0; place < places() && started < more; place++) {
            if (!forItems.containsKey(place)) {
                int its = place;
                Thread thread = new Thread(null, () -> runItems(its), FOR_ITEMS + place, 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(loader);
                forItems.put(place, thread);
                alive.add(thread);
                thread.start();
                started++;
            }
        }
    }

    private void runItems(int place) {
        try {
            do {
                while (runNext(place)) {
                    // one more
                }
            } while (!leaves(place));
        } finally {
            alive.remove(Thread.currentThread());
        }
    }

    /** A method of its own: a thread that waits for its next item must not keep the last one alive in a variable. */
    private boolean runNext(int place) {
        Runnable item = queue.take(place);
        if (item == null) {
            return false;
        }
        item.run();
        return true;
    }

    /** Whether this thread is not wanted; the pool may have grown again since it was told so. */
    private synchronized boolean leaves(int place) {
        boolean leaves = place >= places() || queue.isClosed();
        if (leaves) {
            forItems.remove(place);
        }
        return leaves;
    }

    /** The place in the pool of a thread that runs items: the number in its name. */
    static int slotOf(Thread thread) {
        return Integer.parseInt(thread.getName().substring(FOR_ITEMS.length()));
    }

    /** For code that may wait: callbacks of futures, and the reading of inputs. */
    void runOther(Runnable other) {
        forOthers.execute(other);
    }

    /** Lets threads end when they have nothing to do; takes nothing more, so no call may be left. */
    void shutdown() {
        queue.close();
        forOthers.shutdown();
    }

    /** Waits until no thread is left, but for the current one. */
    void awaitEnd() throws InterruptedException {
        for (Thread thread : started()) {
            thread.join();
        }
        if (!others.contains(Thread.currentThread())) {
            awaitEnd(forOthers);
        }
    }

    /** As {@link #awaitEnd()}, for so long at most; whether they have ended. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (Thread thread : started()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left > 0) {
                thread.join(left);
            }
            if (thread.isAlive()) {
                return false;
            }
        }
        return others.contains(Thread.currentThread())
                || forOthers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Whether no thread is left, but for the current one. */
    boolean isEnded() {
        return started().stream().noneMatch(Thread::isAlive)
                && (others.contains(Thread.currentThread()) || forOthers.isTerminated());
    }

    private List<Thread> started() {
        return List.copyOf(alive);
    }

    private static void awaitEnd(ExecutorService executor) throws InterruptedException {
        while (!executor.awaitTermination(1, TimeUnit.DAYS)) {
            // close() waits without limit
        }
    }

    private ThreadFactory named(String prefix) {
        AtomicInteger next = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(null, work, prefix + next.getAndIncrement(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    private ThreadFactory remembering(ThreadFactory factory) {
        return work -> factory.newThread(() -> {
            others.add(Thread.currentThread());
            try {
                work.run();
            } finally {
                others.remove(Thread.currentThread());
            }
        });
    }
}
