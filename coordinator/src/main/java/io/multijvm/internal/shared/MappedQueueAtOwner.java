// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.wire.mapped.QueueWaits;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A queue whose elements lie in memory that its clients map: who waits for what, and the memory. Owned by the event loop.
 *
 * <pre>
 * WAITING -- what it waits for is true ----------> (woken) it tries again, and waits again if another was faster
 * WATCHING -- something can be taken -----------> (told) which takes the turn of none that waits
 * WAITING -- its time is over, its process ended -> (none)
 * </pre>
 *
 * <p>Whoever is woken may be stopped, or dead, before it has done what it was woken for. Nobody else must miss it: what is
 * true after a while, or after a death, wakes the next.
 */
final class MappedQueueAtOwner implements OwnedObject {
    /** Ten times what a wake takes where all cores are busy. */
    private static final Duration TIME_TO_ACT = Duration.ofMillis(100);

    private final long id;
    private final EventLoop loop;
    private final QueueCell cell;
    private final Memory memory;
    private final Map<QueueWaits, Deque<Waiter>> waiting = new EnumMap<>(QueueWaits.class);
    /** They want to know when there is something to take. */
    private final Deque<Waiter> watching = new ArrayDeque<>();
    /** Those that have mapped some of it. */
    private final Set<Client> users = new HashSet<>();

    private boolean looksAgain;
    private boolean closed;

    /** What the loop must not do itself. */
    interface Memory {
        QueueFiles files();

        /** Makes a segment aside, and answers. */
        void grow(long bytes, Waiter who);

        void free(QueueSaid.Free segments);

        /** Takes back what a client had leased or was putting, aside. */
        void takeBack(Client client);
    }

    MappedQueueAtOwner(long id, EventLoop loop, QueueCell cell, Memory memory) {
        this.id = id;
        this.loop = loop;
        this.cell = cell;
        this.memory = memory;
        for (QueueWaits what : QueueWaits.values()) {
            waiting.put(what, new ArrayDeque<>());
        }
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        Waiter who = new Waiter(from, ticket);
        if (said instanceof QueueSaid.Await await) {
            of(await.what()).add(who);
            wake();
        } else if (said instanceof QueueSaid.Watch) {
            watching.add(who);
            wake();
        } else if (said instanceof QueueSaid.Changed) {
            wake();
        } else if (said instanceof QueueSaid.Leave leave) {
            Waiter left = new Waiter(from, leave.ticket());
            if (watching.remove(left) || waiting.values().stream().anyMatch(all -> all.remove(left))) {
                answer(left, new Heard.Left());
            }
        } else if (said instanceof QueueSaid.Grow grow) {
            users.add(from);
            memory.grow(grow.bytes(), who);
        } else if (said instanceof QueueSaid.Where where) {
            users.add(from);
            QueueHeard.SegmentAt at = memory.files().find(where.segment());
            answer(who, at == null ? new QueueHeard.Ended() : at);
        } else if (said instanceof QueueSaid.Placed placed) {
            memory.files().placed(placed.segment());
        } else if (said instanceof QueueSaid.Free free) {
            memory.free(free);
        } else {
            answer(who, new Heard.Refused("a queue in mapped memory is not asked for " + said));
        }
    }

    private Deque<Waiter> of(QueueWaits what) {
        return waiting.getOrDefault(what, new ArrayDeque<>());
    }

    private void answer(Waiter who, Heard heard) {
        who.client().tell(id, who.ticket(), heard);
    }

    /** Marks for those that wait, and only then looks whether they need to: see the clients' side. */
    private void wake() {
        boolean woke = false;
        for (QueueWaits what : QueueWaits.values()) {
            Deque<Waiter> all = of(what);
            Deque<Waiter> watchers = what == QueueWaits.FOR_ELEMENT ? watching : new ArrayDeque<>();
            if (all.isEmpty() && watchers.isEmpty()) {
                continue;
            }
            cell.mark(what.mark());
            QueueState state = cell.state();
            for (long some = what.howMany(state, cell.capacity()); some > 0 && !all.isEmpty(); some--) {
                answer(all.remove(), new Heard.Done());
                woke = true;
            }
            if (what.isTrue(state, cell.capacity())) {
                watchers.forEach(who -> answer(who, new Heard.Done()));
                watchers.clear();
            }
            if (all.isEmpty() && watchers.isEmpty()) {
                cell.unmark(what.mark());
            }
        }
        if (woke) {
            lookAgain();
        }
    }

    private void lookAgain() {
        if (looksAgain || closed || waiting.values().stream().allMatch(Deque::isEmpty)) {
            return;
        }
        looksAgain = true;
        loop.schedule(
                () -> {
                    looksAgain = false;
                    if (!closed) {
                        wake();
                    }
                },
                TIME_TO_ACT);
    }

    @Override
    public String what() {
        return "queue";
    }

    @Override
    public void gone(Client client) {
        watching.removeIf(who -> who.client().equals(client));
        waiting.values().forEach(all -> all.removeIf(who -> who.client().equals(client)));
        if (users.remove(client)) {
            memory.takeBack(client);
        }
        wake(); // it may have been woken for what it has not done, or not have told of what it did
    }

    @Override
    public void closed() {
        closed = true;
    }
}
