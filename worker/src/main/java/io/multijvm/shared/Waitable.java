// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Something that is ready, or will be: a process that has ended, a future that is done, an end of a pipe that has something to
 * receive, a queue in which there is something. Several can be waited for together, whatever their kinds: see {@link #any}. Thread-safe.
 *
 * <p>As {@code multiprocessing.connection.wait} in Python.
 */
public interface Waitable {
    /** Whether it is ready now. Never waits. What is ready once, as an ended process, stays so; other kinds need not. */
    boolean isReady();

    /**
     * Has the action run once, as soon as this is ready: here and now if it is, else by the thread that makes it so. The
     * action must be short and not throw. Never waits.
     *
     * @return to be closed when the action is not wanted any more; one that runs just then may still run
     */
    Registration whenReady(Runnable action);

    /** An action that waits for its time. */
    interface Registration extends AutoCloseable {
        /** Forgets the action. Twice is fine. */
        @Override
        void close();
    }

    /**
     * Waits until at least one is ready. Nothing is asked again and again: whatever becomes ready wakes the caller.
     *
     * <p>A task that waits here for futures of its own pool ({@code Pool.current}) does not run their items meanwhile, as
     * {@code get} does: where all workers wait so, nobody is left to run them.
     *
     * @param timeout how long at most; zero and less only look. An empty collection waits for so long too
     * @param waitables may be of several kinds; one that is in there twice counts once
     * @return those that are ready, in their order; empty if none was by then
     * @throws InterruptedException if the caller is interrupted, before or while it waits
     */
    static <W extends Waitable> List<W> any(Duration timeout, Collection<? extends W> waitables)
            throws InterruptedException {
        List<W> all = List.copyOf(waitables);
        long nanos = nanosOf(Objects.requireNonNull(timeout, "timeout"));
        long deadline = System.nanoTime() + nanos;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        List<W> ready = readyOf(all);
        // what is not ready any more when it is looked at, as a queue that somebody else has emptied, was no news
        while (ready.isEmpty() && deadline - System.nanoTime() > 0) {
            awaitNews(all, deadline - System.nanoTime());
            ready = readyOf(all);
        }
        return ready;
    }

    private static void awaitNews(List<? extends Waitable> all, long nanos) throws InterruptedException {
        CountDownLatch news = new CountDownLatch(1);
        List<Registration> registered = new ArrayList<>(all.size());
        try {
            for (Waitable one : all) {
                registered.add(one.whenReady(news::countDown));
            }
            var unused = news.await(nanos, TimeUnit.NANOSECONDS);
        } finally {
            registered.forEach(Registration::close);
        }
    }

    private static <W extends Waitable> List<W> readyOf(List<W> all) {
        Set<W> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return all.stream().filter(one -> one.isReady() && seen.add(one)).toList();
    }

    private static long nanosOf(Duration timeout) {
        try {
            // half of what fits, so that a deadline fits too
            return Math.min(timeout.toNanos(), Long.MAX_VALUE / 2);
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE / 2;
        }
    }
}
