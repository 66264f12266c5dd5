// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.time.Duration;
import java.util.List;

/**
 * How a lock was when it was asked.
 *
 * @param name of the lock
 * @param held whether anybody has it
 * @param holder who has it, as {@code thread 17 of worker 3 (pid 4711)}; without the thread for a moment after it was taken; empty
 *     if it is free
 * @param heldFor since when; zero if it is free, and for a moment after it was taken
 * @param waiters who waits, next first, in the same words
 * @param awaiting how many threads await one of its conditions
 */
public record LockReport(
        String name, boolean held, String holder, Duration heldFor, List<String> waiters, int awaiting) {
    public LockReport {
        waiters = List.copyOf(waiters);
        if (held == holder.isEmpty()) {
            throw new IllegalArgumentException("a lock has a holder if it is held, not: " + holder);
        }
    }
}
