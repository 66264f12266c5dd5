// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import io.multijvm.internal.result.WorkerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
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
 *             is overdue it retires, and when it has nothing left the standby takes its place (Succession)
 * shrinking, restarting, idleness
 *             the worker retires; when it has nothing left it goes, and its place, if it is kept, is filled anew
 * a death     its place is filled anew once it is buried
 * an item that needs more heap
 *             takes a place for as long as it needs it (LargerWorker)
 * filling     by a standby if there is one, else by a process that is started; not more of them at once than the plan
 *             says, for each that comes up has the next one started
 * </pre>
 */
final class Crew {
    /** How soon it is tried again where memory was too short for a standby. */
    private static final Duration UNTIL_ROOM = Duration.ofSeconds(1);

    /**
     * How long the place of a worker that an item was lost with waits to hear how it died, where that may want the place for
     * a worker with more heap. Some ten milliseconds as a rule; a start that is not wanted costs half a second.
     */
    private static final Duration UNTIL_EXPLAINED = Duration.ofSeconds(1);

    private final CrewPlan plan;
    private final EventLoop loop;
    private final Launching launching;
    private final Dismissal dismissal;
    private final Books books;
    private final Runnable again;
    private final LongSupplier outstanding;
    private final IntPredicate wantedFor;
    private final MemoryFloor floor;
    /** Every process that there is, and every place that has none. Others may look while it changes. */
    final List<Slot> slots = new CopyOnWriteArrayList<>();

    final StartPolicy policy;
    private final Succession succession;
    private final IdleWorkers idleWorkers;
    private final LargerWorker larger;
    /** How many places. */
    private int size;
    /** How many processes each place has had. */
    private final Map<Integer, Integer> begun = new HashMap<>();

    private int spares;
    private int recycled;
    private long sparesNotBefore;
    /** Until then there is no memory for standbys. */
    private long noRoomUntil;

    /**
     * @param outstanding items that wait or are at workers
     * @param wantedFor whether something waits that only the worker in that place may run
     * @param hungry whether an item waits that needs more heap
     * @param floor whether there is memory for more
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
            BooleanSupplier hungry,
            MemoryFloor floor,
            Runnable again) {
        this.plan = plan;
        this.loop = loop;
        this.launching = launching;
        this.dismissal = dismissal;
        this.books = books;
        this.outstanding = outstanding;
        this.wantedFor = wantedFor;
        this.again = again;
        this.floor = floor;
        this.policy = new StartPolicy(plan.restartLimit(), loop);
        this.succession = new Succession(plan, loop, slots, this::hasNoRoom);
        this.idleWorkers = new IdleWorkers(plan.idleTimeout(), loop, slots, outstanding, this::vacate, again);
        this.larger = new LargerWorker(plan.memory().offersMoreHeap(), slots, dismissal, hungry, this::vacate);
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

    /**
     * The process is buried and the slot empty: its place is to be filled anew, a process without one is forgotten.
     *
     * @param costAnItem whether how it died decides what becomes of an item
     */
    void gone(Slot slot, boolean costAnItem) {
        Duration backOff = policy.backOff();
        if (costAnItem && larger.offered() && backOff.compareTo(UNTIL_EXPLAINED) < 0) {
            backOff = UNTIL_EXPLAINED;
        }
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

    /** It is known how that worker died, and what becomes of its item. */
    void explained(WorkerId dead) {
        if (larger.offered()) {
            for (Slot slot : slots) {
                if (slot.seated && slot.number == dead.slot() && slot.state() == Slot.State.EMPTY) {
                    slot.notBefore = loop.now();
                }
            }
        }
    }

    /** The worker takes so much more memory than it may that nothing more is to run in it. */
    void goesAtOnce(Slot slot) {
        slot.awaitsNobody = true;
        slot.readyToRetiring(WorkerEnd.RECYCLED);
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
        floor.turn(slots);
        noticeDue();
        if (mayStart && succession.recycles()) {
            succession.retireDue(standing());
        }
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.RETIRING
                    && slot.assigned.isEmpty()
                    && (slot.number >= size || succession.mayGo(slot, standing()))) {
                vacate(slot);
            }
        }
        if (mayStart) {
            larger.tend();
            fillPlaces();
            if (succession.recycles() || plan.standby() > 0) {
                startSpares(open ? plan.standby() : 0);
            }
        }
        idleWorkers.dismiss();
    }

    /** As {@link Succession#noticeDue}. */
    boolean noticeDue() {
        return succession.noticeDue();
    }

    /** Whether there was no memory for a standby a moment ago, or is none now. */
    private boolean hasNoRoom() {
        return floor.isShort() || loop.now() - noRoomUntil < 0;
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
            if (slot.seated && (slot.comesUp() || slot.state() == Slot.State.READY || slot.larger)) {
                wanted--;
            }
        }
        long starts = startsLeft();
        Slot first = larger.emptyPlace();
        if (first != null && isDue(first) && starts > 0 && mayStart(first)) {
            starts--;
            launching.start(first, nth(first));
        }
        for (Slot slot : List.copyOf(slots)) {
            boolean empty = slot.seated && !slot.larger && slot.state() == Slot.State.EMPTY && isDue(slot);
            if (empty && (wanted > 0 || (plan.onDemand() && wantedFor.test(slot.number)))) {
                wanted--;
                Slot standby = standby();
                if (standby != null) {
                    seat(standby, slot);
                } else if (starts > 0 && mayStart(slot)) {
                    starts--;
                    launching.start(slot, nth(slot));
                }
            }
        }
    }

    private boolean isDue(Slot place) {
        return loop.now() - place.notBefore >= 0;
    }

    /** Where memory is short, one is started only if there is no other, or nobody else may run what waits. */
    private boolean mayStart(Slot place) {
        return !floor.startsNone(slots) || ((place.larger || wantedFor.test(place.number)) && floor.nobodyRuns(slots));
    }

    /** A standby takes an empty place. */
    private void seat(Slot standby, Slot place) {
        slots.remove(place);
        standby.standbyToReady(place.number, nth(place), loop.now());
        seated(standby);
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
        long due = succession.due();
        boolean comingUp = slots.stream().anyMatch(slot -> slot.seated && slot.comesUp());
        long now = loop.now();
        if ((comingUp && due == 0) || now - sparesNotBefore < 0 || hasNoRoom()) {
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
}
