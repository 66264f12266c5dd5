// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lets workers go that have had nothing to do for long, where workers come on demand. Owned by the event loop. */
final class IdleWorkers {
    private final @Nullable Duration most;
    private final EventLoop loop;
    private final List<Slot> slots;
    private final LongSupplier outstanding;
    private final Consumer<Slot> vacate;
    private final Runnable again;
    private EventLoop.@Nullable Timer idleTimer;

    /**
     * @param most how long a worker may be idle; null for ever
     * @param outstanding items that wait or are at workers
     * @param vacate lets a worker go that retires
     * @param again has this looked at once more
     */
    IdleWorkers(
            @Nullable Duration most,
            EventLoop loop,
            List<Slot> slots,
            LongSupplier outstanding,
            Consumer<Slot> vacate,
            Runnable again) {
        this.most = most;
        this.loop = loop;
        this.slots = slots;
        this.outstanding = outstanding;
        this.vacate = vacate;
        this.again = again;
    }

    /** Once a turn. */
    void dismiss() {
        if (most == null) {
            return;
        }
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
                vacate.accept(slot);
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
