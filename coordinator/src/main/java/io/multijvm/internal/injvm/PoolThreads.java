// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All threads of one pool: a fixed number for items, as many as are needed for callbacks and inputs. They are daemons,
 * so a pool that was forgotten does not keep the program alive, and no callback is run by a thread for items: one that
 * waits for a further item would take that item's place.
 */
final class PoolThreads implements LiveCalls.Lending {
    private static final String FOR_ITEMS = "multijvm-thread-";
    private static final int IDLE_MILLIS = 500;

    private final ThreadPoolExecutor forItems;
    private final ExecutorService forOthers;
    private final Set<Thread> others = ConcurrentHashMap.newKeySet();
    private final ClassLoader loader;
    private final AtomicLong queued = new AtomicLong();

    PoolThreads(int threads, ClassLoader loader) {
        this.loader = loader;
        forItems = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.MILLISECONDS, new PriorityBlockingQueue<>(), placed());
        forOthers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                remembering(named("multijvm-background-")));
    }

    /** @param depth how many calls of tasks stand above the item; the deepest first: what was begun is finished first */
    void runItem(Runnable item, int depth) {
        forItems.execute(new Queued(item, depth, queued.getAndIncrement()));
    }

    private record Queued(Runnable item, int depth, long number) implements Runnable, Comparable<Queued> {
        @Override
        public void run() {
            item.run();
        }

        @Override
        public int compareTo(Queued other) {
            return depth == other.depth ? Long.compare(number, other.number) : Integer.compare(other.depth, depth);
        }
    }

    /** An item waits for its own pool, or will: its place is another thread's, so that the pool cannot wait for itself. */
    @Override
    public synchronized void lend() {
        forItems.setMaximumPoolSize(forItems.getCorePoolSize() + 1);
        forItems.setCorePoolSize(forItems.getCorePoolSize() + 1);
    }

    @Override
    public synchronized void takeBack() {
        forItems.setCorePoolSize(forItems.getCorePoolSize() - 1);
        forItems.setMaximumPoolSize(forItems.getCorePoolSize());
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
        forItems.shutdown();
        forOthers.shutdown();
    }

    /** Waits until no thread is left, but for the current one. */
    void awaitEnd() throws InterruptedException {
        awaitEnd(forItems);
        if (!others.contains(Thread.currentThread())) {
            awaitEnd(forOthers);
        }
    }

    /** Threads that have the lowest free place in their name. */
    private ThreadFactory placed() {
        BitSet taken = new BitSet();
        return work -> {
            int place;
            synchronized (taken) {
                place = taken.nextClearBit(0);
                taken.set(place);
            }
            Runnable working = () -> {
                try {
                    work.run();
                } finally {
                    synchronized (taken) {
                        taken.clear(place);
                    }
                }
            };
            return thread(working, FOR_ITEMS + place);
        };
    }

    private Thread thread(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }

    private static void awaitEnd(ExecutorService executor) throws InterruptedException {
        while (!executor.awaitTermination(1, TimeUnit.DAYS)) {
            // close() waits without limit
        }
    }

    private ThreadFactory named(String prefix) {
        AtomicInteger next = new AtomicInteger();
        return work -> thread(work, prefix + next.getAndIncrement());
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
