// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerEnd;
import io.multijvm.internal.death.EndReason;
import io.multijvm.internal.dispatch.ProcessEvent.Disconnected;
import io.multijvm.wire.mapped.CorruptRingException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** How a process is ended, and how its end is heard of. Owned by the event loop. */
final class Dismissal {
    /** After goodbye: shutdown hooks of the user's classes may run so long. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** Between SIGTERM and SIGKILL. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** How long the rest of a dead process's stream may take to be read. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final PoolSetup setup;
    private final Consumer<DispatchEvent> events;

    Dismissal(EventLoop loop, PoolSetup setup, Consumer<DispatchEvent> events) {
        this.loop = loop;
        this.setup = setup;
        this.events = events;
    }

    /** Tells a worker goodbye that has nothing to do any more; it is ended if it does not follow. */
    void sayGoodbye(Slot slot, WorkerEnd why, String reason) {
        switch (slot.state()) {
            case READY, RETIRING, STANDBY -> {
                if (slot.ending == null) {
                    slot.ending = why;
                }
                slot.toLeaving();
                if (slot.port != null) {
                    slot.port.bye(reason);
                    slot.port.flush();
                }
                slot.exitAwaited = setup.exit() != null;
                stopBySteps(slot, GOODBYE.plus(setup.leaveTime()));
            }
            case STARTING, INITIALISING -> stopNow(slot, why);
            case EMPTY, LEAVING -> {}
        }
    }

    void stopNow(Slot slot, WorkerEnd why) {
        if (slot.state() != Slot.State.EMPTY) {
            if (slot.ending == null) {
                slot.ending = why;
            }
            slot.exitAwaited = false;
            slot.toLeaving();
            slot.kill();
        }
    }

    /** Asks it to end after that time, and a second later ends it. */
    void stopBySteps(Slot slot, Duration first) {
        stopBySteps(slot, first, slot::terminate);
    }

    private void stopBySteps(Slot slot, Duration first, Runnable terminate) {
        int incarnation = slot.incarnation();
        slot.ladder = new StopLadder(
                        loop,
                        () -> Crew.current(slot, incarnation) && !slot.exited,
                        List.of(new StopLadder.Step(first, terminate), new StopLadder.Step(GRACE, slot::kill)))
                .start();
    }

    /**
     * Ends a worker at once for something that it did itself: what it has finished counts, the item at hand fails by that
     * reason, and the rest goes to others. The first reason stays.
     */
    void end(Slot slot, EndReason why) {
        if (slot.state() != Slot.State.EMPTY) {
            if (slot.reason == null) {
                slot.reason = why;
            }
            slot.toLeaving();
            slot.kill();
        }
    }

    /** What its ring holds is nothing that a worker of ours writes, so nothing that it says counts. */
    void lied(Slot slot, CorruptRingException lie) {
        end(slot, new EndReason.CorruptResults(String.valueOf(lie.getMessage())));
    }

    /** A worker that lost its stream while it lives is of no use: nobody hears what it does. */
    void streamEnded(Slot slot, String how) {
        slot.streamEnded = true;
        if (slot.exited) {
            return;
        }
        if (slot.state() != Slot.State.STARTING) {
            slot.toLeaving();
        }
        // a process that dies by itself closes its stream a moment before it is reaped: let it, for its exit code's
        // sake
        if (slot.ladder == null) {
            stopBySteps(slot, GRACE, () -> {
                slot.reason = slot.reason == null ? new EndReason.LostStream(how) : slot.reason;
                slot.terminate();
            });
        }
    }

    void exited(Slot slot) {
        slot.exited = true;
        if (!slot.said || slot.streamEnded) {
            return;
        }
        int incarnation = slot.incarnation();
        loop.schedule(
                () -> {
                    if (Crew.current(slot, incarnation) && !slot.streamEnded) {
                        events.accept(new Disconnected(slot, incarnation, "the process is gone"));
                    }
                },
                LAST_BYTES);
    }
}
