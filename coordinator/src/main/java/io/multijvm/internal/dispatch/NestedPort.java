// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.result.RawOutcome;
import java.util.List;

/**
 * What the dispatcher can say to a worker's tasks that speak to their own pool. A call is told by its number in that worker.
 * Confined to the event loop; nothing blocks. Does nothing by itself, for a worker that never nests.
 */
public interface NestedPort {
    /** How the pool is, for its tasks; once, before all else. */
    default void nestedSetup(CallSettings defaults, List<String> allow) {}

    /** The input may be read so far. */
    default void nestedGate(long call, long openTo, int blockItems) {}

    /** What was read is to be handed over: workers are idle. */
    default void nestedAsk(long call) {}

    /** What became of items, in any order; their bytes are as another worker made them. */
    default void nestedOutcomes(long call, List<RawOutcome> outcomes) {}

    /** Nothing more will come: the call was cancelled, or the pool is broken. */
    default void nestedAbandoned(long call, Throwable why) {}

    /** Nobody else is free: the thread that waits is to run these itself. */
    default void nestedGrant(long call, long firstIndex, long endIndex, int attempts) {}

    /** Somebody is free again: what was granted and has not begun is to come back. */
    default void nestedReclaim(long call) {}
}
