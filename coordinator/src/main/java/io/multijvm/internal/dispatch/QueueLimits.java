// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.chunk.Slice;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the waiting of items that have waited too long to be begun. Those that wait here fail at once. Those that lie unbegun
 * at a worker are asked for, and fail when they come back: the worker alone knows whether it has begun one meanwhile, and that
 * one runs. One timer for all calls. Owned by the event loop.
 */
final class QueueLimits {
    private final EventLoop loop;
    private final List<Slot> slots;
    private final CallsInHand calls;
    private final Consumer<CallState> touched;
    private final Runnable again;
    private EventLoop.@Nullable Timer timer;
    /** By the loop's clock. */
    private long timerAt;

    /**
     * @param touched told of every call that its receiver must look at
     * @param again has this looked at once more
     */
    QueueLimits(EventLoop loop, List<Slot> slots, CallsInHand calls, Consumer<CallState> touched, Runnable again) {
        this.loop = loop;
        this.slots = slots;
        this.calls = calls;
        this.touched = touched;
        this.again = again;
    }

    void close() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Once a turn, before work is given out. */
    void look() {
        long wait = Long.MAX_VALUE;
        long now = 0;
        for (CallState call : calls.all()) {
            QueueTimes times = call.queueTimes;
            if (times != null) {
                now = loop.now();
                if (times.due(now)) {
                    look(call, times, now);
                }
                wait = Math.min(wait, times.untilLook(now));
            }
        }
        if (wait < Long.MAX_VALUE) {
            lookAgain(now + wait, wait);
        }
    }

    private void look(CallState call, QueueTimes times, long now) {
        Oldest oldest = new Oldest(now);
        if (call.failOverdue(times, now, oldest)) {
            touched.accept(call);
        }
        for (Slot slot : slots) {
            for (Chunk chunk : List.copyOf(slot.assigned)) {
                if (chunk.call == call) {
                    lookAt(slot, chunk, times, now, oldest);
                }
            }
        }
        times.looked(now, oldest.any, oldest.cameIn);
    }

    private static void lookAt(Slot slot, Chunk chunk, QueueTimes times, long now, Oldest oldest) {
        int unbegun = chunk.finished() + (slot.assigned.peekFirst() == chunk ? 1 : 0);
        List<Slice> waiting = unbegun < chunk.size() ? chunk.between(unbegun, chunk.size()) : List.of();
        if (chunk.recalls == 0
                && waiting.stream()
                        .anyMatch(slice -> times.overdue(slice.block().cameIn(), now))) {
            slot.recall(chunk, true);
        }
        // also what is asked for: an answer may be that nothing is given back
        waiting.forEach(slice -> oldest.see(slice.block().cameIn()));
    }

    private void lookAgain(long when, long wait) {
        if (timer != null) {
            if (timerAt - when <= 0) {
                return;
            }
            timer.cancel();
        }
        timerAt = when;
        timer = loop.schedule(
                () -> {
                    timer = null;
                    again.run();
                },
                Duration.ofNanos(wait));
    }

    /** Of what waits and has no outcome yet, when the first came in. */
    static final class Oldest {
        private boolean any;
        private long cameIn;

        Oldest(long now) {
            cameIn = now;
        }

        void see(long itCameIn) {
            cameIn = any && cameIn - itCameIn < 0 ? cameIn : itCameIn;
            any = true;
        }
    }
}
