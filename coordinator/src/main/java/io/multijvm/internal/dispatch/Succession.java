// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Workers that have done what the plan lets them do in their life, and how they make room for their successors. What a
 * worker is due is kept in its slot. Owned by the event loop.
 *
 * <pre>
 * at work -- has been given, or done, all that it may --> due      (a standby is started for it)
 * due     -- has done it, or is too old or too large ---> overdue
 * overdue -- its successor stands by, or none comes ----> retiring (when it has nothing left it goes)
 * </pre>
 */
final class Succession {
    private final CrewPlan plan;
    private final boolean recycles;
    private final EventLoop loop;
    private final List<Slot> slots;
    private final BooleanSupplier noRoom;

    /** @param noRoom whether there is no memory for a standby */
    Succession(CrewPlan plan, EventLoop loop, List<Slot> slots, BooleanSupplier noRoom) {
        this.plan = plan;
        this.recycles = !plan.recycling().equals(CrewPlan.Recycling.NEVER);
        this.loop = loop;
        this.slots = slots;
        this.noRoom = noRoom;
    }

    /** Whether the plan has workers replaced at all. */
    boolean recycles() {
        return recycles;
    }

    /**
     * Looks for workers that have done, or were given, what they may in their life.
     *
     * @return whether any was found now
     */
    boolean noticeDue() {
        if (!recycles) {
            return false;
        }
        boolean found = false;
        for (Slot slot : slots) {
            if (slot.state() != Slot.State.READY || slot.overdue) {
                continue;
            }
            boolean old = tooOld(slot);
            boolean spent = slot.room(plan.recycling().items()) == 0;
            found |= !slot.due && (old || spent);
            slot.due |= old || spent;
            slot.overdue = old || (spent && slot.assigned.isEmpty());
        }
        return found;
    }

    /** One that has its first items in hand is let do some of them, or a short life would be one without any use. */
    private boolean tooOld(Slot slot) {
        Duration age = plan.recycling().age();
        return age != null
                && (slot.done > 0 || slot.assigned.isEmpty())
                && loop.now() - slot.readySince >= age.toNanos();
    }

    /**
     * Due workers make room one by one, as standbys come up for them.
     *
     * @param standing standbys that are up
     */
    void retireDue(long standing) {
        long free =
                standing - slots.stream().filter(Succession::awaitsSuccessor).count();
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.READY && slot.overdue && (free > 0 || noSuccessorComes(slot))) {
                slot.readyToRetiring(WorkerEnd.RECYCLED);
                free--;
            }
        }
    }

    /** Where no process can be started beside it, or there is nothing for one to do, it goes first. */
    private boolean noSuccessorComes(Slot slot) {
        return slot.larger || plan.placesDiffer() || noRoom.getAsBoolean() || (plan.onDemand() && slot.idle());
    }

    static boolean awaitsSuccessor(Slot slot) {
        return slot.state() == Slot.State.RETIRING
                && slot.ending == WorkerEnd.RECYCLED
                && !slot.awaitsNobody
                && !slot.larger;
    }

    /**
     * Whether one that retires and has nothing left may go.
     *
     * @param standing standbys that are up
     */
    boolean mayGo(Slot slot, long standing) {
        return !awaitsSuccessor(slot) || standing > 0 || noSuccessorComes(slot) || plan.onDemand();
    }

    /** How many successors are wanted. */
    long due() {
        return slots.stream()
                .filter(slot -> awaitsSuccessor(slot)
                        || (slot.state() == Slot.State.READY && slot.due && !noSuccessorComes(slot)))
                .count();
    }
}
