// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.dispatch.ProcessEvent.Disconnected;
import io.multijvm.internal.dispatch.ProcessEvent.Exited;
import io.multijvm.internal.dispatch.ProcessEvent.Launched;
import io.multijvm.internal.dispatch.ProcessEvent.NoRoom;
import io.multijvm.internal.dispatch.ProcessEvent.NotLaunched;
import io.multijvm.internal.dispatch.ProcessEvent.Prepared;
import io.multijvm.internal.dispatch.WorkerEvent.Connected;
import io.multijvm.internal.dispatch.WorkerEvent.Doorbell;
import io.multijvm.internal.dispatch.WorkerEvent.GivenBack;
import io.multijvm.internal.dispatch.WorkerEvent.Large;
import io.multijvm.internal.dispatch.WorkerEvent.Refused;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.ResultKind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Starts processes, and turns what they say and what becomes of them into events. Owned by the event loop. */
final class Launching {
    private final EventLoop loop;
    private final WorkerStarter starter;
    private final Duration startupTimeout;
    private final Consumer<DispatchEvent> events;

    Launching(EventLoop loop, WorkerStarter starter, Duration startupTimeout, Consumer<DispatchEvent> events) {
        this.loop = loop;
        this.starter = starter;
        this.startupTimeout = startupTimeout;
        this.events = events;
    }

    /** @param nth process of the slot's place, or standby of the pool */
    void start(Slot slot, int nth) {
        slot.emptyToStarting(nth);
        int incarnation = slot.incarnation();
        slot.startTimer = loop.schedule(
                () -> {
                    if (Crew.current(slot, incarnation) && slot.state() == Slot.State.STARTING) {
                        slot.refusal = "it did not say hello within its startupTimeout of " + words(startupTimeout);
                        slot.killWithStacks();
                    }
                },
                startupTimeout);
        starter.start(slot.number, nth, slot.larger, new Ear(slot, incarnation), new Watch(slot, incarnation));
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    void prepared(Prepared e) {
        if (!Crew.current(e.slot(), e.incarnation())) {
            e.recorder().close();
            e.entry().withdraw();
            return;
        }
        e.slot().recorder = e.recorder();
        e.slot().entry = e.entry();
    }

    void launched(Launched e) {
        if (!Crew.current(e.slot(), e.incarnation())) {
            e.process().kill();
            return;
        }
        e.slot().process = e.process();
        e.slot().pid = e.process().pid();
        if (e.slot().doomed) {
            e.process().kill();
        }
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
            events.accept(new WorkerEvent.Initialised(slot, incarnation, failure));
        }

        @Override
        public void exitEnded(byte[] failure) {
            events.accept(new WorkerEvent.ExitEnded(slot, incarnation, failure));
        }

        @Override
        public void wanted(long home, long id) {
            events.accept(new WorkerEvent.Wanted(slot, incarnation, home, id));
        }

        @Override
        public void progress(long chunkId, int position, long nestedIndex, double fraction, String text) {
            events.accept(
                    new WorkerEvent.Progressed(slot, incarnation, chunkId, position, nestedIndex, fraction, text));
        }

        @Override
        public void logged(List<LogLine> lines, long dropped, Runnable taken) {
            events.accept(new WorkerEvent.Logged(slot, incarnation, lines, dropped, taken));
        }

        @Override
        public void nested(NestedSaid said) {
            events.accept(new WorkerEvent.Nested(slot, incarnation, said));
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
        public void noRoom() {
            events.accept(new NoRoom(slot, incarnation));
        }

        @Override
        public void failed(Exception why) {
            events.accept(new NotLaunched(slot, incarnation, String.valueOf(why.getMessage())));
        }
    }
}
