// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.EventSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.List;

/** An event: its first word is 1 while it is set, and only its owner writes it. */
final class EventAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    private final List<Waiter> waiters = new ArrayList<>();

    EventAtOwner(long id, Cell cell) {
        this.id = id;
        this.cell = cell;
    }

    private record Waiter(Client client, long ticket) {}

    @Override
    public void said(Client from, long ticket, Said said) {
        if (said instanceof EventSaid.Set) {
            write(true);
            from.tell(id, ticket, new Heard.Done());
            waiters.forEach(waiter -> waiter.client().tell(id, waiter.ticket(), new Heard.Done()));
            waiters.clear();
        } else if (said instanceof EventSaid.Clear) {
            write(false);
            from.tell(id, ticket, new Heard.Done());
        } else if (said instanceof EventSaid.Wait) {
            if (isSet()) {
                from.tell(id, ticket, new Heard.Done());
            } else {
                waiters.add(new Waiter(from, ticket));
            }
        } else if (said instanceof EventSaid.Leave leave) {
            if (waiters.remove(new Waiter(from, leave.ticket()))) {
                from.tell(id, leave.ticket(), new Heard.Left());
            }
        } else if (said instanceof EventSaid.Ask) {
            from.tell(id, ticket, new Heard.IsSo(isSet()));
        } else {
            from.tell(id, ticket, new Heard.Refused("an event is not asked for " + said));
        }
    }

    private boolean isSet() {
        return Words.get(cell.memory(), cell.offset()) != 0;
    }

    private void write(boolean set) {
        Words.set(cell.memory(), cell.offset(), set ? 1 : 0);
    }

    @Override
    public void gone(Client client) {
        waiters.removeIf(waiter -> waiter.client().equals(client));
    }
}
