// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.BarrierSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A barrier.
 *
 * <pre>
 * WAITING -- the last party comes, no action -------------------> WAITING  all go on
 * WAITING -- the last party comes ------------------------------> ACTING   the action runs, aside
 * ACTING  -- the action has ended ------------------------------> WAITING  all go on
 * any     -- a party leaves or dies, the action fails, abort ---> BROKEN   all hear of it
 * any     -- reset ---------------------------------------------> WAITING  all that wait hear that it was broken
 * </pre>
 *
 * <p>A party that dies breaks it while it waits, and also if it was one of those that went on together last: it would have
 * come again. One that ends in order breaks it only while it waits.
 */
final class BarrierAtOwner implements OwnedObject {
    private final long id;
    private final int parties;
    private final @Nullable Aside action;

    private final List<Waiter> waiting = new ArrayList<>();
    /** Have come while the action of the round before ran. */
    private final List<Waiter> early = new ArrayList<>();

    private final Set<Client> last = new HashSet<>();
    private boolean acting;
    private @Nullable String broken;
    /** Of those that wait together: an action that ends late says which it was for. */
    private long round;

    /** Runs something that may take its time, and says on the loop how it ended. */
    interface Aside {
        /**
         * Runs it.
         *
         * @param ended with null, or with what it threw
         */
        void run(Ended ended);

        /** How it ended. */
        interface Ended {
            void with(@Nullable Throwable failure);
        }
    }

    BarrierAtOwner(long id, int parties, @Nullable Aside action) {
        this.id = id;
        this.parties = parties;
        this.action = action;
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        if (said instanceof BarrierSaid.Arrive) {
            arrive(new Waiter(from, ticket));
        } else if (said instanceof BarrierSaid.Leave leave) {
            Waiter left = new Waiter(from, leave.ticket());
            if (waiting.remove(left) || early.remove(left)) {
                from.tell(id, leave.ticket(), new Heard.Left());
                breakIt("a thread of " + from + " waits no longer: its time was over, or it was interrupted");
            }
        } else if (said instanceof BarrierSaid.Reset) {
            breakIt(from + " has reset it");
            broken = null;
            last.clear();
            from.tell(id, ticket, new Heard.Done());
        } else if (said instanceof BarrierSaid.Abort) {
            breakIt(from + " has aborted it");
            from.tell(id, ticket, new Heard.Done());
        } else if (said instanceof BarrierSaid.Ask) {
            from.tell(id, ticket, broken == null ? new Heard.Count(waiting.size()) : new Heard.Broken(broken));
        } else {
            from.tell(id, ticket, new Heard.Refused("a barrier is not asked for " + said));
        }
    }

    private void arrive(Waiter waiter) {
        String why = broken;
        if (why != null) {
            waiter.client().tell(id, waiter.ticket(), new Heard.Broken(why));
            return;
        }
        if (acting) {
            early.add(waiter);
            return;
        }
        waiting.add(waiter);
        if (waiting.size() < parties) {
            return;
        }
        if (action == null) {
            go();
            return;
        }
        acting = true;
        long acted = round;
        action.run(failure -> {
            if (acted != round || !acting) {
                return;
            }
            acting = false;
            if (failure == null) {
                go();
            } else {
                breakIt("its action failed: "
                        + (failure instanceof CompletionException ? failure.getCause() : failure));
            }
        });
    }

    private void go() {
        last.clear();
        for (int i = 0; i < waiting.size(); i++) {
            Waiter waiter = waiting.get(i);
            last.add(waiter.client());
            waiter.client().tell(id, waiter.ticket(), new Heard.Count(parties - 1L - i));
        }
        waiting.clear();
        round++;
        List<Waiter> next = List.copyOf(early);
        early.clear();
        next.forEach(this::arrive);
    }

    private void breakIt(String why) {
        if (broken == null) {
            broken = why;
        }
        acting = false;
        round++;
        waiting.addAll(early);
        early.clear();
        waiting.forEach(waiter -> waiter.client().tell(id, waiter.ticket(), new Heard.Broken(why)));
        waiting.clear();
    }

    @Override
    public void gone(Client client) {
        boolean waited = waiting.removeIf(waiter -> waiter.client().equals(client));
        boolean waits = early.removeIf(waiter -> waiter.client().equals(client)) || waited;
        boolean wasOneOfThem = last.remove(client);
        if (waits || (wasOneOfThem && !client.leftInOrder())) {
            breakIt(client + " has died" + (waits ? " while it waited" : " before it came again"));
        }
    }
}
