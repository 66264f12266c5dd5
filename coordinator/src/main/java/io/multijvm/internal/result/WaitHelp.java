// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

/**
 * What a thread can do for a call while it waits for it. In a worker, where a task waits for items of its own pool, that is
 * to run some of them, so that its worker does not stand idle while nobody else is free; elsewhere nothing.
 */
public interface WaitHelp {
    /** Nothing to do but wait. */
    WaitHelp NONE = new WaitHelp() {};

    /**
     * Runs an item of the call if one was given to this thread. If none was, the thread counts as one that waits, and its
     * receiver is poked when there is one.
     *
     * @return whether one was run, so that it is worth a look whether the wait is over
     */
    default boolean help() {
        return false;
    }

    /** The wait is over. Also where {@link #help} was never called. */
    default void waited() {}
}
