// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All threads of one pool: a fixed number for items, as many as are needed for callbacks and inputs. They are daemons,
 * so a pool that was forgotten does not keep the program alive, and no callback is run by a thread for items: one that
 * waits for a further item would take that item's place.
 */
final class PoolThreads {
    private static final String FOR_ITEMS = "multijvm-thread-";
    private static final int IDLE_MILLIS = 500;

    private final ThreadPoolExecutor forItems;
    private final ExecutorService forOthers;
    private final Set<Thread> others = ConcurrentHashMap.newKeySet();
    private final ClassLoader loader;

    PoolThreads(int threads, ClassLoader loader) {
        this.loader = loader;
        forItems = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), named(FOR_ITEMS));
        forOthers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                remembering(named("multijvm-background-")));
    }

    /** Those that are too many end when they have run what they run. */
    synchronized void resize(int threads) {
        // the most may never be below the core, at no moment
        if (threads > forItems.getCorePoolSize()) {
            forItems.setMaximumPoolSize(threads);
            forItems.setCorePoolSize(threads);
        } else {
            forItems.setCorePoolSize(threads);
            forItems.setMaximumPoolSize(threads);
        }
    }

    void runItem(Runnable item) {
        forItems.execute(item);
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
