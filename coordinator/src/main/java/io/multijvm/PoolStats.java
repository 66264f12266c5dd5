// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/**
 * A pool at one moment: all numbers belong together. In pools without processes a worker is a thread, and what does not
 * apply is 0.
 *
 * @param workers how many the pool is to have now
 * @param starting that are being launched and are not ready
 * @param idle ready and without an item
 * @param busy with at least one item
 * @param leaving that finish their last item, or have been told goodbye
 * @param standbys ready, and without a place in the pool
 * @param itemsWaiting read from their input, not running and not ended; those that wait at a worker included
 * @param itemsRunning one for each worker that has any, for a worker runs one at a time
 * @param itemsDone with a result, since the pool was made
 * @param itemsFailed without a result; cancelled ones are not counted
 * @param itemsRetried how often an item was begun again
 * @param itemsMoved how often an item that had not begun was taken from one worker, alive or dead, to be given to another
 * @param workersStarted processes launched, standbys included
 * @param workersRecycled replaced as {@code recycleAfter}, {@code recycleAge} or {@code recycleAbove} say, or because
 *     an item that had ended had left them over the {@code memoryLimit}
 * @param workersDied ended by themselves, by a fault or by somebody else's hand, or never ready
 */
public record PoolStats(
        int workers,
        int starting,
        int idle,
        int busy,
        int leaving,
        int standbys,
        long itemsWaiting,
        long itemsRunning,
        long itemsDone,
        long itemsFailed,
        long itemsRetried,
        long itemsMoved,
        long workersStarted,
        long workersRecycled,
        long workersDied) {}
