// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.result.RawOutcome;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Does what callers and feeders say of their calls. A feeder may not have heard yet that its call is over; what it says
 * then means nothing. Owned by the event loop.
 */
final class CallerDesk implements CallEvent.Handlers {
    private final CallsInHand calls;
    private final Stopper stopper;
    private final Deadlines deadlines;
    private final Crew crew;
    private final Books books;
    private final PoolLife pool;
    private final Consumer<CallState> touched;

    /** @param touched told of every call that its receiver must look at */
    CallerDesk(
            CallsInHand calls,
            Stopper stopper,
            Deadlines deadlines,
            Crew crew,
            Books books,
            PoolLife pool,
            Consumer<CallState> touched) {
        this.calls = calls;
        this.stopper = stopper;
        this.deadlines = deadlines;
        this.crew = crew;
        this.books = books;
        this.pool = pool;
        this.touched = touched;
    }

    @Override
    public void submitted(CallEvent.Submitted e) {
        CallState call = e.call();
        touched.accept(call);
        call.books = books;
        if (pool.isOpen()) {
            calls.add(call);
            deadlines.watch(call);
        } else {
            call.cancel(pool.whyClosed());
        }
    }

    @Override
    public void forEachSlot(CallEvent.ForEachSlot e) {
        touched.accept(e.call());
        if (e.call().reading()) {
            e.call().giveEachPlace(crew.size(), e.item(), e.largeFrom());
        }
    }

    @Override
    public void encoded(CallEvent.Encoded e) {
        touched.accept(e.call());
        if (e.call().reading()) {
            e.call().accept(e.block());
        }
    }

    @Override
    public void notEncoded(CallEvent.NotEncoded e) {
        touched.accept(e.call());
        if (e.call().reading()) {
            e.call().acceptFailed(RawOutcome.error(e.index(), 0, e.why()));
        }
    }

    @Override
    public void inputEnded(CallEvent.InputEnded e) {
        touched.accept(e.call());
        if (e.call().reading()) {
            e.call().inputEnded(e.failure());
        }
    }

    @Override
    public void taken(CallEvent.Taken e) {
        e.call().taken(e.items(), e.bytes());
    }

    @Override
    public void cancelCall(CallEvent.CancelCall e) {
        touched.accept(e.call());
        e.call().cancel(new CancellationException("cancelled"));
        stopper.stopWhatRuns(e.call(), e.byForce());
    }

    @Override
    public void cancelItem(CallEvent.CancelItem e) {
        stopper.stopItem(e.call(), e.future());
    }

    @Override
    public void letRun(CallEvent.LetRun e) {
        if (e.future() == null) {
            touched.accept(e.call());
            e.call().cancel(new CancellationException("cancelled"));
        }
        stopper.takeBack(e.call(), e.future());
    }
}
