// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds something to do for a worker that is idle while others have more than they run: a moment later half of what the
 * busiest has not begun is asked for, and feeders hand over what they have in hand. Owned by the event loop.
 */
final class Rebalancer {
    /** How long a worker is idle before items are recalled for it, or a feeder's items in hand asked for. */
    private static final Duration IDLE = Duration.ofMillis(1);

    private final EventLoop loop;
    private final List<Slot> slots;
    private final CallsInHand calls;
    private final NestedCalls nested;
    private final MemoryFloor floor;
    private final Runnable again;
    private EventLoop.@Nullable Timer idleTimer;

    /** @param again has work given out once more */
    Rebalancer(
            EventLoop loop,
            List<Slot> slots,
            CallsInHand calls,
            NestedCalls nested,
            MemoryFloor floor,
            Runnable again) {
        this.loop = loop;
        this.slots = slots;
        this.calls = calls;
        this.nested = nested;
        this.floor = floor;
        this.again = again;
    }

    void close() {
        if (idleTimer != null) {
            idleTimer.cancel();
        }
    }

    /** Once a turn, after work was given out. */
    void watchForIdleWorkers() {
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
        boolean idle = someoneIsIdle();
        if (nested.any() && (nested.couldMove(idle) || slots.stream().anyMatch(this::holdsUpOthers))) {
            return true;
        }
        return idle
                && (calls.all().stream()
                                .anyMatch(call ->
                                        call.mayHoldBack() || call.pending().mayOpenSoon())
                        || slots.stream()
                                .anyMatch(slot -> slot.assigned.stream().anyMatch(chunk -> mayMove(slot, chunk))));
    }

    /** And may be given something. */
    private boolean someoneIsIdle() {
        return slots.stream().anyMatch(slot -> slot.idle() && !slot.larger && !floor.holdsBack(slot, slots));
    }

    /** It has work in hand that it does not come to while its item has calls open. */
    private boolean holdsUpOthers(Slot slot) {
        return nested.engaged(slot)
                && slot.assigned.stream().anyMatch(chunk -> chunk.recalls == 0 && unstarted(slot, chunk) > 0);
    }

    private void helpNested() {
        for (Slot slot : slots) {
            if (holdsUpOthers(slot)) {
                slot.assigned.stream().filter(chunk -> chunk.recalls == 0).forEach(chunk -> slot.recall(chunk, true));
            }
        }
        Chunk heldUp = nested.heldUp();
        if (heldUp != null) {
            slots.forEach(slot -> slot.recall(heldUp, false));
        }
        if (someoneIsIdle()) {
            nested.reclaim();
        }
    }

    private void help() {
        if (nested.any()) {
            helpNested();
        }
        for (CallState call : calls.all()) {
            if (call.mayHoldBack()) {
                call.gate.askForHeldBack();
            }
        }
        Chunk chunk = someoneIsIdle() ? busiest() : null;
        if (chunk != null) {
            slots.forEach(slot -> slot.recall(chunk, false));
        }
    }

    /** The chunk with the most items that have not begun, may move, and were not asked for. */
    private @Nullable Chunk busiest() {
        List<Chunk> candidates = new ArrayList<>();
        long now = calls.keepApart() ? loop.now() : 0;
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
}
