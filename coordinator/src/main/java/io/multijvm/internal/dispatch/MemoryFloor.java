// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Whether memory is so short that no items should be run beside each other. What is available is read aside from the loop,
 * ten times a second while there is work. Owned by the event loop.
 *
 * <pre>
 * short    no worker is started beside another; an idle one gets nothing while another has something in hand; what busy ones
 *          have not begun is asked for, but of one
 * enough   as always
 * </pre>
 *
 * Nothing can stand still by it: where nobody has anything in hand, it holds nobody back.
 */
final class MemoryFloor {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Executor support;
    private final long floor;
    private final LongSupplier available;
    private final LongSupplier outstanding;
    private final Predicate<Slot> waits;
    private final Runnable again;
    private boolean isShort;
    private boolean looking;
    private long lastLook;

    /**
     * @param floor bytes that are to stay available; 0 for none
     * @param available reads how many are, now; asked by support, and once by whoever makes this
     * @param outstanding items that wait or are at workers
     * @param waits whether what a worker has in hand may wait for others to run something
     * @param again has one more turn made
     */
    MemoryFloor(
            EventLoop loop,
            Executor support,
            long floor,
            LongSupplier available,
            LongSupplier outstanding,
            Predicate<Slot> waits,
            Runnable again) {
        this.loop = loop;
        this.support = support;
        this.floor = floor;
        this.available = available;
        this.outstanding = outstanding;
        this.waits = waits;
        this.again = again;
        this.lastLook = loop.now();
        // before the first worker is started
        this.isShort = floor > 0 && available.getAsLong() < floor;
    }

    /** Once a turn, before work is given out. */
    void turn(List<Slot> slots) {
        if (floor > 0 && !looking && outstanding.getAsLong() > 0) {
            looking = true;
            long wait = lastLook + EVERY.toNanos() - loop.now();
            loop.schedule(this::look, Duration.ofNanos(Math.max(0, wait)));
        }
        if (isShort) {
            askBack(slots);
        }
    }

    private void look() {
        if (outstanding.getAsLong() == 0) { // the work is done, and perhaps the pool has ended
            looking = false;
            return;
        }
        support.execute(this::read);
    }

    private void read() {
        boolean found = available.getAsLong() < floor;
        loop.executeIfUp(() -> {
            looking = false;
            lastLook = loop.now();
            isShort = found;
            again.run();
        });
    }

    /** All but the first that is busy finish what they run, and no more. */
    private void askBack(List<Slot> slots) {
        slots.stream().filter(this::runs).skip(1).forEach(slot -> {
            for (Chunk chunk : slot.assigned) {
                boolean unstarted = chunk != slot.assigned.peekFirst() || chunk.left() > 1;
                if (unstarted && chunk.recalls == 0) {
                    slot.recall(chunk, true);
                }
            }
        });
    }

    /** Whether memory is short. */
    boolean isShort() {
        return isShort;
    }

    /** Whether no worker should be started beside those that there are. */
    boolean startsNone(List<Slot> slots) {
        return isShort
                && slots.stream().anyMatch(slot -> slot.seated && (slot.comesUp() || slot.state() == Slot.State.READY));
    }

    /** Whether the slot has to wait because another runs something. */
    boolean holdsBack(Slot slot, List<Slot> slots) {
        return isShort && slots.stream().anyMatch(other -> other != slot && runs(other));
    }

    /** Whether nobody runs anything that could be waited for. */
    boolean nobodyRuns(List<Slot> slots) {
        return slots.stream().noneMatch(this::runs);
    }

    private boolean runs(Slot slot) {
        return !slot.assigned.isEmpty() && !waits.test(slot);
    }
}
