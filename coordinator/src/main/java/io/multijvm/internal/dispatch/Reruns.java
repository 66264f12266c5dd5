// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.chunk.Slice;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items of one call are begun again after an attempt that had no result. Owned by the event loop.
 *
 * <pre>
 * begun -- it threw, or its time was over --> waiting, resting or (failed)   as the settings say
 *       -- its worker died -----------------> in question
 * in question -- how it died is known ------> waiting, resting, hungry or (failed)   see {@link Quarantine}
 * resting -- its backoff is over -----------> waiting
 * hungry -- the larger worker is free ------> begun, there
 *        -- none can be had ----------------> in question
 * </pre>
 */
final class Reruns {
    private final CallState call;
    private final Attempts attempts;
    private final HungryItems hungry;

    /** @param call takes back what waits again */
    Reruns(CallState call, Attempts attempts, HungryItems hungry) {
        this.call = call;
        this.attempts = attempts;
        this.hungry = hungry;
    }

    /** Its task threw: counts that, and puts it back if the settings say so; whether they do, and it will run again. */
    boolean retryThrown(ItemBlock block, long index) {
        if (!call.settings.retries(FailureKind.TASK, attempts.of(index))
                || call.cancelled()
                || call.sink.unwanted(block)) {
            return false;
        }
        attempts.begunInVain(index, false);
        return retry(block, index, FailureKind.TASK);
    }

    /** Its time was over; as {@link Attempts#begunInVain}. */
    int timedOut(long index) {
        return attempts.begunInVain(index, false);
    }

    /** Its worker died while it ran; as {@link Attempts#begunInVain}. Why is being found out from now on. */
    int died(ItemBlock block, long index, boolean killedItsWorker) {
        attempts.question(one(block, index));
        return attempts.begunInVain(index, killedItsWorker);
    }

    /**
     * Puts an item back whose last attempt failed so, if the settings say that and it has not cost too many workers.
     *
     * @return whether it will run again
     */
    boolean retry(ItemBlock block, long index, FailureKind kind) {
        if (call.cancelled() || !attempts.another(index, kind)) {
            return false;
        }
        call.books.retried(index, attempts.inVain(index), kind);
        attempts.again(index);
        Slice item = one(block, index);
        if (attempts.rests()) {
            attempts.rest(item);
        } else {
            call.putBack(List.of(item));
        }
        return true;
    }

    /**
     * An item that ran out of heap waits for a worker that has more, at once and whatever {@code retries} says. Not where it
     * ran out of that as well, or has cost too many workers. Nor an item of a task's own call: the place for that worker may
     * be that of the task, which waits for it; nor one of a broadcast, which is for one worker's own heap.
     *
     * @return whether it will run again
     */
    boolean retryWithMoreHeap(Casualty item) {
        long index = item.index();
        if (call.cancelled()
                || call.depth > 0
                || call.isBroadcast()
                || hungry.has(index)
                || attempts.quarantined(index)) {
            return false;
        }
        call.books.retried(index, attempts.inVain(index), FailureKind.OUT_OF_MEMORY);
        attempts.again(index);
        hungry.add(item, one(item.block(), index));
        return true;
    }

    /** Puts back what has rested enough; when the next item will have, {@code Long.MAX_VALUE} if none rests. */
    long wake(long now) {
        return attempts.wake(now, item -> call.putBack(List.of(item)));
    }

    boolean hasResting() {
        return attempts.resting() > 0;
    }

    /** Of items to be given out, the first ones that are in the same attempt; the others wait again. */
    List<Slice> alike(List<Slice> items) {
        Slice first = items.get(0);
        if (!attempts.any() || (items.size() == 1 && first.size() == 1)) {
            return items;
        }
        List<Slice> others = new ArrayList<>(items.subList(1, items.size()));
        if (first.size() > 1) {
            others.add(0, first.tail(1));
        }
        call.putBack(others);
        return List.of(first.head(1));
    }

    /** Whether an item waits that needs more heap than others. */
    boolean isHungry() {
        for (Slice next = hungry.peek(); next != null && call.dropUnwanted(next); next = hungry.peek()) {
            hungry.poll();
        }
        return hungry.waiting() > 0;
    }

    /** The next of those; null if there is none. */
    @Nullable
    Slice nextHungry() {
        return isHungry() ? hungry.poll() : null;
    }

    /**
     * No worker with more heap can be had: the items that wait for one have failed as they did, once it is known why there is
     * none.
     */
    List<Casualty> starve() {
        List<Casualty> items = new ArrayList<>();
        for (Casualty ranOut : hungry.takeWaiting()) {
            attempts.question(one(ranOut.block(), ranOut.index()));
            items.add(ranOut.after(attempts.inVain(ranOut.index())));
        }
        return items;
    }

    private static Slice one(ItemBlock block, long index) {
        int at = (int) (index - block.firstIndex());
        return new Slice(block, at, at + 1);
    }
}
