// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.result.WorkerId;
import io.multijvm.wire.mapped.RecorderReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in the pool, and the process that fills it now. Owned by the event loop.
 *
 * <pre>
 * EMPTY        -- begin ------------------------> STARTING
 * STARTING     -- it said hello ----------------> READY, or where the pool has functions to run
 * STARTING     -- it said hello ----------------> INITIALISING
 * INITIALISING -- its init function has run ----> READY
 * INITIALISING -- that failed or took too long -> LEAVING
 * READY        -- bye, stream ended, stopped ---> LEAVING   (takes no more work)
 * STARTING, INITIALISING -- stopped ------------> LEAVING
 * any          -- gone -------------------------> EMPTY     (reaped, and its stream has ended)
 * </pre>
 */
final class Slot {
    enum State {
        EMPTY,
        STARTING,
        INITIALISING,
        READY,
        LEAVING
    }

    final int number;
    private State state = State.EMPTY;
    private int incarnation;
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
    /** Its end is wanted, so it is no crash. */
    boolean expectedToEnd;
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
    /** Why it cannot be used, if it said so itself. */
    @Nullable
    String refusal;

    private String name;
    private WorkerId id;

    Slot(int number) {
        this.number = number;
        this.id = new WorkerId(number, 0, -1);
        this.name = "worker " + number;
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

    void emptyToStarting() {
        move(State.EMPTY, State.STARTING);
        incarnation++;
        name = "worker " + number;
        id = new WorkerId(number, incarnation, -1);
    }

    void startingToReady() {
        move(State.STARTING, State.READY);
        initialised = true;
    }

    void startingToInitialising() {
        move(State.STARTING, State.INITIALISING);
    }

    void initialisingToReady() {
        move(State.INITIALISING, State.READY);
        initialised = true;
    }

    /** It has come in; what it becomes by that is the caller's to say. */
    void saidHello(WorkerPort connected, long pid, long heap) {
        port = connected;
        maxHeapBytes = heap;
        said = true;
        if (entry != null) {
            entry.taken();
        }
        name = "worker " + number + " (pid " + pid + ")";
        id = new WorkerId(number, incarnation, pid);
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
        ladder = null;
        limitTimer = null;
        refusal = null;
        maxHeapBytes = 0;
        said = false;
        exited = false;
        streamEnded = false;
        doomed = false;
        expectedToEnd = false;
        useful = false;
        initialised = false;
        initFailure = null;
        initLate = false;
        exitAwaited = false;
    }

    /** Whether the process was reaped and all that it sent has been heard. */
    boolean gone() {
        return exited && (!said || streamEnded);
    }

    boolean idle() {
        return state == State.READY && assigned.isEmpty();
    }

    void kill() {
        if (process == null) {
            doomed = true;
        } else if (!exited) {
            process.kill();
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
