// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.ChunkSize;
import io.multijvm.internal.chunk.Slice;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives waiting items to workers: one chunk that runs and one ahead at each, or many small ones of a fixed size, calls in
 * turn. Owned by the event loop.
 */
final class WorkGiver {
    private static final int CHUNKS_A_WORKER = 2;

    private static final int MOST_CHUNKS_A_WORKER = 64;

    /** Of the time that a chunk of measured size would take, this part may wait at a worker in small ones. */
    private static final int SHARE_AHEAD = 4;

    private final EventLoop loop;
    private final List<Slot> slots;
    private final Crew crew;
    private final CallsInHand calls;
    private final InFlight inFlight;
    private final TimeLimits limits;
    private final NestedCalls nested;
    private final MemoryFloor floor;
    private final RestingItems resting;
    private final QueueLimits queueLimits;
    private final Rebalancer rebalancer;

    /**
     * @param touched told of every call that its receiver must look at
     * @param again has work given out once more
     */
    WorkGiver(
            EventLoop loop,
            Crew crew,
            CallsInHand calls,
            InFlight inFlight,
            TimeLimits limits,
            NestedCalls nested,
            MemoryFloor floor,
            Consumer<CallState> touched,
            Runnable again) {
        this.loop = loop;
        this.crew = crew;
        this.slots = crew.slots;
        this.calls = calls;
        this.inFlight = inFlight;
        this.limits = limits;
        this.nested = nested;
        this.floor = floor;
        this.resting = new RestingItems(loop, calls, again);
        this.queueLimits = new QueueLimits(loop, slots, calls, touched, again);
        this.rebalancer = new Rebalancer(loop, slots, calls, nested, floor, again);
    }

    void close() {
        resting.close();
        queueLimits.close();
        rebalancer.close();
    }

    /** Once a turn. */
    void giveOut() {
        resting.wake();
        queueLimits.look();
        calls.failBeyondPlaces();
        boolean given = true;
        for (int ahead = 1; given && ahead <= MOST_CHUNKS_A_WORKER; ahead++) {
            given = ahead < CHUNKS_A_WORKER;
            for (Slot slot : slots) {
                if (slot.larger) {
                    given |= ahead == 1 && mayTake(slot, ahead) && giveHungry(slot);
                } else if (mayTake(slot, ahead)) {
                    boolean gotOne = give(slot);
                    if (!gotOne && !calls.keepApart()) {
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
        calls.openGates();
        rebalancer.watchForIdleWorkers();
    }

    /**
     * Whether the slot is to have so many chunks. Beyond the two, only where their size is fixed and they are done in next to
     * no time: then many have to cross in one message, for a message costs more than they do.
     */
    private boolean mayTake(Slot slot, int chunks) {
        if (slot.state() != Slot.State.READY
                || slot.assigned.size() >= chunks
                || crew.room(slot) == 0
                || floor.holdsBack(slot, slots)
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
            CallState call = calls.nextInTurn();
            if (call.depth == 0 && give(slot, port, call)) {
                return true;
            }
        }
        return false;
    }

    /** The worker with more heap gets one item at a time, and no other than those that need it. */
    private boolean giveHungry(Slot slot) {
        WorkerPort port = slot.port;
        for (int tried = calls.size(); port != null && tried > 0; tried--) {
            CallState call = calls.nextInTurn();
            Slice item = call.reruns.nextHungry();
            if (item != null) {
                give(slot, port, call, List.of(item), 0);
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
        give(slot, port, call, items, now);
        return true;
    }

    private void give(Slot slot, WorkerPort port, CallState call, List<Slice> items, long now) {
        if (slot.known.add(call.id)) {
            port.task(call.id, call.function, call.depth);
        }
        Chunk chunk = inFlight.assign(slot, call, items);
        chunk.givenAt = now;
        call.attempts.begunBefore(items, (position, attempt) -> port.attempt(chunk.id, position, attempt));
        port.chunk(chunk.id, call.id, items);
        limits.given(slot, call);
    }
}
