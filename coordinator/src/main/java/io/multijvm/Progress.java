// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/**
 * Hears how far a call is: {@code pool.with(o -> o.progress(now -> log(now))).map(task, items)}.
 *
 * <p>Called at most some ten times a second while something changes, and once more when the call is over, never by two
 * threads at once and never with fewer items done than the time before. The last call is made before {@code map},
 * {@code starmap} and {@code broadcast} return, in the caller's thread; of other calls soon after their end. All others are made
 * in a thread of the pool, or in a serial pool the caller's, so it may take its time, but the next one waits for it. What it
 * throws goes to that thread's uncaught-exception handler, and it is not called again; the call itself is not concerned.
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
