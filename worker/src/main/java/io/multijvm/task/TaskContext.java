// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import org.jspecify.annotations.Nullable;

/** What a running task can know of itself. Bound to the thread that runs it; threads that the task starts have none. */
public abstract class TaskContext {
    private static final ThreadLocal<@Nullable TaskContext> CURRENT = new ThreadLocal<>();

    /** For implementations of pools. */
    protected TaskContext() {}

    /**
     * The context of the item that this thread runs.
     *
     * @throws IllegalStateException if it runs none
     */
    public static TaskContext current() {
        TaskContext context = CURRENT.get();
        if (context == null) {
            throw new IllegalStateException("there is a task context only in the thread that runs a task");
        }
        return context;
    }

    /** The worker's place in its pool, from 0. */
    public abstract int slot();

    /** How many processes that place has had, this one included; 1 in pools without processes. */
    public abstract int incarnation();

    /** The item's place in the input, from 0. */
    public abstract long itemIndex();

    /** Whether somebody has asked for this item to stop. A task that waits is also interrupted. */
    public abstract boolean isCancelled();

    /**
     * For implementations of pools: {@code context} is current in this thread from now on.
     *
     * @return what was current before, to be entered again where a task runs another pool's items in its own thread
     */
    protected static @Nullable TaskContext enter(TaskContext context) {
        TaskContext before = CURRENT.get();
        CURRENT.set(context);
        return before;
    }

    /** For implementations of pools: nothing is current in this thread any more. */
    protected static void leave() {
        CURRENT.remove();
    }
}
