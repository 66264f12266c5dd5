// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices that much the same large data cross again and again with single tasks, and says once a pool what would be
 * faster. By class and size: the tasks of one loop are of one class, and differ in little but an index. Thread-safe.
 */
final class RepeatedCaptures {
    static final int TIMES = 10;

    /** Ten of them are more than a MiB; below, sending costs less than reading the advice. */
    static final int LEAST_BYTES = 128 << 10;

    private static final int MOST_KINDS = 64;

    private static final System.Logger LOG = System.getLogger(RepeatedCaptures.class.getName());

    private final Map<Sent, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicBoolean said = new AtomicBoolean();

    private record Sent(Class<?> task, int bytes) {}

    /** A task by itself is about to cross in so many bytes. */
    void sends(Object task, int bytes) {
        if (bytes < LEAST_BYTES || said.get()) {
            return;
        }
        if (counts.size() >= MOST_KINDS) {
            counts.clear();
        }
        int times = counts.merge(new Sent(task.getClass(), bytes), 1, Integer::sum);
        if (times >= TIMES && said.compareAndSet(false, true)) {
            counts.clear();
            LOG.log(
                    Level.WARNING,
                    "the same kind of task was submitted " + times + " times, each with " + bytes
                            + " bytes of captured data (" + place(task) + "). If they are the same data, let them cross"
                            + " once a worker: Shared<...> data = pool.share(...), and data.get() in the task; or give the"
                            + " task to one map, whose captures cross once a worker too. If they differ, map over them.");
        }
    }

    /** The class that a lambda stands in; its own name holds a number that says nothing. */
    private static String place(Object task) {
        String name = task.getClass().getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda in " + name.substring(0, lambda);
    }
}
