// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pool's workers: which places there are, what fills them, and what stands by for them. Whatever happens only changes
 * what is; {@link #tend}, once a turn, does what follows from it. There may be more processes than places: standbys, and
 * those that leave while their successors are at work. Owned by the event loop.
 *
 * <pre>
 * recycling   for a worker that is due a standby is started while it works on; once that is there and the worker
 *             is overdue it retires, and when it has nothing left the standby takes its place
 * shrinking, restarting, idleness
 *             the worker retires; when it has nothing left it goes, and its place, if it is kept, is filled anew
 * a death     its place is filled anew once it is buried
 * filling     by a standby if there is one, else by a process that is started; not more of them at once than the plan
 *             says, for each that comes up has the next one started
 * </pre>
 */
final class Crew {
    /** How soon it is tried again where memory was too short for a standby. */
    private static final Duration UNTIL_ROOM = Duration.ofSeconds(1);

    private final CrewPlan plan;
    private final boolean recycles;
    private final EventLoop loop;
    private final Launching launching;
    private final Dismissal dismissal;
    private final Books books;
    private final Runnable again;
    private final LongSupplier outstanding;
    private final IntPredicate wantedFor;
    /** Every process that there is, and every place that has none. Others may look while it changes. */
    final List<Slot> slots = new CopyOnWriteArrayList<>();

    final StartPolicy policy;
    /** How many places. */
    private int size;
    /** How many processes each place has had. */
    private final Map<Integer, Integer> begun = new HashMap<>();

    private int spares;
    private int recycled;
    private long sparesNotBefore;
    /** Until then there is no memory for standbys. */
    private long noRoomUntil;

    private EventLoop.@Nullable Timer idleTimer;

    /**
     * @param outstanding items that wait or are at workers
     * @param wantedFor whether something waits that only the worker in that place may run
     * @param again has this tended once more
     */
    Crew(
            CrewPlan plan,
            EventLoop loop,
            Launching launching,
            Dismissal dismissal,
            Books books,
            LongSupplier outstanding,
            IntPredicate wantedFor,
            Runnable again) {
        this.plan = plan;
        this.recycles = !plan.recycling().equals(CrewPlan.Recycling.NEVER);
        this.loop = loop;
        this.launching = launching;
        this.dismissal = dismissal;
        this.books = books;
        this.outstanding = outstanding;
        this.wantedFor = wantedFor;
        this.again = again;
        this.policy = new StartPolicy(plan.restartLimit(), loop);
        this.sparesNotBefore = loop.now();
        this.noRoomUntil = loop.now();
        resize(plan.workers());
    }

    /** How many workers the pool is to have. */
    int size() {
        return size;
    }

    /** How many workers were replaced because the plan said so. */
    int recycled() {
        return recycled;
    }

    /** How many more items the slot may be given. */
    int room(Slot slot) {
        return slot.room(plan.recycling().items());
    }

    /** Whether an event is about the process that fills the slot now; late ones of an older one are dropped. */
    static boolean current(Slot slot, int incarnation) {
        return slot.incarnation() == incarnation && slot.state() != Slot.State.EMPTY;
    }

    boolean allEmpty() {
        return slots.stream().allMatch(slot -> slot.state() == Slot.State.EMPTY);
    }

    // ---- what is wanted of it

    /** More places, or fewer: those with the highest numbers go. */
    void resize(int workers) {
        slots.removeIf(slot -> slot.seated && slot.number >= workers && slot.state() == Slot.State.EMPTY);
        for (Slot slot : slots) {
            if (slot.seated && slot.number >= workers) {
                switch (slot.state()) {
                    case READY -> slot.readyToRetiring(WorkerEnd.RESIZED);
                    case STARTING, INITIALISING -> {
                        slot.seated = false;
                        dismissal.stopNow(slot, WorkerEnd.RESIZED);
                    }
                    case EMPTY, STANDBY, RETIRING, LEAVING -> {}
                }
            }
        }
        size = workers;
        for (int number = 0; number < workers; number++) {
            if (!taken(number)) {
                slots.add(Slot.place(number));
            }
        }
    }

    private boolean taken(int number) {
        return slots.stream().anyMatch(slot -> slot.seated && slot.number == number);
    }

    /** Every worker that may have run something is replaced. */
    void restart() {
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.READY) {
                slot.readyToRetiring(WorkerEnd.RESTARTED);
            }
        }
    }

    /** Tells every worker goodbye; those that do not follow are ended. */
    void dismissAll() {
        slots.forEach(slot -> dismissal.sayGoodbye(slot, WorkerEnd.CLOSED, "the pool was closed"));
    }

    void stopAll() {
        slots.forEach(slot -> dismissal.stopNow(slot, WorkerEnd.CLOSED));
    }

    // ---- what happens to it

    /** It has said hello, and its init function, if there is one, has run: it can be used. */
    void ready(Slot slot) {
        if (slot.number == Slot.NO_NUMBER) {
            slot.upToStandby();
        } else {
            slot.upToReady(loop.now());
            seated(slot);
        }
    }

    /** There is no memory for this standby. */
    void noRoom(Slot slot) {
        slot.toEmpty();
        slots.remove(slot);
        noRoomUntil = loop.now() + UNTIL_ROOM.toNanos();
        loop.schedule(again, UNTIL_ROOM);
    }

    /** The process is buried and the slot empty: its place is to be filled anew, a process without one is forgotten. */
    void gone(Slot slot) {
        Duration backOff = policy.backOff();
        long then = loop.now() + backOff.toNanos();
        if (slot.seated && slot.number < size) {
            slot.notBefore = then;
        } else {
            if (slot.number == Slot.NO_NUMBER) {
                sparesNotBefore = then;
            }
            slots.remove(slot);
        }
        if (!backOff.isZero()) {
            loop.schedule(again, backOff);
        }
    }

    /** The worker takes more memory than the plan allows. */
    void tooLarge(Slot slot) {
        slot.due = true;
        slot.overdue = true;
    }

    // ---- what follows

    /**
     * Once a turn, before work is given out.
     *
     * @param mayStart whether the pool still wants workers
     * @param open whether it is not being closed, so that standbys are of use
     */
    void tend(boolean mayStart, boolean open) {
        noticeDue();
        if (mayStart && recycles) {
            retireDue();
        }
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.RETIRING && slot.assigned.isEmpty() && mayGo(slot)) {
                vacate(slot);
            }
        }
        if (mayStart) {
            fillPlaces();
            if (recycles || plan.standby() > 0) {
                startSpares(open ? plan.standby() : 0);
            }
        }
        if (plan.idleTimeout() != null) {
            dismissIdle(plan.idleTimeout());
        }
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
            boolean spent = room(slot) == 0;
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

    /** Due workers make room one by one, as standbys come up for them. */
    private void retireDue() {
        long free = standing() - slots.stream().filter(Crew::awaitsSuccessor).count();
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.READY && slot.overdue && (free > 0 || noSuccessorComes(slot))) {
                slot.readyToRetiring(WorkerEnd.RECYCLED);
                free--;
            }
        }
    }

    /** Where no process can be started beside it, or there is nothing for one to do, it goes first. */
    private boolean noSuccessorComes(Slot slot) {
        return plan.placesDiffer() || loop.now() - noRoomUntil < 0 || (plan.onDemand() && slot.idle());
    }

    private static boolean awaitsSuccessor(Slot slot) {
        return slot.state() == Slot.State.RETIRING && slot.ending == WorkerEnd.RECYCLED;
    }

    private boolean mayGo(Slot slot) {
        return !awaitsSuccessor(slot)
                || slot.number >= size
                || standing() > 0
                || noSuccessorComes(slot)
                || plan.onDemand();
    }

    /** It has nothing left: it goes, and its place is free. */
    private void vacate(Slot slot) {
        if (slot.ending == WorkerEnd.RECYCLED) {
            recycled++;
        }
        slot.seated = false;
        dismissal.sayGoodbye(slot, WorkerEnd.CLOSED, "this worker is not needed any more");
        if (slot.number < size) {
            slots.add(Slot.place(slot.number));
        }
    }

    private void fillPlaces() {
        long wanted = plan.onDemand() ? Math.min(size, outstanding.getAsLong()) : size;
        for (Slot slot : slots) {
            if (slot.seated && (slot.comesUp() || slot.state() == Slot.State.READY)) {
                wanted--;
            }
        }
        long starts = startsLeft();
        for (Slot slot : slots) {
            boolean empty = slot.seated && slot.state() == Slot.State.EMPTY && loop.now() - slot.notBefore >= 0;
            if (empty && (wanted > 0 || (plan.onDemand() && wantedFor.test(slot.number)))) {
                wanted--;
                starts -= fill(slot, starts > 0) ? 1 : 0;
            }
        }
    }

    /**
     * By a standby, else by a process that is started, if that may be now.
     *
     * @return whether one was started
     */
    private boolean fill(Slot place, boolean mayStart) {
        Slot standby = standby();
        if (standby != null) {
            slots.remove(place);
            standby.standbyToReady(place.number, nth(place), loop.now());
            seated(standby);
            return false;
        }
        if (mayStart) {
            launching.start(place, nth(place));
        }
        return mayStart;
    }

    /** How many more processes may be coming up now. */
    private long startsLeft() {
        return plan.startsAtOnce()
                - slots.stream()
                        .filter(slot -> slot.state() == Slot.State.STARTING)
                        .count();
    }

    private int nth(Slot place) {
        return begun.merge(place.number, 1, Integer::sum);
    }

    private @Nullable Slot standby() {
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.STANDBY) {
                return slot;
            }
        }
        return null;
    }

    private long standing() {
        return slots.stream().filter(slot -> slot.state() == Slot.State.STANDBY).count();
    }

    /** Standbys, and a successor for each that is due; not while workers come up, which are wanted first. */
    private void startSpares(int standby) {
        long due = slots.stream()
                .filter(slot -> awaitsSuccessor(slot)
                        || (slot.state() == Slot.State.READY && slot.due && !noSuccessorComes(slot)))
                .count();
        boolean comingUp = slots.stream().anyMatch(slot -> slot.seated && slot.comesUp());
        long now = loop.now();
        if ((comingUp && due == 0) || now - sparesNotBefore < 0 || now - noRoomUntil < 0) {
            return;
        }
        long there = slots.stream()
                .filter(slot -> slot.number == Slot.NO_NUMBER && slot.state() != Slot.State.LEAVING)
                .count();
        for (long starts = startsLeft(); there < standby + due && starts > 0; there++, starts--) {
            Slot spare = Slot.spare();
            slots.add(spare);
            launching.start(spare, ++spares);
        }
    }

    private void seated(Slot slot) {
        books.ready(slot);
        Duration age = plan.recycling().age();
        if (age != null) {
            slot.ageTimer = loop.schedule(again, age);
        }
    }

    /** Only where workers come on demand. */
    private void dismissIdle(Duration most) {
        long now = loop.now();
        long next = Long.MAX_VALUE;
        for (Slot slot : slots) {
            if (!slot.idle()) {
                continue;
            }
            if (slot.done != slot.doneWhenIdle) {
                slot.doneWhenIdle = slot.done;
                slot.idleSince = now;
            }
            long left = slot.idleSince + most.toNanos() - now;
            if (left > 0) {
                next = Math.min(next, left);
            } else if (outstanding.getAsLong() == 0) {
                slot.readyToRetiring(WorkerEnd.IDLE);
                vacate(slot);
            }
        }
        if (idleTimer == null && next < Long.MAX_VALUE) {
            idleTimer = loop.schedule(
                    () -> {
                        idleTimer = null;
                        again.run();
                    },
                    Duration.ofNanos(next));
        }
    }
}
