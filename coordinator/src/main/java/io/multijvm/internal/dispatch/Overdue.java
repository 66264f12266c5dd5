// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import java.time.Duration;
import java.util.TreeMap;

/** Items of a call that have no outcome when its time is over, in input order. Confined to the event loop. */
final class Overdue {
    private final TreeMap<Long, Item> items = new TreeMap<>();

    /** One of them; whether it is at hand in a worker, and what its message says of it. */
    private record Item(ItemBlock block, long index, boolean runs, String state) {}

    /**
     * Some that are at a worker.
     *
     * @param runs whether they are at hand there
     * @param state for their messages: {@code it had not begun}
     */
    void add(Slice slice, boolean runs, String state) {
        for (int at = slice.from(); at < slice.to(); at++) {
            long index = slice.block().firstIndex() + at;
            items.put(index, new Item(slice.block(), index, runs, state));
        }
    }

    /** Those that are at no worker. */
    void addWhatWaits(WaitingItems waiting, Attempts attempts, HungryItems hungry) {
        waiting.forEach(slice -> add(slice, false, "it had not begun"));
        attempts.forEachResting(slice -> add(slice, false, "it was to be begun again"));
        hungry.forEachWaiting(slice -> add(slice, false, "it ran out of heap, and was to be begun again with more"));
        attempts.forEachInQuestion(slice -> add(slice, false, "its worker had died, and why was being found out"));
    }

    long count() {
        return items.size();
    }

    /** They have failed, first to last: the first in input order is what a list throws. */
    void fail(Duration limit, Attempts attempts, Sink sink) {
        for (Item item : items.values()) {
            int begun = attempts.inVain(item.index()) + (item.runs() ? 1 : 0);
            sink.offer(
                    item.block(),
                    RawOutcome.error(
                            item.index(), begun, TaskTimeoutException.ofCall(item.index(), limit, item.state())));
        }
    }
}
