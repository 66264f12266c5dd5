// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds workers that take more memory than they may while they run something. They are looked at every 50 ms, aside from the
 * loop; the loop notes what a worker has at hand before the look, and compares when the answer is there. Owned by the event
 * loop.
 *
 * <pre>
 * over the limit, the same item at hand before and after the look --> it is to blame: the worker is ended
 * over the limit, that item has ended meanwhile --------------------> the worker is replaced, which costs no item
 * </pre>
 */
final class MemoryGuard {
    private static final Duration EVERY = Duration.ofMillis(50);

    private final EventLoop loop;
    private final Executor support;
    private final List<Slot> slots;
    private final long limit;
    private final Listener listener;
    private boolean looking;

    /** What is found. */
    interface Listener {
        /** What the worker runs is over the limit. */
        void isOverLimit(Slot slot, long residentBytes);

        /** What the worker ran has left it over the limit. */
        void wasOverLimit(Slot slot);
    }

    /** @param limit resident bytes; 0 for no limit */
    MemoryGuard(EventLoop loop, Executor support, List<Slot> slots, long limit, Listener listener) {
        this.loop = loop;
        this.support = support;
        this.slots = slots;
        this.limit = limit;
        this.listener = listener;
    }

    /** A process as it was when it was looked at, and what it had at hand just before. */
    private record Suspect(Slot slot, int incarnation, WorkerProcess process, Running atHand) {}

    private record Found(Suspect suspect, long residentBytes) {}

    /** Once a turn: items may have been given out. */
    void turn() {
        if (limit > 0 && !looking && slots.stream().anyMatch(MemoryGuard::works)) {
            looking = true;
            loop.schedule(this::look, EVERY);
        }
    }

    private static boolean works(Slot slot) {
        return switch (slot.state()) {
            case READY, RETIRING -> !slot.assigned.isEmpty();
            case INITIALISING -> true;
            case EMPTY, STARTING, STANDBY, LEAVING -> false;
        };
    }

    private void look() {
        List<Suspect> suspects = new ArrayList<>();
        for (Slot slot : slots) {
            Running atHand = works(slot) ? atHand(slot) : null;
            if (atHand != null && slot.process != null) {
                suspects.add(new Suspect(slot, slot.incarnation(), slot.process, atHand));
            }
        }
        if (suspects.isEmpty()) { // none has begun, or they have gone meanwhile: the next turn asks again
            looking = false;
            turn();
            return;
        }
        support.execute(() -> read(suspects));
    }

    private static @Nullable Running atHand(Slot slot) {
        if (slot.recorder == null) {
            return null;
        }
        try {
            Running running = slot.recorder.running();
            return running.state() == ItemState.IDLE ? null : running;
        } catch (CorruptRingException e) { // who drains its ring will find that too
            return null;
        }
    }

    private void read(List<Suspect> suspects) {
        List<Found> found = new ArrayList<>();
        for (Suspect suspect : suspects) {
            OptionalLong bytes = suspect.process().residentBytes();
            if (bytes.isPresent() && bytes.getAsLong() > limit) {
                found.add(new Found(suspect, bytes.getAsLong()));
            }
        }
        loop.executeIfUp(() -> judge(found));
    }

    private void judge(List<Found> found) {
        looking = false;
        for (Found each : found) {
            Slot slot = each.suspect().slot();
            if (Crew.current(slot, each.suspect().incarnation()) && !slot.exited && isUp(slot)) {
                if (same(each.suspect().atHand(), atHand(slot))) {
                    listener.isOverLimit(slot, each.residentBytes());
                } else if (slot.state() == Slot.State.READY) {
                    listener.wasOverLimit(slot);
                }
            }
        }
        turn();
    }

    private static boolean isUp(Slot slot) {
        return slot.state() == Slot.State.READY
                || slot.state() == Slot.State.RETIRING
                || slot.state() == Slot.State.INITIALISING;
    }

    /** The state may have moved on, from running to encoding: that is the item's too. */
    private static boolean same(Running before, @Nullable Running now) {
        return now != null && now.chunkId() == before.chunkId() && now.position() == before.position();
    }
}
