// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher can say to a worker's tasks that speak to their own pool. A call is told by its number in that worker.
 * Confined to the event loop; nothing blocks. Does nothing by itself, for a worker that never nests.
 */
public interface NestedPort {
    /**
     * How the pool is, for its tasks; once, before all else.
     *
     * @param seed what its random numbers begin with
     */
    default void nestedSetup(CallSettings defaults, List<String> allow, long seed) {}

    /** The input may be read so far. */
    default void nestedGate(long call, long openTo, int blockItems) {}

    /** What was read is to be handed over: workers are idle. */
    default void nestedAsk(long call) {}

    /**
     * One attempt at a single task.
     *
     * @param index of the task in its call
     * @param nanos how long it took; -1 if that is not known
     * @param why it had no result; null if the outcome tells
     */
    record Tried(
            long index,
            WorkerId worker,
            long nanos,
            @Nullable FailureKind why) {}

    /** Attempts that have ended; before the outcomes of their items. */
    default void nestedAttempts(long call, List<Tried> attempts) {}

    /** What became of items, in any order; their bytes are as another worker made them. */
    default void nestedOutcomes(long call, List<RawOutcome> outcomes) {}

    /** Nothing more will come: the call was cancelled, or the pool is broken. */
    default void nestedAbandoned(long call, Throwable why) {}

    /**
     * Nobody else is free: the thread that waits is to run these itself.
     *
     * @param attempts how often they have been begun, this time included
     * @param callId of the call in the pool
     */
    default void nestedGrant(long call, long firstIndex, long endIndex, int attempts, long callId) {}

    /** Somebody is free again: what was granted and has not begun is to come back. */
    default void nestedReclaim(long call) {}
}
