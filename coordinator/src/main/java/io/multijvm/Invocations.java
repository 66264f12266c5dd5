// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Many tasks at once, waited for as {@code ExecutorService} says. However a call ends, it leaves no task of its own. */
final class Invocations {
    private Invocations() {}

    /** All futures, done, in the order of the tasks; those that were not in time are cancelled. */
    static <T extends @Nullable Object> List<Future<T>> all(
            Pool pool, Collection<? extends Callable<T>> tasks, Deadline deadline) throws InterruptedException {
        List<Callable<T>> asked = copyOf(tasks);
        List<Future<T>> futures = new ArrayList<>(asked.size());
        List<TaskFuture<T>> begun = new ArrayList<>(asked.size());
        boolean allDone = false;
        try {
            for (Callable<T> task : asked) {
                TaskFuture<T> future = deadline.isOver() ? neverBegun() : pool.submit(task);
                begun.add(future);
                futures.add(future);
            }
            allDone = awaitAll(begun, deadline);
            return futures;
        } finally {
            if (!allDone) {
                begun.forEach(future -> future.cancel(true));
            }
        }
    }

    private static <T extends @Nullable Object> boolean awaitAll(List<TaskFuture<T>> futures, Deadline deadline)
            throws InterruptedException {
        for (TaskFuture<T> future : futures) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for all tasks; they were cancelled");
            }
            try {
                if (!deadline.limited()) {
                    var unused = future.get();
                } else if (!future.isDone()) {
                    var unused = future.get(Math.max(0, deadline.leftNanos()), TimeUnit.NANOSECONDS);
                }
            } catch (CancellationException | ExecutionException e) {
                // that is an answer too: the caller finds it in the future
            } catch (TimeoutException e) {
                return false;
            }
        }
        return true;
    }

    private static <T extends @Nullable Object> TaskFuture<T> neverBegun() {
        RelayedFuture<T> future = new RelayedFuture<>();
        future.cancel(true);
        return future;
    }

    /** The first result that comes; the other tasks are cancelled. */
    static <T extends @Nullable Object> T any(Pool pool, Collection<? extends Callable<T>> tasks, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Callable<T>> asked = copyOf(tasks);
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("tasks is empty: none of them can have a result");
        }
        Iterator<Callable<T>> left = asked.iterator();
        BlockingQueue<TaskFuture<T>> done = new LinkedBlockingQueue<>();
        List<TaskFuture<T>> begun = new ArrayList<>(asked.size());
        ExecutionException lastFailure = null;
        try {
            for (int answers = 0; answers < asked.size(); answers++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for a result; the tasks were cancelled");
                }
                // a pool that runs a task at once, in this thread, may need none of those behind it
                TaskFuture<T> next = done.poll();
                while (next == null && left.hasNext() && !deadline.isOver()) {
                    TaskFuture<T> future = pool.submit(left.next());
                    begun.add(future);
                    var unused = future.whenComplete((result, failure) -> done.add(future));
                    next = done.poll();
                }
                next = next != null ? next : done.poll(deadline.leftNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new TimeoutException("none of " + asked.size() + " tasks had a result in time, " + answers
                            + " failed; all were cancelled");
                }
                try {
                    return next.get();
                } catch (ExecutionException e) {
                    lastFailure = e;
                } catch (CancellationException e) {
                    lastFailure = new ExecutionException(e);
                }
            }
        } finally {
            begun.forEach(future -> future.cancel(true));
        }
        throw Objects.requireNonNull(lastFailure);
    }

    private static <T extends @Nullable Object> List<Callable<T>> copyOf(Collection<? extends Callable<T>> tasks) {
        List<Callable<T>> asked = new ArrayList<>(Objects.requireNonNull(tasks, "tasks"));
        for (int i = 0; i < asked.size(); i++) {
            Objects.requireNonNull(asked.get(i), "tasks[" + i + "]");
        }
        return asked;
    }
}
