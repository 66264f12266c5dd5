// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one worker of a pool that has more heap than the others, for items that ran out of theirs. It has the place of another:
 * memory is what the machine is short of, and tasks use their slot to keep out of each other's way. Owned by the event loop.
 *
 * <pre>
 * no place  -- an item needs it, a place is empty ------------------> a place   (its next process is the larger one)
 * no place  -- an item needs it, all places are filled: one that
 *              comes up is stopped, an idle one leaves, else
 *              a busy one finishes what it runs and leaves ---------> no place  (but one is empty soon)
 * a place   -- nobody needs it any more ----------------------------> no place  (what comes up there is stopped)
 * a place   -- its process is up -----------------------------------> at work   (one item at a time, nothing ahead)
 * at work   -- nothing waits for it --------------------------------> no place  (it leaves, its place is filled anew)
 * a place, at work -- its process is gone --------------------------> no place
 * </pre>
 */
final class LargerWorker {
    private final boolean offered;
    private final List<Slot> slots;
    private final Dismissal dismissal;
    private final BooleanSupplier needed;
    private final Consumer<Slot> vacate;

    /**
     * @param offered whether the plan has such a worker at all
     * @param needed whether an item waits that only it may run
     * @param vacate lets a worker go that retires
     */
    LargerWorker(
            boolean offered, List<Slot> slots, Dismissal dismissal, BooleanSupplier needed, Consumer<Slot> vacate) {
        this.offered = offered;
        this.slots = slots;
        this.dismissal = dismissal;
        this.needed = needed;
        this.vacate = vacate;
    }

    /** Whether the plan has such a worker. */
    boolean offered() {
        return offered;
    }

    /** Its place that is still to be filled; null if there is none. */
    @Nullable
    Slot emptyPlace() {
        Slot place = place();
        return place != null && place.state() == Slot.State.EMPTY ? place : null;
    }

    private @Nullable Slot place() {
        for (Slot slot : slots) {
            if (slot.seated && slot.larger) {
                return slot;
            }
        }
        return null;
    }

    /** Once a turn, before places are filled. */
    void tend() {
        if (!offered) {
            return;
        }
        Slot place = place();
        if (place == null) {
            if (needed.getAsBoolean()) {
                seek();
            }
        } else if (!needed.getAsBoolean()) {
            release(place);
        }
    }

    private void release(Slot place) {
        switch (place.state()) {
            case EMPTY -> place.larger = false;
            case STARTING, INITIALISING -> {
                var unused = emptied(place);
            }
            case READY -> {
                if (place.assigned.isEmpty()) {
                    leave(place);
                }
            }
            case STANDBY, RETIRING, LEAVING -> {}
        }
    }

    private void seek() {
        Slot best = null;
        for (Slot slot : slots) {
            if (slot.seated && cost(slot) < (best == null ? Integer.MAX_VALUE : cost(best))) {
                best = slot;
            }
        }
        if (best == null) {
            return;
        }
        switch (best.state()) {
            case EMPTY -> best.larger = true;
            case STARTING, INITIALISING -> emptied(best).larger = true;
            case READY -> {
                if (best.assigned.isEmpty()) {
                    leave(best);
                    seek();
                } else if (slots.stream().noneMatch(LargerWorker::makesRoom)) {
                    best.readyToRetiring(WorkerEnd.REPLACED);
                }
            }
            case STANDBY, RETIRING, LEAVING -> throw new AssertionError("no place that can be had: " + best.name());
        }
    }

    /** What is lost when the place is taken, as an order; {@code Integer.MAX_VALUE} if it cannot be. */
    private static int cost(Slot slot) {
        return switch (slot.state()) {
            case EMPTY -> 0;
            case STARTING -> 1;
            case INITIALISING -> 2;
            case READY -> slot.assigned.isEmpty() ? 3 : 4;
            case STANDBY, RETIRING, LEAVING -> Integer.MAX_VALUE;
        };
    }

    private static boolean makesRoom(Slot slot) {
        return slot.state() == Slot.State.RETIRING && slot.ending == WorkerEnd.REPLACED;
    }

    private void leave(Slot slot) {
        slot.readyToRetiring(WorkerEnd.REPLACED);
        vacate.accept(slot);
    }

    /** What comes up there is not wanted any more. */
    private Slot emptied(Slot slot) {
        slot.seated = false;
        dismissal.stopNow(slot, WorkerEnd.REPLACED);
        Slot place = Slot.place(slot.number);
        slots.add(place);
        return place;
    }
}
