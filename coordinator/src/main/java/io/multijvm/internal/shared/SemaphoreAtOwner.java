// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.objects.SemaphoreSaid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * A semaphore: who waits, in order, and who has how many permits. A client that dies gives back what it has. As anybody may
 * release, a release is first one of the releaser's own permits, and else one of those that were taken longest ago.
 *
 * <p>The first word of its cell is how many are left, and only its owner writes it.
 */
final class SemaphoreAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    private final long bound;
    private final Deque<Demand> queue = new ArrayDeque<>();
    /** The oldest first. */
    private final List<Holding> holdings = new ArrayList<>();

    private long permits;

    /** @param bound more than so many there never are */
    SemaphoreAtOwner(long id, Cell cell, int permits, long bound) {
        this.id = id;
        this.cell = cell;
        this.bound = bound;
        this.permits = permits;
        tell();
    }

    private record Demand(Waiter waiter, int permits) {}

    /** What one client was given at once, and has not given back. */
    private static final class Holding {
        final Client client;
        int permits;

        Holding(Client client, int permits) {
            this.client = client;
            this.permits = permits;
        }
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        if (said instanceof SemaphoreSaid.Acquire acquire && acquire.permits() > bound) {
            from.tell(
                    id,
                    ticket,
                    new Heard.Refused("a semaphore of at most " + bound + " permits was asked for " + acquire.permits()
                            + ", which would wait for ever: ask for no more than it can have"));
        } else if (said instanceof SemaphoreSaid.Acquire acquire) {
            queue.add(new Demand(new Waiter(from, ticket), acquire.permits()));
            give();
        } else if (said instanceof SemaphoreSaid.TryAcquire acquire) {
            boolean given = acquire.permits() <= permits;
            if (given) {
                take(from, acquire.permits());
            }
            from.tell(id, ticket, new Heard.IsSo(given));
        } else if (said instanceof SemaphoreSaid.Release release) {
            release(from, ticket, release.permits());
        } else if (said instanceof SemaphoreSaid.Leave leave) {
            leave(new Waiter(from, leave.ticket()));
        } else if (said instanceof SemaphoreSaid.Ask) {
            from.tell(id, ticket, new Heard.Count(permits));
        } else {
            from.tell(id, ticket, new Heard.Refused("a semaphore is not asked for " + said));
        }
    }

    private void release(Client from, long ticket, int count) {
        if (permits + count > bound) {
            from.tell(
                    id,
                    ticket,
                    new Heard.Refused("a semaphore of at most " + bound + " permits, of which " + permits
                            + " are free, was released " + count
                            + " times too often: release only what was acquired"));
            return;
        }
        free(from, count);
        from.tell(id, ticket, new Heard.Done());
        give();
    }

    /** Who was given what it wanted just before has been told so. */
    private void leave(Waiter waiter) {
        if (queue.removeIf(demand -> demand.waiter().equals(waiter))) {
            waiter.client().tell(id, waiter.ticket(), new Heard.Left());
            give(); // those behind it may want less
        }
    }

    private void free(Client from, int count) {
        int left = strike(from, count, true);
        strike(from, left, false);
        permits += count;
        tell();
    }

    /** Takes so many off what clients have; returns what is left to take. */
    private int strike(Client from, int count, boolean ownOnly) {
        int left = count;
        for (Iterator<Holding> each = holdings.iterator(); left > 0 && each.hasNext(); ) {
            Holding holding = each.next();
            if (ownOnly && !holding.client.equals(from)) {
                continue;
            }
            int off = Math.min(left, holding.permits);
            holding.permits -= off;
            left -= off;
            if (holding.permits == 0) {
                each.remove();
            }
        }
        return left;
    }

    private void take(Client client, int count) {
        permits -= count;
        holdings.add(new Holding(client, count));
        tell();
    }

    private void give() {
        for (Demand next = queue.peek(); next != null && next.permits() <= permits; next = queue.peek()) {
            queue.remove();
            take(next.waiter().client(), next.permits());
            next.waiter().client().tell(id, next.waiter().ticket(), new Heard.Done());
        }
    }

    private void tell() {
        Words.set(cell.memory(), cell.offset(), permits);
    }

    @Override
    public void gone(Client client) {
        queue.removeIf(demand -> demand.waiter().client().equals(client));
        int had = holdings.stream()
                .filter(holding -> holding.client.equals(client))
                .mapToInt(holding -> holding.permits)
                .sum();
        if (had > 0) {
            free(client, had);
        }
        give();
    }
}
