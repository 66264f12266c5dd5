// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.dispatch.DispatchEvent.Connected;
import io.multijvm.internal.dispatch.DispatchEvent.Disconnected;
import io.multijvm.internal.dispatch.DispatchEvent.Doorbell;
import io.multijvm.internal.dispatch.DispatchEvent.Exited;
import io.multijvm.internal.dispatch.DispatchEvent.GivenBack;
import io.multijvm.internal.dispatch.DispatchEvent.Large;
import io.multijvm.internal.dispatch.DispatchEvent.Launched;
import io.multijvm.internal.dispatch.DispatchEvent.NotLaunched;
import io.multijvm.internal.dispatch.DispatchEvent.Prepared;
import io.multijvm.internal.dispatch.DispatchEvent.Refused;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.ResultKind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The pool's slots: starting what fills them and stopping it. Owned by the event loop. */
final class Crew {
    /** After goodbye: shutdown hooks of the user's classes may run so long. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** Between SIGTERM and SIGKILL. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** How long the rest of a dead process's stream may take to be read. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final WorkerStarter starter;
    private final Duration startupTimeout;
    private final PoolSetup setup;
    private final Consumer<DispatchEvent> events;
    final List<Slot> slots;
    final StartPolicy policy = new StartPolicy();

    Crew(
            int workers,
            EventLoop loop,
            WorkerStarter starter,
            Duration startupTimeout,
            PoolSetup setup,
            Consumer<DispatchEvent> events) {
        this.loop = loop;
        this.starter = starter;
        this.startupTimeout = startupTimeout;
        this.setup = setup;
        this.events = events;
        this.slots = IntStream.range(0, workers).mapToObj(Slot::new).toList();
    }

    void startAll() {
        slots.forEach(this::start);
    }

    void start(Slot slot) {
        slot.emptyToStarting();
        int incarnation = slot.incarnation();
        slot.startTimer = loop.schedule(
                () -> {
                    if (current(slot, incarnation) && slot.state() == Slot.State.STARTING) {
                        slot.refusal = "it did not say hello within " + startupTimeout.toSeconds() + " s";
                        slot.kill();
                    }
                },
                startupTimeout);
        starter.start(slot.number, incarnation, new Ear(slot, incarnation), new Watch(slot, incarnation));
    }

    /** Starts the slot's next incarnation after the policy's back-off, if it is still empty and wanted then. */
    void restart(Slot slot, Runnable begin) {
        Duration backOff = policy.backOff();
        if (backOff.isZero()) {
            begin.run();
        } else {
            loop.schedule(begin, backOff);
        }
    }

    /** Whether an event is about the process that fills the slot now; late ones of an older one are dropped. */
    static boolean current(Slot slot, int incarnation) {
        return slot.incarnation() == incarnation && slot.state() != Slot.State.EMPTY;
    }

    boolean allEmpty() {
        return slots.stream().allMatch(slot -> slot.state() == Slot.State.EMPTY);
    }

    /** Tells every worker goodbye; those that do not follow are ended. */
    void dismissAll() {
        for (Slot slot : slots) {
            if (slot.state() == Slot.State.READY && slot.port != null) {
                slot.port.bye("the pool was closed");
                slot.port.flush();
                slot.expectedToEnd = true;
                slot.exitAwaited = setup.exit() != null;
                slot.toLeaving();
                stopBySteps(slot, GOODBYE.plus(setup.leaveTime()));
            } else if (slot.state() == Slot.State.STARTING || slot.state() == Slot.State.INITIALISING) {
                stopNow(slot);
            }
        }
    }

    void stopNow(Slot slot) {
        if (slot.state() != Slot.State.EMPTY) {
            slot.expectedToEnd = true;
            slot.exitAwaited = false;
            slot.toLeaving();
            slot.kill();
        }
    }

    /** Asks it to end after that time, and a second later ends it. */
    void stopBySteps(Slot slot, Duration first) {
        int incarnation = slot.incarnation();
        slot.ladder = new StopLadder(
                        loop,
                        () -> current(slot, incarnation) && !slot.exited,
                        List.of(new StopLadder.Step(first, slot::terminate), new StopLadder.Step(GRACE, slot::kill)))
                .start();
    }

    void prepared(Prepared e) {
        if (!current(e.slot(), e.incarnation())) {
            e.recorder().close();
            e.entry().withdraw();
            return;
        }
        e.slot().recorder = e.recorder();
        e.slot().entry = e.entry();
    }

    void launched(Launched e) {
        if (!current(e.slot(), e.incarnation())) {
            e.process().kill();
            return;
        }
        e.slot().process = e.process();
        if (e.slot().doomed) {
            e.process().kill();
        }
    }

    /** A worker that lost its stream while it lives is of no use: nobody hears what it does. */
    void streamEnded(Slot slot) {
        slot.streamEnded = true;
        if (slot.exited) {
            return;
        }
        if (slot.state() == Slot.State.READY) {
            slot.toLeaving();
        }
        // a process that dies by itself closes its stream a moment before it is reaped: let it, for its exit code's
        // sake
        if (slot.ladder == null) {
            stopBySteps(slot, GRACE);
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
                    if (current(slot, incarnation) && !slot.streamEnded) {
                        events.accept(new Disconnected(slot, incarnation, "the process is gone"));
                    }
                },
                LAST_BYTES);
    }

    /** What one incarnation says, as events. */
    private final class Ear implements WorkerListener {
        private final Slot slot;
        private final int incarnation;

        Ear(Slot slot, int incarnation) {
            this.slot = slot;
            this.incarnation = incarnation;
        }

        @Override
        public void connected(WorkerPort port, long pid, String jdk, long maxHeapBytes) {
            events.accept(new Connected(slot, incarnation, port, pid, maxHeapBytes));
        }

        @Override
        public void refused(String why) {
            events.accept(new Refused(slot, incarnation, why));
        }

        @Override
        public void doorbell() {
            events.accept(new Doorbell(slot, incarnation));
        }

        @Override
        public void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {
            events.accept(new Large(slot, incarnation, chunkId, position, kind, elapsedNanos, bytes));
        }

        @Override
        public void givenBack(long chunkId, int end) {
            events.accept(new GivenBack(slot, incarnation, chunkId, end));
        }

        @Override
        public void initialised(byte[] failure) {
            events.accept(new DispatchEvent.Initialised(slot, incarnation, failure));
        }

        @Override
        public void exitEnded(byte[] failure) {
            events.accept(new DispatchEvent.ExitEnded(slot, incarnation, failure));
        }

        @Override
        public void wanted(long home, long id) {
            events.accept(new DispatchEvent.Wanted(slot, incarnation, home, id));
        }

        @Override
        public void disconnected(String why) {
            events.accept(new Disconnected(slot, incarnation, why));
        }
    }

    /** What becomes of one incarnation's process, as events. */
    private final class Watch implements WorkerStarter.Progress {
        private final Slot slot;
        private final int incarnation;

        Watch(Slot slot, int incarnation) {
            this.slot = slot;
            this.incarnation = incarnation;
        }

        @Override
        public void prepared(RecorderReader recorder, WorkerStarter.Entry entry) {
            events.accept(new Prepared(slot, incarnation, recorder, entry));
        }

        @Override
        public void launched(WorkerProcess process) {
            events.accept(new Launched(slot, incarnation, process));
        }

        @Override
        public void exited() {
            events.accept(new Exited(slot, incarnation));
        }

        @Override
        public void failed(Exception why) {
            events.accept(new NotLaunched(slot, incarnation, String.valueOf(why.getMessage())));
        }
    }
}
