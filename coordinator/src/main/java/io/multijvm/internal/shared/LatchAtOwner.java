// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LatchSaid;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.List;

/** A latch: the first word of its cell is its count, and only its owner writes it. */
final class LatchAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    private final List<Waiter> waiters = new ArrayList<>();
    private long count;

    LatchAtOwner(long id, Cell cell, long count) {
        this.id = id;
        this.cell = cell;
        this.count = count;
        tell();
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        if (said instanceof LatchSaid.CountDown down) {
            count -= Math.min(count, Math.max(0, down.by()));
            tell();
            from.tell(id, ticket, new Heard.Done());
            if (count == 0) {
                waiters.forEach(waiter -> waiter.client().tell(id, waiter.ticket(), new Heard.Done()));
                waiters.clear();
            }
        } else if (said instanceof LatchSaid.Wait) {
            if (count == 0) {
                from.tell(id, ticket, new Heard.Done());
            } else {
                waiters.add(new Waiter(from, ticket));
            }
        } else if (said instanceof LatchSaid.Leave leave) {
            if (waiters.remove(new Waiter(from, leave.ticket()))) {
                from.tell(id, leave.ticket(), new Heard.Left());
            }
        } else if (said instanceof LatchSaid.Ask) {
            from.tell(id, ticket, new Heard.Count(count));
        } else {
            from.tell(id, ticket, new Heard.Refused("a latch is not asked for " + said));
        }
    }

    private void tell() {
        Words.set(cell.memory(), cell.offset(), count);
    }

    @Override
    public void gone(Client client) {
        waiters.removeIf(waiter -> waiter.client().equals(client));
    }
}
