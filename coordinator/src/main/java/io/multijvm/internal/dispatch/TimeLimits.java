// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader.Running;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds items that run longer than they may. One timer a worker, however many items: when work is given out it is set to
 * the shortest limit among that work; when it fires, the worker's recorder tells which item is at hand and since when, and
 * the timer is set to the moment at which that one's time will be over. An item that begins in between cannot be due before
 * the timer fires again. So an item costs nothing, and is found within the timer's own lateness. Owned by the event loop.
 */
final class TimeLimits {
    private final EventLoop loop;
    private final InFlight inFlight;
    private final Listener listener;

    /** What is found. */
    interface Listener {
        /** The item's time is over, and it has no result. */
        void timeIsOver(Slot slot, Chunk chunk, int position);

        /** Results may have been found, so that somebody has to be told. */
        void looked();

        /** The worker's ring cannot be trusted. */
        void lied(Slot slot, CorruptRingException lie);
    }

    TimeLimits(EventLoop loop, InFlight inFlight, Listener listener) {
        this.loop = loop;
        this.inFlight = inFlight;
        this.listener = listener;
    }

    /** The slot was given a chunk of that call. */
    void given(Slot slot, CallState call) {
        Duration limit = call.settings.itemTimeout();
        if (limit != null) {
            if (slot.recorder != null) {
                slot.recorder.wantExactTimes();
            }
            lookAt(slot, loop.now() + limit.toNanos());
        }
    }

    private void lookAt(Slot slot, long when) {
        if (slot.limitTimer != null) {
            if (slot.limitAt - when <= 0) {
                return;
            }
            slot.limitTimer.cancel();
        }
        int incarnation = slot.incarnation();
        slot.limitAt = when;
        slot.limitTimer = loop.schedule(
                () -> {
                    if (Crew.current(slot, incarnation)) {
                        slot.limitTimer = null;
                        look(slot);
                    }
                },
                Duration.ofNanos(Math.max(0, when - loop.now())));
    }

    private void look(Slot slot) {
        try {
            // a result that lies there came in time, for the dispatcher sees it first
            while (inFlight.drain(slot)) {
                // until the ring is empty
            }
        } catch (CorruptRingException lie) {
            listener.lied(slot, lie);
            return;
        }
        listener.looked();
        Duration shortest = shortest(slot);
        if (shortest == null || slot.recorder == null) {
            return;
        }
        long now = loop.now();
        long next = now + shortest.toNanos();
        Running running = slot.recorder.running();
        Chunk chunk = inFlight.find(slot, running.chunkId());
        Duration limit = chunk == null ? null : chunk.call.settings.itemTimeout();
        if (chunk != null
                && limit != null
                && running.state() != ItemState.IDLE
                && running.began() != Long.MAX_VALUE
                && running.position() == chunk.finished()
                && chunk.timedOut != running.position()) {
            long end = running.began() + limit.toNanos();
            if (end - now <= 0) {
                chunk.timedOut = running.position();
                listener.timeIsOver(slot, chunk, running.position());
            } else if (end - next < 0) {
                next = end;
            }
        }
        lookAt(slot, next);
    }

    /** The shortest limit among the work that the slot has; null if nothing there has one. */
    private static @Nullable Duration shortest(Slot slot) {
        Duration shortest = null;
        for (Chunk chunk : slot.assigned) {
            Duration limit = chunk.call.settings.itemTimeout();
            if (limit != null && (shortest == null || limit.compareTo(shortest) < 0)) {
                shortest = limit;
            }
        }
        return shortest;
    }
}
