// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.SemaphoreSaid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A semaphore: its owner has the permits, for a count alone cannot say who holds them. */
final class SemaphoreClient extends ObjectClient implements SharedSemaphore {
    private static final long serialVersionUID = 1;

    SemaphoreClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public void acquire(int permits) throws InterruptedException {
        atLeastOne(permits);
        var unused = waitFor(permits, Long.MAX_VALUE);
    }

    @Override
    public boolean tryAcquire(int permits) {
        atLeastOne(permits);
        opened();
        return ((Heard.IsSo) await(ask(new SemaphoreSaid.TryAcquire(permits)))).so();
    }

    @Override
    public boolean tryAcquire(int permits, Duration limit) throws InterruptedException {
        atLeastOne(permits);
        return waitFor(permits, nanos(limit));
    }

    private boolean waitFor(int permits, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanos <= 0) {
            return tryAcquire(permits);
        }
        opened();
        long ticket = ticket();
        CompletableFuture<Heard> answer = ask(ticket, new SemaphoreSaid.Acquire(permits));
        return await(answer, nanos, () -> say(ticket(), new SemaphoreSaid.Leave(ticket))) != null;
    }

    @Override
    public void release(int permits) {
        atLeastOne(permits);
        opened();
        await(ask(new SemaphoreSaid.Release(permits)));
    }

    @Override
    public int availablePermits() {
        Opened it = opened();
        return it.memory() == null
                ? (int) ((Heard.Count) await(ask(new SemaphoreSaid.Ask()))).number()
                : (int) Words.get(it.memory(), it.offset());
    }

    private static void atLeastOne(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be at least 1, not " + permits);
        }
    }

    @Override
    public void close() {
        closeForAll();
    }
}
