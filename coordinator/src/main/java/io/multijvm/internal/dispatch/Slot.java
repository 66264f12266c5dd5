// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.result.WorkerId;
import io.multijvm.wire.mapped.RecorderReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in the pool and the process that fills it now; or a process without a place yet, a standby. A place whose process
 * is to be replaced has two of these for a while: the one that leaves, and its successor. Owned by the event loop.
 *
 * <pre>
 * EMPTY    -- begin ----------------------------------> STARTING
 * STARTING -- it said hello, the pool has functions --> INITIALISING
 * STARTING, INITIALISING -- up, and has a place ------> READY
 * STARTING, INITIALISING -- up, and has none ---------> STANDBY
 * INITIALISING -- its init failed or took too long ---> LEAVING
 * STANDBY  -- given a place --------------------------> READY
 * READY    -- recycled, shrunk, restarted, idle ------> RETIRING  (takes no more, finishes what it runs)
 * READY, RETIRING, STANDBY -- bye, stream ended ------> LEAVING   (takes no more, and will not stay for what it has)
 * STARTING, INITIALISING -- stopped ------------------> LEAVING
 * any      -- gone -----------------------------------> EMPTY     (reaped, and its stream has ended)
 * </pre>
 */
final class Slot {
    enum State {
        EMPTY,
        STARTING,
        INITIALISING,
        STANDBY,
        READY,
        RETIRING,
        LEAVING
    }

    /** In place of a number where there is none yet. */
    static final int NO_NUMBER = -1;

    /** The place in the pool, from 0; what crashes and slots are called by. */
    int number;

    private State state = State.EMPTY;
    /** Which of this object's processes it is, so that late events of an older one are dropped. */
    private int incarnation;
    /** How many processes the place has had, this one included; what tasks and reports call its incarnation. */
    int inPlace;
    /** Whether the place is its; false for a standby, and for one whose successor may take the place. */
    boolean seated;
    /** The one that runs and those that wait, in the order in which the worker runs them. */
    final Deque<Chunk> assigned = new ArrayDeque<>();
    /** Calls whose function this incarnation has. */
    final Set<Long> known = new HashSet<>();

    @Nullable
    WorkerPort port;

    @Nullable
    WorkerProcess process;

    @Nullable
    RecorderReader recorder;

    WorkerStarter.@Nullable Entry entry;

    EventLoop.@Nullable Timer startTimer;

    /** When it will be too old. */
    EventLoop.@Nullable Timer ageTimer;

    @Nullable
    StopLadder ladder;

    /** When its recorder is looked at for an item that runs too long; {@link #limitAt} by the loop's clock. */
    EventLoop.@Nullable Timer limitTimer;

    long limitAt;

    long maxHeapBytes;
    boolean said;
    boolean exited;
    boolean streamEnded;
    /** Killing was asked for before there was a process. */
    boolean doomed;
    /** Why its end is wanted; null while it is not, so that an end is a crash. */
    @Nullable
    WorkerEnd ending;
    /** What it did to be ended by us; its death is told so. Null while it did nothing, as when an item is to stop. */
    @Nullable
    EndReason reason;
    /** It has begun an item. */
    boolean useful;
    /** It has been ready. */
    boolean initialised;
    /** Its init function failed so, encoded. */
    byte @Nullable [] initFailure;
    /** Its init function ran too long. */
    boolean initLate;
    /** It was told goodbye, and has an exit function of which nothing was heard. */
    boolean exitAwaited;
    /** Items that it has ended. */
    long done;
    /** It is to be replaced soon: it has been given all that it may do, or is overdue. */
    boolean due;
    /** Its process has, or will have, more heap than the others, see {@link LargerWorker}. */
    boolean larger;
    /** It goes without a successor at hand. */
    boolean awaitsNobody;
    /** It is to go as soon as its successor stands by: it has done all that it may, or is too old or too large. */
    boolean overdue;

    long pid;
    /** When it was ready, by the loop's clock. */
    long readySince;
    /** Since when it has had nothing to do, as far as was looked, and what it had done then. */
    long idleSince;

    long doneWhenIdle = -1;
    /** What it had done when its memory was last read. */
    long doneWhenRead;
    /** Before this time it is not filled again, by the loop's clock. */
    long notBefore;
    /** Why it cannot be used, if it said so itself. */
    @Nullable
    String refusal;

    private String name;
    private WorkerId id;

    private Slot(int number) {
        this.number = number;
        this.seated = number != NO_NUMBER;
        this.name = callIt();
        this.id = new WorkerId(number, 0, -1);
    }

    /** A place to be filled. */
    static Slot place(int number) {
        return new Slot(number);
    }

    /** A process to be that will be given a place later. */
    static Slot spare() {
        return new Slot(NO_NUMBER);
    }

    private String callIt() {
        return number == NO_NUMBER ? "standby worker" : "worker " + number;
    }

    State state() {
        return state;
    }

    int incarnation() {
        return incarnation;
    }

    /** For messages: slot and pid. */
    String name() {
        return name;
    }

    /** The process that fills it, or did; its pid is -1 before it said hello. */
    WorkerId id() {
        return id;
    }

    /** @param nth process of its place, or standby of the pool */
    void emptyToStarting(int nth) {
        move(State.EMPTY, State.STARTING);
        incarnation++;
        inPlace = nth;
        name = callIt();
        id = new WorkerId(number, nth, -1);
    }

    /** It said hello; what it is to be now is decided by one of the three that follow. */
    void saidHello(WorkerPort connected, long itsPid, long heap) {
        port = connected;
        pid = itsPid;
        maxHeapBytes = heap;
        said = true;
        if (entry != null) {
            entry.taken();
        }
        nameIt();
    }

    private void nameIt() {
        name = callIt() + " (pid " + pid + ")";
        id = new WorkerId(number, inPlace, pid);
    }

    void startingToInitialising() {
        move(State.STARTING, State.INITIALISING);
    }

    void upToReady(long now) {
        moveUp(State.READY);
        readySince = now;
    }

    void upToStandby() {
        moveUp(State.STANDBY);
    }

    private void moveUp(State to) {
        move(state == State.INITIALISING ? State.INITIALISING : State.STARTING, to);
        initialised = true;
    }

    /** It is told its place, before anything that it will run there. */
    void standbyToReady(int place, int nth, long now) {
        move(State.STANDBY, State.READY);
        number = place;
        inPlace = nth;
        seated = true;
        readySince = now;
        nameIt();
        if (port != null) {
            port.seat(place, nth);
        }
    }

    /** From now on it finishes what it runs, and what it has not begun it gives back. */
    void readyToRetiring(WorkerEnd why) {
        move(State.READY, State.RETIRING);
        ending = why;
        assigned.forEach(chunk -> recall(chunk, true));
    }

    /** Asks for half, or all, of what it has not begun of the chunk, if it has that. */
    void recall(Chunk chunk, boolean all) {
        if (port != null && assigned.contains(chunk)) {
            chunk.recalls++;
            port.recall(chunk.id, all);
            port.flush();
        }
    }

    void toLeaving() {
        if (state == State.EMPTY) {
            throw new IllegalStateException(name + " is not there, so it cannot leave");
        }
        state = State.LEAVING;
    }

    /** Forgets the incarnation; its chunks must have been dealt with. */
    void toEmpty() {
        if (!assigned.isEmpty()) {
            throw new IllegalStateException(name + " left with chunks: " + assigned.size());
        }
        state = State.EMPTY;
        if (recorder != null) {
            recorder.close();
        }
        if (entry != null) {
            entry.withdraw();
        }
        if (startTimer != null) {
            startTimer.cancel();
        }
        if (ageTimer != null) {
            ageTimer.cancel();
        }
        if (ladder != null) {
            ladder.stop();
        }
        if (limitTimer != null) {
            limitTimer.cancel();
        }
        known.clear();
        port = null;
        process = null;
        recorder = null;
        entry = null;
        startTimer = null;
        ageTimer = null;
        ladder = null;
        limitTimer = null;
        refusal = null;
        maxHeapBytes = 0;
        said = false;
        exited = false;
        streamEnded = false;
        doomed = false;
        ending = null;
        reason = null;
        useful = false;
        initialised = false;
        initFailure = null;
        initLate = false;
        exitAwaited = false;
        done = 0;
        due = false;
        overdue = false;
        awaitsNobody = false;
        larger = false;
        pid = 0;
        doneWhenIdle = -1;
        doneWhenRead = 0;
    }

    /** Whether the process was reaped and all that it sent has been heard. */
    boolean gone() {
        return exited && (!said || streamEnded);
    }

    /** Whether its process is on its way to be of use. */
    boolean comesUp() {
        return state == State.STARTING || state == State.INITIALISING;
    }

    boolean idle() {
        return state == State.READY && assigned.isEmpty();
    }

    /** How many more items it may be given, if it may have so many in its life; 0 for no limit. */
    int room(int mostInItsLife) {
        if (mostInItsLife == 0) {
            return Integer.MAX_VALUE;
        }
        long room = mostInItsLife - done;
        for (Chunk chunk : assigned) {
            room -= chunk.left();
        }
        return (int) Math.max(0, room);
    }

    void kill() {
        if (process == null) {
            doomed = true;
        } else if (!exited) {
            process.kill();
        }
    }

    /** As {@link #kill}, of one that does not come up. */
    void killWithStacks() {
        if (process == null) {
            doomed = true;
        } else if (!exited) {
            process.killWithStacks();
        }
    }

    void terminate() {
        if (process == null) {
            doomed = true;
        } else if (!exited) {
            process.terminate();
        }
    }

    private void move(State from, State to) {
        if (state != from) {
            throw new IllegalStateException(name + " is " + state + ", not " + from + ", so it cannot become " + to);
        }
        state = to;
    }
}
