// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.BarrierSaid;
import io.multijvm.wire.objects.Heard;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A barrier: everything is its owner's. */
final class BarrierClient extends ObjectClient implements SharedBarrier {
    private static final long serialVersionUID = 1;

    BarrierClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public int await() throws InterruptedException, BrokenBarrierException {
        Heard heard = arrive(Long.MAX_VALUE);
        if (heard == null) {
            throw new IllegalStateException("292 years are over");
        }
        return index(heard);
    }

    @Override
    public int await(Duration limit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        Heard heard = arrive(Math.max(0, nanos(limit)));
        if (heard == null) {
            throw new TimeoutException(this + ": the other parties did not come within " + limit.toMillis()
                    + " ms; it is broken now, for them as well");
        }
        return index(heard);
    }

    private @Nullable Heard arrive(long nanos) throws InterruptedException {
        opened();
        if (Thread.interrupted()) {
            // as a party that is interrupted while it waits: CyclicBarrier.await
            abort();
            throw new InterruptedException();
        }
        long ticket = ticket();
        CompletableFuture<Heard> answer = ask(ticket, new BarrierSaid.Arrive());
        return await(answer, nanos, () -> say(ticket(), new BarrierSaid.Leave(ticket)));
    }

    private int index(Heard heard) throws BrokenBarrierException {
        if (heard instanceof Heard.Broken broken) {
            throw new BrokenBarrierException(this + " is broken: " + broken.why());
        }
        return (int) ((Heard.Count) heard).number();
    }

    @Override
    public int getNumberWaiting() {
        return state() instanceof Heard.Count many ? (int) many.number() : 0;
    }

    @Override
    public boolean isBroken() {
        return state() instanceof Heard.Broken;
    }

    private Heard state() {
        opened();
        return await(ask(new BarrierSaid.Ask()));
    }

    @Override
    public void reset() {
        opened();
        await(ask(new BarrierSaid.Reset()));
    }

    @Override
    public void abort() {
        opened();
        await(ask(new BarrierSaid.Abort()));
    }

    @Override
    public void close() {
        closeForAll();
    }
}
