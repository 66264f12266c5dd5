// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.EventSaid;
import io.multijvm.wire.objects.Heard;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An event: whether it is set is read in mapped memory, all else is its owner's. */
final class EventClient extends ObjectClient implements SharedEvent {
    private static final long serialVersionUID = 1;

    EventClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public boolean isSet() {
        Opened it = opened();
        return it.memory() == null
                ? ((Heard.IsSo) await(ask(new EventSaid.Ask()))).so()
                : Words.get(it.memory(), it.offset()) != 0;
    }

    @Override
    public void set() {
        opened();
        await(ask(new EventSaid.Set()));
    }

    @Override
    public void clear() {
        opened();
        await(ask(new EventSaid.Clear()));
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
        if (it.memory() != null && Words.get(it.memory(), it.offset()) != 0) {
            return true;
        }
        if (nanos <= 0) {
            return it.memory() == null && isSet();
        }
        long ticket = ticket();
        CompletableFuture<Heard> answer = ask(ticket, new EventSaid.Wait());
        return await(answer, nanos, () -> say(ticket(), new EventSaid.Leave(ticket))) != null;
    }

    @Override
    public void close() {
        closeForAll();
    }
}
