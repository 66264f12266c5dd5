// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PoolBrokenException;
import java.util.Optional;

/**
 * Hears what happens in a pool. Called in a thread of the pool, one call at a time and in the order in which things happened;
 * only a worker's end is told when its files have been read, which may be after its successor is ready. Items and workers do
 * not wait for it. Of what it is slow to hear 1,024 calls are kept, what comes beyond is dropped, and that is logged once;
 * ends with a report and {@link #poolBroken} are not among these: of them 16,384 more are kept, whatever else is dropped.
 * What it throws is logged once for each listener and has no other effect. In pools without processes only items are told of.
 */
public interface PoolListener {
    /**
     * A process of a pool.
     *
     * @param slot its place in the pool, from 0; -1 for a standby, which has none yet
     * @param incarnation how many processes that place has had, this one included; a standby's own number
     * @param pid of the process; 0 if there never was one
     */
    record Worker(int slot, int incarnation, long pid) {}

    /**
     * An item without a result.
     *
     * @param index its place in the input, from 0; of a submitted task its number among those with the same options
     * @param attempts how often it was begun
     * @param kind why
     */
    record Failure(long index, int attempts, FailureKind kind) {}

    /**
     * How far an item is, by its own word.
     *
     * @param worker that runs it; in pools without processes its thread's place in the pool, in this process
     * @param index the item's place in the input, from 0; of a submitted task its number among those with the same options
     * @param fraction 0 to 1
     * @param text what it is at, for people
     */
    record ItemProgress(Worker worker, long index, double fraction, String text) {}

    /** A process was launched. */
    default void workerStarted(Worker worker) {}

    /** The worker has a place in the pool and can be given items from now on; a standby hears its place then. */
    default void workerReady(Worker worker) {}

    /**
     * The process is gone.
     *
     * @param report what is known of it, where it died or never said hello; also of a death after which its item is run again
     */
    default void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {}

    /** An item failed for good. */
    default void itemFailed(Failure failure) {}

    /** An item failed and is begun again, as {@code retries} or {@code retryHeap} says; {@code attempts} counts those that failed. */
    default void itemRetried(Failure failure) {}

    /**
     * A running item said how far it is, by {@link io.multijvm.task.TaskContext#progress}: the newest word of its worker,
     * some ten times a second at most. Not told of an item whose outcome is known. What this is slow to hear is replaced by
     * the same worker's next word.
     */
    default void itemProgressed(ItemProgress progress) {}

    /** The pool can run nothing any more. */
    default void poolBroken(PoolBrokenException why) {}
}
