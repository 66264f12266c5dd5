// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLatch;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LatchSaid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A latch: its count is read in mapped memory, all else is its owner's. */
final class LatchClient extends ObjectClient implements SharedLatch {
    private static final long serialVersionUID = 1;

    LatchClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public void countDown(long by) {
        if (by < 1) {
            throw new IllegalArgumentException("by must be at least 1, not " + by);
        }
        opened();
        await(ask(new LatchSaid.CountDown(by)));
    }

    @Override
    public void await() throws InterruptedException {
        var unused = waitFor(Long.MAX_VALUE);
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
        return waitFor(nanos(limit));
    }

    private boolean waitFor(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Opened it = opened();
        if (it.memory() != null && Words.get(it.memory(), it.offset()) == 0) {
            return true;
        }
        if (nanos <= 0) {
            return getCount() == 0;
        }
        long ticket = ticket();
        CompletableFuture<Heard> answer = ask(ticket, new LatchSaid.Wait());
        return await(answer, nanos, () -> say(ticket(), new LatchSaid.Leave(ticket))) != null;
    }

    @Override
    public long getCount() {
        Opened it = opened();
        return it.memory() == null
                ? ((Heard.Count) await(ask(new LatchSaid.Ask()))).number()
                : Words.get(it.memory(), it.offset());
    }

    @Override
    public void close() {
        closeForAll();
    }
}
