// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue where no memory is shared: its elements, encoded, who waits for one or for room, and who has which under a lease.
 * Owned by the event loop.
 *
 * <pre>
 * element   put ----------------> READY      behind all others
 *           READY -- taken -----> (none)     or, under a lease, LEASED
 *           LEASED -- done with > (none)
 *           LEASED -- given back, or its taker has gone --> READY, where it was before
 * queue     OPEN -- shut -------> SHUT       nothing is put any more
 *           SHUT -- nothing is ready, nothing leased --> ENDED, as all who come are told
 * </pre>
 */
final class QueueAtOwner implements OwnedObject {
    private final long id;
    /** 0 for no bound. */
    private final long capacity;

    private final ReadyElements ready = new ReadyElements();
    private final Leases leases = new Leases();
    private final ElementTransfers transfers = new ElementTransfers();
    private final Deque<Taker> takers = new ArrayDeque<>();
    private final Deque<Putter> putters = new ArrayDeque<>();
    private final List<Waiter> joiners = new ArrayList<>();
    /** They want to know when there is something, and take nobody's turn. */
    private final List<Waiter> watchers = new ArrayList<>();

    private long lastElement;
    private long unfinished;
    private boolean shut;

    QueueAtOwner(long id, long capacity) {
        this.id = id;
        this.capacity = capacity;
    }

    private record Taker(Waiter waiter, boolean leased) {}

    private record Putter(Waiter waiter, ReadyElements.Encoded element) {}

    @Override
    public void said(Client from, long ticket, Said said) {
        Waiter who = new Waiter(from, ticket);
        if (said instanceof QueueSaid.Put put) {
            put(new Putter(who, transfers.whole(from, ticket, put.data())), put.waits());
        } else if (said instanceof QueueSaid.Take take) {
            take(new Taker(who, take.leased()), take.waits());
        } else if (said instanceof QueueSaid.Join) {
            joiners.add(who);
            letJoinersGo();
        } else if (said instanceof QueueSaid.Watch) {
            watchers.add(who);
            tellWatchers();
        } else if (said instanceof QueueSaid.Leave leave) {
            leave(new Waiter(from, leave.ticket()));
        } else {
            answer(who, done(from, said));
            goOn();
        }
    }

    /** Does what nobody waits for. */
    private Heard done(Client from, Said said) {
        if (said instanceof QueueSaid.Piece piece) {
            transfers.arrived(from, piece.transfer(), piece.data());
            return new Heard.Done();
        } else if (said instanceof QueueSaid.Rest rest) {
            return rest(from, rest);
        } else if (said instanceof QueueSaid.Acknowledge acknowledge) {
            return new Heard.IsSo(leases.end(from, acknowledge.element()) != null);
        } else if (said instanceof QueueSaid.GiveBack back) {
            return new Heard.IsSo(giveBack(leases.end(from, back.element())));
        } else if (said instanceof QueueSaid.TaskDone) {
            return new Heard.IsSo(unfinished > 0 && unfinished-- > 0);
        } else if (said instanceof QueueSaid.Shut) {
            shut = true;
            return new Heard.Done();
        } else if (said instanceof QueueSaid.Ask) {
            return new QueueHeard.Size(ready.size(), capacity, lastElement, shut, isDrained());
        } else if (said instanceof QueueSaid.Look look) {
            return new QueueHeard.Elements(ready.after(look.behind(), look.most()));
        } else if (said instanceof QueueSaid.Remove remove) {
            int removed = ready.remove(remove.elements());
            unfinished = Math.max(0, unfinished - removed);
            return new Heard.Count(removed);
        }
        return new Heard.Refused("a queue is not asked for " + said);
    }

    private void answer(Waiter who, Heard heard) {
        who.client().tell(id, who.ticket(), heard);
    }

    private void put(Putter putter, boolean waits) {
        if (!shut && (waits || (putters.isEmpty() && hasRoom()))) {
            putters.add(putter);
            goOn();
        } else {
            answer(putter.waiter(), shut ? new QueueHeard.Ended() : new Heard.IsSo(false));
        }
    }

    private boolean hasRoom() {
        return capacity == 0 || ready.size() < capacity;
    }

    private void take(Taker taker, boolean waits) {
        if (waits || !ready.isEmpty()) {
            takers.add(taker);
            goOn();
        } else {
            answer(taker.waiter(), isDrained() ? new QueueHeard.Ended() : new QueueHeard.Elements(List.of()));
        }
    }

    /** Whoever can go on does, in the order in which they came; who hears no more would take what others are to have. */
    private void goOn() {
        takers.removeIf(taker -> !taker.waiter().client().hears());
        boolean changed = true;
        while (changed) {
            changed = false;
            while (!putters.isEmpty() && (shut || hasRoom())) {
                letIn(putters.remove());
                changed = true;
            }
            while (!takers.isEmpty() && !ready.isEmpty()) {
                give(takers.remove());
                changed = true;
            }
        }
        if (isDrained()) {
            takers.forEach(taker -> answer(taker.waiter(), new QueueHeard.Ended()));
            takers.clear();
        }
        letJoinersGo();
        tellWatchers();
    }

    private void tellWatchers() {
        if (!ready.isEmpty() || isDrained()) {
            watchers.forEach(who -> answer(who, new Heard.Done()));
            watchers.clear();
        }
    }

    private void letIn(Putter putter) {
        if (shut) {
            answer(putter.waiter(), new QueueHeard.Ended());
            return;
        }
        ready.addLast(new ReadyElements.Stored(++lastElement, 0, putter.element()));
        unfinished++;
        answer(putter.waiter(), new Heard.IsSo(true));
    }

    private void give(Taker taker) {
        ReadyElements.Stored taken = ready.removeFirst().takenOnceMore();
        // until it has all of a large one it could die in the middle
        if (taker.leased() || taken.encoded().pieces().size() > 1) {
            leases.begin(taker.waiter().client(), taken);
        }
        answer(taker.waiter(), new QueueHeard.Elements(List.of(taken.firstPiece())));
    }

    private Heard rest(Client from, QueueSaid.Rest rest) {
        ReadyElements.Stored leased = leases.find(from, rest.element());
        ReadyElements.Stored stored = leased == null ? ready.find(rest.element()) : leased;
        if (stored == null) {
            return new QueueHeard.Ended();
        }
        long piece = rest.offset() / QueueSaid.MOST_BYTES;
        return piece < 0 || piece >= stored.encoded().pieces().size()
                ? new Heard.Refused("an element has no piece at " + rest.offset())
                : new Heard.Data(stored.encoded().pieces().get((int) piece));
    }

    private boolean giveBack(ReadyElements.@Nullable Stored stored) {
        if (stored == null) {
            return false;
        }
        ready.putBack(stored);
        return true;
    }

    private void leave(Waiter waiter) {
        transfers.forget(waiter.client(), waiter.ticket());
        boolean took = takers.removeIf(taker -> taker.waiter().equals(waiter));
        boolean put = putters.removeIf(putter -> putter.waiter().equals(waiter));
        if (took || put || joiners.remove(waiter) || watchers.remove(waiter)) {
            answer(waiter, new Heard.Left());
        }
    }

    private void letJoinersGo() {
        if (unfinished == 0) {
            joiners.forEach(who -> answer(who, new Heard.Done()));
            joiners.clear();
        }
    }

    /** What is leased may come back. */
    private boolean isDrained() {
        return shut && ready.isEmpty() && leases.areNone();
    }

    @Override
    public String what() {
        return "queue";
    }

    @Override
    public void gone(Client client) {
        takers.removeIf(taker -> taker.waiter().client().equals(client));
        putters.removeIf(putter -> putter.waiter().client().equals(client));
        joiners.removeIf(who -> who.client().equals(client));
        watchers.removeIf(who -> who.client().equals(client));
        transfers.gone(client);
        leases.gone(client).forEach(ready::putBack);
        goOn();
    }
}
