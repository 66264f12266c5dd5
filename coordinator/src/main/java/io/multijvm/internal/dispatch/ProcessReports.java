// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

/**
 * What follows when a process starts, or ends: once it was reaped and its stream has ended, in either order, it is buried,
 * and its place is to be filled anew. Owned by the event loop.
 */
final class ProcessReports implements ProcessEvent.Handlers {
    private final Launching launching;
    private final Dismissal dismissal;
    private final Burial burial;
    private final Crew crew;
    private final Stopper stopper;
    private final Books books;
    private final Quarantine quarantine;

    ProcessReports(
            Launching launching,
            Dismissal dismissal,
            Burial burial,
            Crew crew,
            Stopper stopper,
            Books books,
            Quarantine quarantine) {
        this.launching = launching;
        this.dismissal = dismissal;
        this.burial = burial;
        this.crew = crew;
        this.stopper = stopper;
        this.books = books;
        this.quarantine = quarantine;
    }

    @Override
    public void prepared(ProcessEvent.Prepared e) {
        launching.prepared(e);
    }

    @Override
    public void launched(ProcessEvent.Launched e) {
        launching.launched(e);
        if (Crew.current(e.slot(), e.incarnation())) {
            books.started(e.slot());
        }
    }

    @Override
    public void notLaunched(ProcessEvent.NotLaunched e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            e.slot().refusal = "its process could not be started: " + e.why();
            bury(e.slot());
        }
    }

    @Override
    public void noRoom(ProcessEvent.NoRoom e) {
        if (Crew.current(e.slot(), e.incarnation())) {
            crew.noRoom(e.slot());
        }
    }

    @Override
    public void disconnected(ProcessEvent.Disconnected e) {
        if (Crew.current(e.slot(), e.incarnation()) && !e.slot().streamEnded) {
            stopper.stopNestedOf(e.slot());
            dismissal.streamEnded(e.slot(), e.why());
            buryIfGone(e.slot());
        }
    }

    @Override
    public void exited(ProcessEvent.Exited e) {
        if (Crew.current(e.slot(), e.incarnation()) && !e.slot().exited) {
            dismissal.exited(e.slot());
            buryIfGone(e.slot());
        }
    }

    private void buryIfGone(Slot slot) {
        if (slot.gone()) {
            bury(slot);
        }
    }

    private void bury(Slot slot) {
        stopper.stopNestedOf(slot);
        Burial.Consequence then = burial.bury(slot);
        if (then.mayBeFilled()) {
            crew.gone(slot, then.costAnItem());
        }
    }

    @Override
    public void diagnosed(ProcessEvent.Diagnosed e) {
        quarantine.judge(e.casualty(), e.death());
        crew.explained(e.casualty().worker());
    }

    @Override
    public void givenUp(ProcessEvent.GivenUp e) {
        quarantine.finish(e.casualty(), e.death());
    }

    @Override
    public void starved(ProcessEvent.Starved e) {
        quarantine.starved(e.casualty(), e.why());
    }
}
