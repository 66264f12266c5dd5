// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import org.jspecify.annotations.Nullable;

/** Where a call's raw outcomes go. Every method is called on the event loop, must not block, and runs no user code. */
public interface Sink {
    /** Items have come in; before any of them can have an outcome. */
    default void accepted(ItemBlock block) {}

    /** One item's outcome; each item of the call has exactly one, in any order. */
    void offer(ItemBlock block, RawOutcome outcome);

    /**
     * An attempt at the one item of this block has ended; before its outcome, if it has one.
     *
     * @param elapsedNanos how long it ran; -1 if that is not known
     * @param why it had no result; null if the outcome tells
     * @param printed what it wrote meanwhile
     */
    default void attempted(
            ItemBlock block, WorkerId worker, long elapsedNanos, @Nullable FailureKind why, Printed printed) {}

    /** As {@link #attempted(ItemBlock, WorkerId, long, FailureKind, Printed)}, where it is not known what it wrote. */
    default void attempted(ItemBlock block, WorkerId worker, long elapsedNanos, @Nullable FailureKind why) {
        attempted(block, worker, elapsedNanos, why, Printed.NOTHING);
    }

    /** Results of consecutive items, of a call whose items come in blocks of many; as if they came one by one. */
    default void offer(RawRun run) {
        run.outcomes().forEachRemaining(outcome -> offer(ItemBlock.NONE, outcome));
    }

    /** Whether nobody waits any more for the one item of this block, so that it need not be run. */
    default boolean unwanted(ItemBlock block) {
        return false;
    }

    /** An item will have no outcome because nobody waits for it any more. */
    default void dropped(ItemBlock block) {}

    /** Items of a call that is over were never begun; each is told of once. */
    default void unbegun(ItemBlock block) {}

    /**
     * The input has ended.
     *
     * @param items how many there were
     * @param failure what the input threw, if it did
     */
    void inputEnded(long items, @Nullable Throwable failure);

    /** Nothing more will come: the call was cancelled, or the pool is broken or terminated. Items without outcome stay so. */
    void abandoned(Throwable why);

    /** Whoever waits is to look whether there is something to do for it: see {@link WaitHelp}. */
    default void poke() {}

    /** The loop's turn ends: whoever waits may be woken now. */
    void turnEnded();
}
