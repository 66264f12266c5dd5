// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.CallProgress;
import org.jspecify.annotations.Nullable;

/** Outcomes in input order, for one consumer at a time. */
interface OutcomeSource<T extends @Nullable Object, R extends @Nullable Object> {

    /**
     * The next step. What broke the input is told each time.
     *
     * @param nanos how long to wait at most; {@code Long.MAX_VALUE} without limit
     */
    Step<T, R> take(long nanos) throws InterruptedException;

    /** Whether it is known that nothing comes any more, and nothing went wrong. Does not wait. */
    boolean isExhausted();

    /** How far the call is. From any thread; does not wait. */
    CallProgress progress();

    /** Cancels what is left; returns at once. From any thread. */
    void close();
}
