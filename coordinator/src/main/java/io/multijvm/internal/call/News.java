// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.PoolListener;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a pool, on its way to the listeners: in order, one at a time, and never in the way. What a listener is slow
 * to hear is bounded twice: everyday news by themselves, so that no number of failed items keeps a death from being heard;
 * and deaths, of which there are no more than JVMs can be started. Thread-safe.
 */
public final class News {
    /** Everyday news that wait. */
    static final int MOST_WAITING = 1024;
    /** Deaths that wait, with some kilobytes each; a machine takes minutes to start so many JVMs. */
    static final int MOST_DEATHS = 16 << 10;

    private static final System.Logger LOG = System.getLogger(News.class.getName());

    private final Executor executor;
    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<PoolListener> complainedOf = ConcurrentHashMap.newKeySet();

    // guarded by this
    private final Deque<Item> waiting = new ArrayDeque<>();
    private final Map<Weight, Integer> counts = new EnumMap<>(Weight.class);
    private final Set<Weight> lost = EnumSet.noneOf(Weight.class);
    private @Nullable Thread teller;
    private boolean telling;
    /** Of how many things it is still being found out what there is to tell. */
    private int expected;

    /** How much it matters that news are heard. */
    private enum Weight {
        EVERYDAY(MOST_WAITING, "what it would hear"),
        DEATH(MOST_DEATHS, "what it would hear of deaths");

        private final int most;
        private final String what;

        Weight(int most, String what) {
            this.most = most;
            this.what = what;
        }
    }

    /** One call of each listener; a class, so that each is itself alone. */
    private static final class Item {
        /** What it is the newest word of; null if it stands for itself. */
        private final @Nullable Object of;

        private final Weight weight;
        private final Consumer<PoolListener> what;

        Item(@Nullable Object of, Weight weight, Consumer<PoolListener> what) {
            this.of = of;
            this.weight = weight;
            this.what = what;
        }
    }

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
        tell(new Item(null, Weight.EVERYDAY, what));
    }

    /** As {@link #tell}, of a death or the pool's own: in its place among the rest, however much of that is dropped. */
    public void tellDeath(Consumer<PoolListener> what) {
        tell(new Item(null, Weight.DEATH, what));
    }

    /** As {@link #tell}, in place of what was to be told of the same and still waits. */
    public void tellNewest(Object of, Consumer<PoolListener> what) {
        tell(new Item(of, Weight.EVERYDAY, what));
    }

    private void tell(Item item) {
        if (listeners.isEmpty()) {
            return;
        }
        synchronized (this) {
            if (item.of != null && waiting.removeIf(older -> item.of.equals(older.of))) {
                counts.merge(item.weight, -1, Integer::sum);
            }
            if (counts.getOrDefault(item.weight, 0) >= item.weight.most) {
                complainOnce(item.weight);
                return;
            }
            counts.merge(item.weight, 1, Integer::sum);
            waiting.addLast(item);
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
                counts.clear();
                telling = false;
                notifyAll();
            }
        }
    }

    private void complainOnce(Weight weight) {
        if (lost.add(weight)) {
            LOG.log(
                    Level.WARNING,
                    "a pool's listener is slow: " + weight.what + " beyond the " + weight.most
                            + " calls that wait for it is dropped");
        }
    }

    private void deliver() {
        for (Item item = next(); item != null; item = next()) {
            for (PoolListener listener : listeners) {
                try {
                    item.what.accept(listener);
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

    private synchronized @Nullable Item next() {
        Item item = waiting.pollFirst();
        if (item != null) {
            counts.merge(item.weight, -1, Integer::sum);
        }
        telling = item != null;
        teller = telling ? Thread.currentThread() : null;
        if (!telling) {
            notifyAll();
        }
        return item;
    }

    /** Something has happened of which more has to be found out before it is told; {@link #foundOut} must follow. */
    public synchronized void findsOut() {
        expected++;
    }

    /** What there was to tell of it is told, or waits to be. */
    public synchronized void foundOut() {
        expected--;
        notifyAll();
    }

    /**
     * Waits until all has been told that has happened.
     *
     * @param mostToFindOut milliseconds that it may take until it is known what there is to tell
     * @param mostToTell milliseconds that the listeners may take then; one that is the caller is not waited for
     */
    public synchronized void awaitTold(long mostToFindOut, long mostToTell) throws InterruptedException {
        awaitWhile(() -> expected > 0, mostToFindOut);
        awaitWhile(() -> telling, mostToTell);
    }

    /** Guarded by this. */
    private void awaitWhile(BooleanSupplier more, long mostMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
        while (more.getAsBoolean() && teller != Thread.currentThread()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
