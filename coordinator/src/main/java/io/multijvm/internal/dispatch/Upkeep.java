// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.wire.mapped.CorruptRingException;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What workers do beside items, seen from the coordinator: their functions before the first item and after the last, and
 * the shared values that they ask for. Owned by the event loop.
 */
final class Upkeep {
    /** In place of a chunk's number where a worker runs its init function. */
    private static final long NO_CHUNK = 0;

    /** From hello to the beginning of the init function. */
    private static final Duration LONGEST_DECODING = Duration.ofSeconds(30);

    /** After the interrupt of an init function that runs too long. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

    private final PoolSetup setup;
    private final EventLoop loop;
    private final Crew crew;
    private final Dismissal dismissal;
    private final Executor support;
    /** What tasks that speak to their own pool are told of it; set before the first worker is started. */
    private CallSettings nestedDefaults = CallSettings.DEFAULTS;

    private List<String> nestedAllow = List.of();

    Upkeep(PoolSetup setup, EventLoop loop, Crew crew, Dismissal dismissal, Executor support) {
        this.setup = setup;
        this.loop = loop;
        this.crew = crew;
        this.dismissal = dismissal;
        this.support = support;
    }

    /** As {@link Dispatcher#nesting}. */
    void nesting(CallSettings calls, List<String> allowed) {
        nestedDefaults = calls;
        nestedAllow = List.copyOf(allowed);
    }

    /** A worker said hello: it is ready, or it is once its functions are. */
    void connected(Slot slot, WorkerEvent.Connected e) {
        e.port().nestedSetup(nestedDefaults, nestedAllow, setup.seed());
        slot.saidHello(e.port(), e.pid(), e.maxHeapBytes());
        if (setup.hasFunctions()) {
            slot.startingToInitialising();
            limitInit(slot, loop.now(), setup.initTimeout());
        } else {
            crew.ready(slot);
        }
        e.port().setUp(setup);
        e.port().flush();
    }

    /** Looks again after that time; the function's time counts from its own beginning, as an item's does. */
    private void limitInit(Slot slot, long helloAt, Duration nextLook) {
        int incarnation = slot.incarnation();
        if (slot.startTimer != null) {
            slot.startTimer.cancel();
        }
        slot.startTimer = loop.schedule(
                () -> {
                    if (Crew.current(slot, incarnation) && slot.state() == Slot.State.INITIALISING) {
                        Duration left = timeLeft(slot, Duration.ofNanos(loop.now() - helloAt));
                        if (left.isZero() || left.isNegative()) {
                            initIsLate(slot);
                        } else {
                            limitInit(slot, helloAt, left);
                        }
                    }
                },
                nextLook);
    }

    /** What the init function has left, as the worker's recorder shows it. */
    private Duration timeLeft(Slot slot, Duration sinceHello) {
        Duration limit = setup.initTimeout();
        try {
            RecorderReader.Running running = slot.recorder == null ? null : slot.recorder.running();
            if (running != null && running.chunkId() == NO_CHUNK && running.state() == ItemState.RUN) {
                return limit.minusNanos(loop.now() - running.began());
            }
        } catch (CorruptRingException e) {
            return Duration.ZERO;
        }
        Duration untilGivenUp = LONGEST_DECODING.minus(sinceHello);
        return untilGivenUp.compareTo(limit) < 0 ? untilGivenUp : limit;
    }

    private void initIsLate(Slot slot) {
        slot.initLate = true;
        slot.toLeaving();
        if (slot.port != null) {
            slot.port.timeOut(NO_CHUNK, 0);
            slot.port.flush();
        }
        dismissal.stopBySteps(slot, GRACE);
    }

    /** A worker has run its init function; whatever it says after the time limit does not count. */
    void initialised(Slot slot, byte[] failure) {
        if (slot.initLate) {
            // the interrupt has helped, so that it can end at once
            slot.terminate();
        }
        if (slot.state() != Slot.State.INITIALISING) {
            return;
        }
        if (slot.startTimer != null) {
            slot.startTimer.cancel();
        }
        if (failure.length == 0) {
            crew.ready(slot);
        } else {
            slot.initFailure = failure;
            slot.toLeaving();
            // its shutdown hooks may run: what the function had opened may be theirs to close
            dismissal.stopBySteps(slot, Duration.ZERO);
        }
    }

    /** A worker has run its exit function and ends. */
    void exitEnded(Slot slot, byte[] failure) {
        slot.exitAwaited = false;
        if (failure.length > 0) {
            String name = slot.name();
            support.execute(() -> LOG.log(
                    Level.WARNING,
                    "the exit function failed in " + name,
                    setup.failures().read(failure)));
        }
    }

    /** A worker's task asks for a shared value. */
    void wanted(Slot slot, long home, long id) {
        if (slot.port != null) {
            slot.port.shared(home, id, setup.shared().find(home, id));
            slot.port.flush();
        }
    }

    /** Workers need not keep their copies any longer. */
    void unshared(List<Slot> slots, long home, long id) {
        for (Slot slot : slots) {
            if (slot.port != null) {
                slot.port.unshare(home, id);
                slot.port.flush();
            }
        }
    }
}
