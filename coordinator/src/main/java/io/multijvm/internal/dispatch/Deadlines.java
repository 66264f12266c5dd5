// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.CorruptRingException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Ends calls whose time is over: whoever waits is answered then, and what runs is stopped by steps. Owned by the event loop. */
final class Deadlines {
    private final EventLoop loop;
    private final List<Slot> slots;
    private final InFlight inFlight;
    private final Stopper stopper;
    private final Consumer<CallState> touched;
    private final TimeLimits.Listener listener;

    /**
     * @param touched told of every call that its receiver must look at
     * @param listener hears of results that were found, and of lies
     */
    Deadlines(
            EventLoop loop,
            List<Slot> slots,
            InFlight inFlight,
            Stopper stopper,
            Consumer<CallState> touched,
            TimeLimits.Listener listener) {
        this.loop = loop;
        this.slots = slots;
        this.inFlight = inFlight;
        this.stopper = stopper;
        this.touched = touched;
        this.listener = listener;
    }

    /** The call's time has been running since it was submitted. */
    void watch(CallState call) {
        Duration limit = call.settings.deadline();
        if (limit != null) {
            Duration left = limit.minusNanos(loop.now() - call.submittedAt);
            call.deadline = loop.schedule(() -> expire(call, limit), left.isNegative() ? Duration.ZERO : left);
        }
    }

    /** The call is over. */
    void forget(CallState call) {
        if (call.deadline != null) {
            call.deadline.cancel();
        }
    }

    private void expire(CallState call, Duration limit) {
        // a result that lies there came in time, for the dispatcher sees it first
        slots.forEach(this::drain);
        if (!call.over() && !call.cancelled()) {
            Overdue overdue = new Overdue();
            slots.forEach(slot -> inFlight.unfinished(slot, call, overdue));
            call.expire(limit, overdue);
            stopper.stopWhatRuns(call, true);
            touched.accept(call);
        }
        listener.looked();
    }

    private void drain(Slot slot) {
        try {
            while (inFlight.drain(slot)) {
                // until the ring is empty
            }
        } catch (CorruptRingException lie) {
            listener.lied(slot, lie);
        }
    }
}
