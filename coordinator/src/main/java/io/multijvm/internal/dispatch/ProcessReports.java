// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.internal.dispatch.DispatchEvent.Casualty;
import io.multijvm.internal.result.RawOutcome;
import java.util.function.Consumer;

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
    private final Consumer<CallState> touched;

    /** @param touched told of every call that its receiver must look at */
    ProcessReports(
            Launching launching,
            Dismissal dismissal,
            Burial burial,
            Crew crew,
            Stopper stopper,
            Books books,
            Consumer<CallState> touched) {
        this.launching = launching;
        this.dismissal = dismissal;
        this.burial = burial;
        this.crew = crew;
        this.stopper = stopper;
        this.books = books;
        this.touched = touched;
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
            dismissal.streamEnded(e.slot());
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
        if (burial.bury(slot)) {
            crew.gone(slot);
        }
    }

    @Override
    public void diagnosed(ProcessEvent.Diagnosed e) {
        Casualty item = e.casualty();
        CallState call = item.call();
        touched.accept(call);
        call.sink.attempted(item.block(), item.worker(), -1, e.death().kind(), item.printed());
        if (!call.retry(item.block(), item.index(), e.death().kind())) {
            MultijvmException error =
                    new WorkerCrashedException(e.death().kind(), e.death().report());
            call.finish(
                    item.block(),
                    RawOutcome.error(item.index(), item.attempt(), error).printed(item.printed()));
        }
    }
}
