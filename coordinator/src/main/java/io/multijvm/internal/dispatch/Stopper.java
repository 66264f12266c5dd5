// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stops items that are at workers, and the calls that they made in their turn. What has not begun is asked for; what runs is
 * interrupted, and if it does not follow its worker is ended. Owned by the event loop.
 */
final class Stopper {
    /** After the interrupt, and after SIGTERM, of an item that is to stop. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final List<Slot> slots;
    private final NestedCalls nested;
    private final Consumer<CallState> touched;

    /** @param touched told of every call that its receiver must look at */
    Stopper(EventLoop loop, List<Slot> slots, NestedCalls nested, Consumer<CallState> touched) {
        this.loop = loop;
        this.slots = slots;
        this.nested = nested;
        this.touched = touched;
    }

    /** Stops all items of a call that are at workers. */
    void stopWhatRuns(CallState call, boolean byForce) {
        nested.dropGranted(call);
        for (Slot slot : slots) {
            for (Chunk chunk : List.copyOf(slot.assigned)) {
                if (chunk.call == call) {
                    slot.recall(chunk, true);
                    stopRunning(slot, chunk, chunk.finished(), byForce);
                }
            }
        }
    }

    /**
     * Asks for what workers have of a call and have not begun: all of it, or the chunk of the one item of the
     * block that this owns. The worker alone knows whether an item has begun; what comes back unwanted is dropped here.
     */
    void takeBack(CallState call, @Nullable Object future) {
        for (Slot slot : slots) {
            for (Chunk chunk : List.copyOf(slot.assigned)) {
                if (chunk.call == call && (future == null || chunk.positionOf(future) >= 0)) {
                    slot.recall(chunk, true);
                }
            }
        }
    }

    /** Stops the one item of the block that this owns, if it is at a worker; one that waits is dropped when its turn comes. */
    void stopItem(CallState call, Object future) {
        for (Slot slot : slots) {
            for (Chunk chunk : List.copyOf(slot.assigned)) {
                int position = chunk.call == call ? chunk.positionOf(future) : -1;
                if (position >= 0) {
                    stopRunning(slot, chunk, position, true);
                }
            }
        }
    }

    private void stopRunning(Slot slot, Chunk chunk, int position, boolean byForce) {
        if (slot.port == null || chunk.left() == 0) {
            return;
        }
        slot.port.cancel(chunk.id, position);
        slot.port.flush();
        stopNestedIn(slot, chunk, position);
        if (byForce) {
            chunk.stopping = position;
            endUnlessItEnds(slot, chunk, position);
        }
    }

    /** Stops an item whose time is over. */
    void stopLateItem(Slot slot, Chunk chunk, int position) {
        if (slot.port != null) {
            slot.port.timeOut(chunk.id, position);
            slot.port.flush();
            stopNestedIn(slot, chunk, position);
            endUnlessItEnds(slot, chunk, position);
        }
    }

    private void stopNestedIn(Slot slot, Chunk chunk, int position) {
        nested.madeBy(slot, chunk.id, position).forEach(this::stopNested);
    }

    /** All that the slot's worker asked for: nobody is left to be answered. */
    void stopNestedOf(Slot slot) {
        nested.ownedBy(slot).forEach(this::stopNested);
    }

    private void stopNested(CallState call) {
        call.cancel(NestedCalls.outerEnded());
        stopWhatRuns(call, true);
        touched.accept(call);
    }

    /** The item was interrupted; if it does not follow, its worker has to go. */
    private void endUnlessItEnds(Slot slot, Chunk chunk, int position) {
        int incarnation = slot.incarnation();
        new StopLadder(
                        loop,
                        // once the worker was asked to end there is no way back, whatever becomes of the item
                        () -> Crew.current(slot, incarnation)
                                && (slot.state() == Slot.State.LEAVING
                                        || (slot.assigned.peekFirst() == chunk && chunk.finished() == position)),
                        List.of(
                                new StopLadder.Step(GRACE, () -> {
                                    // the others in hand are to run elsewhere, not to die with it or come back here
                                    slot.ending = WorkerEnd.STOPPED;
                                    slot.toLeaving();
                                    slot.assigned.forEach(other -> slot.recall(other, true));
                                    slot.terminate();
                                }),
                                new StopLadder.Step(GRACE, slot::kill)))
                .start();
    }
}
