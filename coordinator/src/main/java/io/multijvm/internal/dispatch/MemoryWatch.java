// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Finds workers that take more memory than they may. A worker is looked at a tenth of a second after it has ended an item,
 * not while it does nothing and not in the middle of its first one: what it takes then is the item's, not what is left of
 * items. Read aside from the loop; owned by the event loop.
 */
final class MemoryWatch {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Executor support;
    private final List<Slot> slots;
    private final long most;
    private final Consumer<Slot> tooLarge;
    private boolean looking;

    /**
     * @param most resident bytes; 0 for no limit
     * @param tooLarge told of each worker that has more, on the loop
     */
    MemoryWatch(EventLoop loop, Executor support, List<Slot> slots, long most, Consumer<Slot> tooLarge) {
        this.loop = loop;
        this.support = support;
        this.slots = slots;
        this.most = most;
        this.tooLarge = tooLarge;
    }

    /** A process as it was when it was looked at. */
    private record Suspect(Slot slot, int incarnation, WorkerProcess process) {}

    /** Once a turn: items may have ended. */
    void turn() {
        if (most > 0 && !looking && slots.stream().anyMatch(MemoryWatch::hasWorked)) {
            looking = true;
            loop.schedule(this::look, EVERY);
        }
    }

    private static boolean hasWorked(Slot slot) {
        return slot.state() == Slot.State.READY && slot.done != slot.doneWhenRead;
    }

    private void look() {
        List<Suspect> suspects = new ArrayList<>();
        for (Slot slot : slots) {
            if (hasWorked(slot) && slot.process != null) {
                slot.doneWhenRead = slot.done;
                suspects.add(new Suspect(slot, slot.incarnation(), slot.process));
            }
        }
        if (suspects.isEmpty()) { // they have gone meanwhile, and perhaps the pool
            looking = false;
            return;
        }
        support.execute(() -> read(suspects));
    }

    private void read(List<Suspect> suspects) {
        List<Suspect> found = new ArrayList<>();
        for (Suspect suspect : suspects) {
            OptionalLong bytes = suspect.process().residentBytes();
            if (bytes.isPresent() && bytes.getAsLong() > most) {
                found.add(suspect);
            }
        }
        loop.executeIfUp(() -> judge(found));
    }

    private void judge(List<Suspect> found) {
        looking = false;
        for (Suspect suspect : found) {
            if (Crew.current(suspect.slot(), suspect.incarnation())
                    && suspect.slot().state() == Slot.State.READY) {
                tooLarge.accept(suspect.slot());
            }
        }
    }
}
