// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/**
 * Hears how far a call is: {@code pool.with(o -> o.progress(now -> log(now))).map(task, items)}.
 *
 * <p>Called at most some ten times a second while something changes, and once more when the call is over, never by two
 * threads at once and never with fewer items done than the time before. It runs in a thread of the pool, in a serial pool and
 * at the end of a blocking call in the caller's, so it may take its time, but the next call waits for it. What it throws
 * goes to that thread's uncaught-exception handler, and it is not called again; the call itself is not concerned.
 */
@FunctionalInterface
public interface Progress {

    /** The call is so far now. */
    void progressed(CallProgress now);

    /** Nobody listens; in place of a listener that a pool's options give to all calls. */
    static Progress none() {
        return now -> {};
    }
}
