// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
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
                    stopAll(slot, chunk, byForce);
                }
            }
        }
    }

    /** Which item runs the worker alone knows: what was heard of it is a moment old. */
    private void stopAll(Slot slot, Chunk chunk, boolean byForce) {
        if (slot.port == null || chunk.left() == 0) {
            return;
        }
        slot.port.cancel(chunk.id, WorkerPort.ALL);
        slot.port.flush();
        nested.madeIn(slot, chunk.id).forEach(this::stopNested);
        if (byForce) {
            // what has not begun was recalled, so what is left then is the one that runs and does not follow
            endUnless(slot, () -> slot.assigned.peekFirst() != chunk);
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
                    stopOne(slot, chunk, position);
                }
            }
        }
    }

    private void stopOne(Slot slot, Chunk chunk, int position) {
        if (slot.port == null || chunk.left() == 0) {
            return;
        }
        slot.port.cancel(chunk.id, position);
        slot.port.flush();
        stopNestedIn(slot, chunk, position);
        chunk.stopping = position;
        endUnlessItEnds(slot, chunk, position);
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

    private void endUnlessItEnds(Slot slot, Chunk chunk, int position) {
        endUnless(slot, () -> slot.assigned.peekFirst() != chunk || chunk.finished() != position);
    }

    /** An item was interrupted; if it does not follow, its worker has to go. */
    private void endUnless(Slot slot, BooleanSupplier itHasEnded) {
        int incarnation = slot.incarnation();
        new StopLadder(
                        loop,
                        // once the worker was asked to end there is no way back, whatever becomes of the item
                        () -> Crew.current(slot, incarnation)
                                && (slot.state() == Slot.State.LEAVING || !itHasEnded.getAsBoolean()),
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
