// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import io.multijvm.internal.chunk.ChunkSize;
import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives waiting items to workers: one chunk that runs and one ahead at each, or many small ones of a fixed size, calls in turn; takes items back from a busy
 * worker when another is idle. Owned by the event loop.
 */
final class WorkGiver {
    private static final int CHUNKS_A_WORKER = 2;

    private static final int MOST_CHUNKS_A_WORKER = 64;

    /** Of the time that a chunk of measured size would take, this part may wait at a worker in small ones. */
    private static final int SHARE_AHEAD = 4;

    /** How long a worker is idle before items are recalled for it, or a feeder's items in hand asked for. */
    private static final Duration IDLE = Duration.ofMillis(1);

    /** After the interrupt, and after SIGTERM, of an item that is to stop. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final List<Slot> slots;
    private final Crew crew;
    private final InFlight inFlight;
    private final TimeLimits limits;
    private final NestedCalls nested;
    private final Consumer<CallState> touched;
    private final Runnable again;
    private final Deque<CallState> calls = new ArrayDeque<>();
    private EventLoop.@Nullable Timer idleTimer;
    /** Set to when the next item will have rested between two attempts. */
    private EventLoop.@Nullable Timer restTimer;

    private long restEnds;
    /** Calls that keep items apart for workers, so that one may find nothing where another does. */
    private int apart;

    /**
     * @param touched told of every call that its receiver must look at
     * @param again has work given out once more
     */
    WorkGiver(
            EventLoop loop,
            Crew crew,
            InFlight inFlight,
            TimeLimits limits,
            NestedCalls nested,
            Consumer<CallState> touched,
            Runnable again) {
        this.loop = loop;
        this.crew = crew;
        this.slots = crew.slots;
        this.inFlight = inFlight;
        this.limits = limits;
        this.nested = nested;
        this.touched = touched;
        this.again = again;
    }

    void add(CallState call) {
        calls.addLast(call);
        call.openGate(crew.size());
        apart += call.pending().sameForAll() ? 0 : 1;
    }

    void remove(CallState call) {
        nested.remove(call);
        if (calls.remove(call)) {
            apart -= call.pending().sameForAll() ? 0 : 1;
            for (Slot slot : slots) {
                if (slot.known.remove(call.id) && slot.port != null) {
                    slot.port.forget(call.id);
                    slot.port.flush();
                }
            }
        }
    }

    /** Whether nothing waits or is out, and nothing more will be read. */
    boolean quiet() {
        return calls.stream().allMatch(WorkGiver::quiet);
    }

    private static boolean quiet(CallState call) {
        return call.quiet() && (call.over() || !call.fed());
    }

    /** Whether so much can be said of what this user asked for. */
    boolean quiet(Object owner) {
        return calls.stream().filter(call -> call.isOwnedBy(owner)).allMatch(WorkGiver::quiet);
    }

    /** One of several users leaves: reads no further, or drops and stops what it has. */
    void leave(Object owner, boolean now) {
        for (CallState call : List.copyOf(calls)) {
            if (call.isOwnedBy(owner)) {
                touched.accept(call);
                if (now) {
                    call.cancel(new CancellationException("the pool was terminated"));
                    stopWhatRuns(call, true);
                } else {
                    call.stopReading();
                }
            }
        }
    }

    /** Nothing more comes from this user. */
    void left(Object owner) {
        for (CallState call : calls) {
            if (call.isOwnedBy(owner)) {
                call.cancel(new CancellationException("the pool was closed"));
                touched.accept(call);
            }
        }
    }

    /** Items that wait here, or at a worker, for their end. */
    long outstanding() {
        long items = 0;
        for (CallState call : calls) {
            items += call.waiting();
        }
        for (Slot slot : slots) {
            for (Chunk chunk : slot.assigned) {
                items += chunk.left();
            }
        }
        return items;
    }

    /** Whether something waits that only the worker in this place may take. */
    boolean waitsFor(int place) {
        return apart > 0 && calls.stream().anyMatch(call -> call.pending().waitsFor(place));
    }

    void stopReading() {
        for (CallState call : calls) {
            if (call.depth > 0) {
                // belongs to an item that is to be finished
                continue;
            }
            call.stopReading();
            touched.accept(call);
        }
    }

    void cancelAll(Throwable why) {
        for (CallState call : calls) {
            call.cancel(why);
            touched.accept(call);
        }
    }

    void close() {
        if (idleTimer != null) {
            idleTimer.cancel();
        }
        if (restTimer != null) {
            restTimer.cancel();
        }
    }

    void giveOut() {
        wakeResting();
        if (apart > 0) {
            calls.stream().filter(call -> call.failBeyond(crew.size())).forEach(touched);
        }
        boolean given = true;
        for (int ahead = 1; given && ahead <= MOST_CHUNKS_A_WORKER; ahead++) {
            given = ahead < CHUNKS_A_WORKER;
            for (Slot slot : slots) {
                if (mayTake(slot, ahead)) {
                    boolean gotOne = give(slot);
                    if (!gotOne && apart == 0) {
                        given = false;
                        break;
                    }
                    given |= gotOne;
                }
            }
        }
        nested.grant(crew.size());
        for (Slot slot : slots) {
            if (slot.port != null) {
                slot.port.flush();
            }
        }
        calls.forEach(call -> call.openGate(crew.size()));
        watchForIdleWorkers();
    }

    /** Items that have rested between two attempts wait for a worker again. */
    private void wakeResting() {
        long next = Long.MAX_VALUE;
        for (CallState call : calls) {
            if (call.hasResting()) {
                next = Math.min(next, call.wake(loop.now()));
            }
        }
        if (next == Long.MAX_VALUE || (restTimer != null && restEnds == next)) {
            return;
        }
        if (restTimer != null) {
            restTimer.cancel();
        }
        restEnds = next;
        restTimer = loop.schedule(
                () -> {
                    restTimer = null;
                    again.run();
                },
                Duration.ofNanos(Math.max(0, next - loop.now())));
    }

    /**
     * Whether the slot is to have so many chunks. Beyond the two, only where their size is fixed and they are done in next to
     * no time: then many have to cross in one message, for a message costs more than they do.
     */
    private boolean mayTake(Slot slot, int chunks) {
        if (slot.state() != Slot.State.READY
                || slot.assigned.size() >= chunks
                || crew.room(slot) == 0
                || nested.engaged(slot)) {
            return false;
        }
        Chunk last = slot.assigned.peekLast();
        if (chunks <= CHUNKS_A_WORKER || last == null) {
            return chunks <= CHUNKS_A_WORKER;
        }
        int items = chunks * last.size();
        return last.call.settings.chunkSize() > 0 && items * SHARE_AHEAD < ChunkSize.target(last.call.cost);
    }

    /** Gives the slot one chunk; false if there is none. */
    private boolean give(Slot slot) {
        WorkerPort port = slot.port;
        if (port != null && slot.assigned.isEmpty()) {
            for (NestedCalls.Nested deepest : nested.calls()) {
                if (give(slot, port, deepest.state)) {
                    return true;
                }
            }
        }
        for (int tried = calls.size(); port != null && tried > 0; tried--) {
            CallState call = calls.removeFirst();
            calls.addLast(call);
            if (call.depth == 0 && give(slot, port, call)) {
                return true;
            }
        }
        return false;
    }

    private boolean give(Slot slot, WorkerPort port, CallState call) {
        long now = call.pending().sameForAll() ? 0 : loop.now();
        List<Slice> items = call.nextItems(slot, now, crew.size(), crew.room(slot));
        if (items.isEmpty()) {
            return false;
        }
        if (slot.known.add(call.id)) {
            port.task(call.id, call.function, call.depth);
        }
        Chunk chunk = inFlight.assign(slot, call, items);
        chunk.givenAt = now;
        call.begunBefore(items, (position, attempt) -> port.attempt(chunk.id, position, attempt));
        port.chunk(chunk.id, call.id, items);
        limits.given(slot, call);
        return true;
    }

    private void watchForIdleWorkers() {
        if (idleTimer != null || !idleWorkerCouldHelp()) {
            return;
        }
        idleTimer = loop.schedule(
                () -> {
                    idleTimer = null;
                    if (idleWorkerCouldHelp()) {
                        help();
                        again.run();
                    }
                },
                IDLE);
    }

    private boolean idleWorkerCouldHelp() {
        boolean idle = slots.stream().anyMatch(Slot::idle);
        if (nested.any() && (nested.couldMove(idle) || slots.stream().anyMatch(this::holdsUpOthers))) {
            return true;
        }
        return idle
                && (calls.stream()
                                .anyMatch(call ->
                                        call.mayHoldBack() || call.pending().mayOpenSoon())
                        || slots.stream()
                                .anyMatch(slot -> slot.assigned.stream().anyMatch(chunk -> mayMove(slot, chunk))));
    }

    /** It has work in hand that it does not come to while its item has calls open. */
    private boolean holdsUpOthers(Slot slot) {
        return nested.engaged(slot)
                && slot.assigned.stream().anyMatch(chunk -> chunk.recalls == 0 && unstarted(slot, chunk) > 0);
    }

    private void helpNested() {
        for (Slot slot : slots) {
            if (holdsUpOthers(slot)) {
                slot.assigned.stream().filter(chunk -> chunk.recalls == 0).forEach(chunk -> recall(chunk, true));
            }
        }
        Chunk heldUp = nested.heldUp();
        if (heldUp != null) {
            recall(heldUp, false);
        }
        if (slots.stream().anyMatch(Slot::idle)) {
            nested.reclaim();
        }
    }

    private void help() {
        if (nested.any()) {
            helpNested();
        }
        for (CallState call : calls) {
            if (call.mayHoldBack()) {
                call.gate.askForHeldBack();
            }
        }
        Chunk chunk = slots.stream().anyMatch(Slot::idle) ? busiest() : null;
        if (chunk != null) {
            recall(chunk, false);
        }
    }

    /** The chunk with the most items that have not begun, may move, and were not asked for. */
    private @Nullable Chunk busiest() {
        List<Chunk> candidates = new ArrayList<>();
        long now = apart > 0 ? loop.now() : 0;
        for (Slot slot : slots) {
            for (Chunk chunk : slot.assigned) {
                if (mayMove(slot, chunk) && waited(chunk, now)) {
                    candidates.add(chunk);
                }
            }
        }
        return candidates.stream().max(Comparator.comparingInt(Chunk::left)).orElse(null);
    }

    private static boolean mayMove(Slot slot, Chunk chunk) {
        return chunk.recalls == 0
                && unstarted(slot, chunk) > 0
                && chunk.call.pending().patience() != null;
    }

    private static boolean waited(Chunk chunk, long now) {
        Duration patience = chunk.call.pending().patience();
        return patience != null && now - chunk.givenAt >= patience.toNanos();
    }

    private static int unstarted(Slot slot, Chunk chunk) {
        return slot.assigned.peekFirst() == chunk ? chunk.left() - 1 : chunk.left();
    }

    private void recall(Chunk chunk, boolean all) {
        for (Slot slot : slots) {
            if (slot.assigned.contains(chunk) && slot.port != null) {
                chunk.recalls++;
                slot.port.recall(chunk.id, all);
                slot.port.flush();
            }
        }
    }

    /** Stops all items of a call that are at workers. */
    void stopWhatRuns(CallState call, boolean byForce) {
        nested.dropGranted(call);
        for (Slot slot : slots) {
            for (Chunk chunk : List.copyOf(slot.assigned)) {
                if (chunk.call == call) {
                    recall(chunk, true);
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
                    recall(chunk, true);
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
                                    slot.assigned.forEach(other -> recall(other, true));
                                    slot.terminate();
                                }),
                                new StopLadder.Step(GRACE, slot::kill)))
                .start();
    }
}
