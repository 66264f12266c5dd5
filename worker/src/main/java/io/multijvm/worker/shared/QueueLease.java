// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** An element that was taken, and comes back if it is not acknowledged. */
final class QueueLease<E> implements SharedQueue.Lease<E> {
    private final QueueClient client;
    private final Got got;
    private final E item;
    private final AtomicBoolean over = new AtomicBoolean();

    QueueLease(QueueClient client, Got got, E item) {
        this.client = client;
        this.got = got;
        this.item = item;
    }

    @Override
    public E item() {
        return item;
    }

    @Override
    public int attempt() {
        return got.attempt();
    }

    @Override
    public boolean acknowledge() {
        return over.compareAndSet(false, true) && client.way().acknowledge(got);
    }

    @Override
    public boolean giveBack() {
        return over.compareAndSet(false, true) && client.way().giveBack(got);
    }

    @Override
    public void close() {
        try {
            var unused = giveBack();
        } catch (IllegalStateException e) {
            // the queue is no more, and nothing comes back
        }
    }

    @Override
    public String toString() {
        return "attempt " + got.attempt() + " at element " + got.number() + " of " + client;
    }
}
