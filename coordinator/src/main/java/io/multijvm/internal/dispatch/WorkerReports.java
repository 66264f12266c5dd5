// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.CorruptRingException;
import java.util.function.Consumer;

/** What follows from what a worker says; one that lies is ended. Owned by the event loop. */
final class WorkerReports implements WorkerEvent.Handlers {
    private final InFlight inFlight;
    private final Upkeep upkeep;
    private final Dismissal dismissal;
    private final NestedDesk nested;
    private final Books books;
    private final LogDesk logs;
    private final Consumer<DispatchEvent> later;

    /** @param later handles an event once others on the loop had their turn */
    WorkerReports(
            InFlight inFlight,
            Upkeep upkeep,
            Dismissal dismissal,
            NestedDesk nested,
            Books books,
            LogDesk logs,
            Consumer<DispatchEvent> later) {
        this.inFlight = inFlight;
        this.upkeep = upkeep;
        this.dismissal = dismissal;
        this.nested = nested;
        this.books = books;
        this.logs = logs;
        this.later = later;
    }

    @Override
    public void connected(WorkerEvent.Connected e) {
        if (Crew.current(e.slot(), e.incarnation()) && e.slot().state() == Slot.State.STARTING) {
            upkeep.connected(e.slot(), e);
        }
    }

    @Override
    public void refused(WorkerEvent.Refused e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            e.slot().refusal = e.why();
            e.slot().kill();
        }
    }

    @Override
    public void doorbell(WorkerEvent.Doorbell e) {
        if (!Crew.current(e.slot(), e.incarnation())) {
            return;
        }
        try {
            if (inFlight.drain(e.slot())) {
                later.accept(e);
            }
        } catch (CorruptRingException lie) {
            dismissal.lied(e.slot(), lie);
        }
    }

    @Override
    public void large(WorkerEvent.Large e) {
        if (!Crew.current(e.slot(), e.incarnation())) {
            return;
        }
        try {
            // what was committed before it comes first
            while (inFlight.drain(e.slot())) {
                // until the ring is empty
            }
            inFlight.finish(e.slot(), e.chunkId(), e.position(), e.kind(), e.elapsedNanos(), e.bytes());
        } catch (CorruptRingException lie) {
            dismissal.lied(e.slot(), lie);
        }
    }

    @Override
    public void givenBack(WorkerEvent.GivenBack e) {
        if (!Crew.current(e.slot(), e.incarnation())) {
            return;
        }
        try {
            inFlight.giveBack(e.slot(), e.chunkId(), e.end());
        } catch (CorruptRingException lie) {
            dismissal.lied(e.slot(), lie);
        }
    }

    @Override
    public void nested(WorkerEvent.Nested e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            nested.said(e.slot(), e.said());
        }
    }

    @Override
    public void initialised(WorkerEvent.Initialised e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            upkeep.initialised(e.slot(), e.failure());
        }
    }

    @Override
    public void exitEnded(WorkerEvent.ExitEnded e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            upkeep.exitEnded(e.slot(), e.failure());
        }
    }

    @Override
    public void wanted(WorkerEvent.Wanted e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            upkeep.wanted(e.slot(), e.home(), e.id());
        }
    }

    @Override
    public void logged(WorkerEvent.Logged e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            logs.logged(e.slot(), e);
        }
    }

    @Override
    public void progressed(WorkerEvent.Progressed e) {
        Chunk chunk = Crew.current(e.slot(), e.incarnation()) ? inFlight.find(e.slot(), e.chunkId()) : null;
        // of an item whose outcome is known there is nothing more to say
        if (chunk != null && e.position() >= chunk.finished() && e.position() < chunk.size()) {
            long index = e.nestedIndex() < 0 ? chunk.indexAt(e.position()) : e.nestedIndex();
            books.progressed(e.slot(), index, e.fraction(), e.text());
        }
    }
}
