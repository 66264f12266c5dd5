// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import static io.multijvm.internal.shared.model.LockState.ABANDONED;
import static io.multijvm.internal.shared.model.LockState.AWAITING;
import static io.multijvm.internal.shared.model.LockState.EPOCH;
import static io.multijvm.internal.shared.model.LockState.GRANT_TICKET;
import static io.multijvm.internal.shared.model.LockState.GRANT_TOLD;
import static io.multijvm.internal.shared.model.LockState.HAND_OFF;
import static io.multijvm.internal.shared.model.LockState.IN;
import static io.multijvm.internal.shared.model.LockState.LIFE;
import static io.multijvm.internal.shared.model.LockState.OUT;
import static io.multijvm.internal.shared.model.LockState.OWNER;
import static io.multijvm.internal.shared.model.LockState.QUEUE;
import static io.multijvm.internal.shared.model.LockState.TOO_EARLY;
import static io.multijvm.internal.shared.model.LockState.UNSETTLED;
import static io.multijvm.internal.shared.model.LockState.UNTOLD;
import static io.multijvm.internal.shared.model.LockState.WAITED_FOR;
import static io.multijvm.internal.shared.model.LockState.WOKEN;
import static io.multijvm.internal.shared.model.LockState.WOKEN_HAND_OFF;
import static io.multijvm.internal.shared.model.LockState.WOKEN_MISSES;
import static io.multijvm.internal.shared.model.LockState.WOKEN_TICKET;
import static io.multijvm.internal.shared.model.LockState.at;
import static io.multijvm.internal.shared.model.LockState.clientOf;
import static io.multijvm.internal.shared.model.LockState.kind;
import static io.multijvm.internal.shared.model.LockState.life;
import static io.multijvm.internal.shared.model.LockState.message;
import static io.multijvm.internal.shared.model.LockState.missesOf;
import static io.multijvm.internal.shared.model.LockState.ticketOf;
import static io.multijvm.internal.shared.model.LockState.waiter;
import static io.multijvm.internal.shared.model.LockState.withClient;

import io.multijvm.internal.shared.model.Explorer.Steps;
import io.multijvm.internal.shared.model.LockState.Ask;
import io.multijvm.internal.shared.model.LockState.At;
import io.multijvm.internal.shared.model.LockState.Life;
import io.multijvm.internal.shared.model.LockState.Tell;
import org.jspecify.annotations.Nullable;

/**
 * All that the owner's event loop can do next: hear one client's next message, bury a client, or, when it has done one of
 * these, settle. Each looks at the word once, or changes it by one compare-and-set on the whole of it, so each is one step.
 */
@SuppressWarnings("EnumOrdinal") // packed into bits, and nowhere kept
final class OwnerSteps {
    private static final int MOST_MISSES = 3;

    private final Setting setting;

    OwnerSteps(Setting setting) {
        this.setting = setting;
    }

    @Nullable
    String of(long[] state, Steps next) {
        if (UNSETTLED.isIn(LockState.owner(state))) {
            settle(state, next);
            return null;
        }
        String wrong = null;
        for (int i = 0; i < LockState.clients(state) && wrong == null; i++) {
            long client = LockState.client(state, i);
            if (OUT.length(client) > 0) {
                wrong = hear(state, i, client, next);
            } else if (life(client) == Life.DEAD
                    || (life(client) == Life.CUT
                            && setting.fault() == Fault.RECLAIM_BEFORE_REAP
                            && !TOO_EARLY.isIn(client))) {
                bury(state, i, client, next);
            }
        }
        return wrong;
    }

    private @Nullable String hear(long[] state, int who, long client, Steps next) {
        int message = OUT.get(client, 0);
        Ask ask = Ask.values()[kind(message)];
        int ticket = LockState.ticket(message);
        if ((ask == Ask.WAIT || ask == Ask.WAIT_IN_FRONT) && isQueued(state, who)) {
            return "client " + who + " waits twice";
        }
        if (ask == Ask.UNLOCK && OWNER.of(LockState.word(state)) != who + 1) {
            return "remote client " + who + " unlocks what is not its own";
        }
        long[] then = withClient(state, who, OUT.remove(client, 0));
        boolean unsettled = switch (ask) {
            case WAIT, WAIT_IN_FRONT -> queue(then, who, ticket, ask == Ask.WAIT_IN_FRONT);
            case RELEASED -> {
                countMiss(then);
                yield true;
            }
            case GOT -> {
                clearWoken(then, who);
                yield setting.fault() != Fault.NO_GRANT_AFTER_GOT;
            }
            case LEAVE -> leave(then, who, ticket) && setting.fault() != Fault.NO_GRANT_AFTER_LEAVE;
            case UNLOCK -> {
                then[0] = LockState.released(then[0]);
                yield true;
            }
            case AWAIT -> {
                then[1] = AWAITING.add(then[1], who << 3 | ticket);
                tell(then, who, Tell.REGISTERED, ticket);
                yield false;
            }
            case SIGNAL -> {
                signal(then);
                yield false;
            }
        };
        then[1] = UNSETTLED.in(then[1], unsettled ? 1 : 0);
        next.step("hears " + ask.name() + " of ", who, then, true);
        return null;
    }

    private static boolean isQueued(long[] state, int who) {
        for (int i = 0; i < QUEUE.length(state[1]); i++) {
            if (clientOf(QUEUE.get(state[1], i)) == who) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything follows. */
    private boolean queue(long[] then, int who, int ticket, boolean inFront) {
        int misses = inFront && WOKEN.of(then[1]) == who + 1 ? WOKEN_MISSES.of(then[1]) + 1 : 0;
        clearWoken(then, who);
        int entry = waiter(who, ticket, Math.min(misses, MOST_MISSES));
        then[1] = inFront ? QUEUE.addFirst(then[1], entry) : QUEUE.add(then[1], entry);
        if (setting.fault() == Fault.NO_SECOND_LOOK) {
            then[0] = WAITED_FOR.in(then[0], 1);
            return false;
        }
        return true;
    }

    /** A release that finds the lock taken again was too late for the first waiter, as a missed wake is. */
    private static void countMiss(long[] then) {
        if (!WOKEN.isIn(then[1]) && QUEUE.length(then[1]) > 0 && OWNER.isIn(then[0])) {
            int first = QUEUE.get(then[1], 0);
            int misses = Math.min(missesOf(first) + 1, MOST_MISSES);
            then[1] = QUEUE.set(then[1], 0, waiter(clientOf(first), ticketOf(first), misses));
        }
    }

    private static void clearWoken(long[] then, int who) {
        if (WOKEN.of(then[1]) == who + 1) {
            long cleared = WOKEN_HAND_OFF.in(WOKEN_MISSES.in(then[1], 0), 0);
            then[1] = WOKEN_TICKET.in(WOKEN.in(cleared, 0), 0);
        }
    }

    private boolean leave(long[] then, int who, int ticket) {
        for (int i = 0; i < AWAITING.length(then[1]); i++) {
            if (AWAITING.get(then[1], i) == (who << 3 | ticket)) {
                then[1] = AWAITING.remove(then[1], i);
                tell(then, who, Tell.LEFT, ticket);
                return false;
            }
        }
        dequeue(then, who);
        clearWoken(then, who);
        boolean granted = setting.isRemote(who)
                && OWNER.of(then[0]) == who + 1
                && GRANT_TICKET.of(then[1]) == ticket
                && setting.fault() != Fault.GRANT_NOT_TAKEN_BACK;
        if (granted) {
            boolean tells = GRANT_TOLD.isIn(then[1]) && setting.fault() != Fault.DEATH_FORGOTTEN_WITH_THE_GRANT;
            then[0] = ABANDONED.in(LockState.released(then[0]), tells ? 1 : 0);
        }
        return true;
    }

    private static void dequeue(long[] then, int who) {
        for (int i = QUEUE.length(then[1]) - 1; i >= 0; i--) {
            if (clientOf(QUEUE.get(then[1], i)) == who) {
                then[1] = QUEUE.remove(then[1], i);
            }
        }
    }

    private static void signal(long[] then) {
        if (AWAITING.length(then[1]) > 0) {
            int first = AWAITING.get(then[1], 0);
            then[1] = AWAITING.remove(then[1], 0);
            tell(then, first >> 3, Tell.NOTIFIED, first & 7);
        }
    }

    private static void tell(long[] then, int who, Tell what, int ticket) {
        long client = LockState.client(then, who);
        if (LockState.hears(client)) {
            then[2 + who] = IN.add(client, message(what, ticket));
        }
    }

    private void bury(long[] state, int who, long client, Steps next) {
        long[] then = withClient(
                state, who, life(client) == Life.CUT ? TOO_EARLY.in(client, 1) : LIFE.in(0, Life.BURIED.ordinal()));
        if (life(client) == Life.DEAD) {
            then[2 + who] = at(then[2 + who], At.DONE);
        }
        dequeue(then, who);
        for (int i = AWAITING.length(then[1]) - 1; i >= 0; i--) {
            if (AWAITING.get(then[1], i) >> 3 == who) {
                then[1] = AWAITING.remove(then[1], i);
            }
        }
        clearWoken(then, who);
        if (OWNER.of(then[0]) == who + 1 && setting.fault() != Fault.NO_RECLAIM) {
            then[0] = UNTOLD.in(ABANDONED.in(LockState.released(then[0]), 1), 1);
        }
        switch (setting.fault()) {
            case NO_NOTIFYING_AT_DEATH -> {}
            case ONE_NOTIFIED_AT_DEATH -> signal(then);
            default -> {
                while (AWAITING.length(then[1]) > 0) {
                    signal(then);
                }
            }
        }
        then[1] = UNSETTLED.in(then[1], 1);
        next.step("buries ", who, then, true);
    }

    /** What must follow from how things are: wake the first, give it the lock, or have its holder tell when it is free. */
    private void settle(long[] state, Steps next) {
        long[] then = state.clone();
        long owner = LockState.owner(state);
        long word = LockState.word(state);
        then[1] = UNSETTLED.in(owner, 0);
        String what = "waits";
        if (WOKEN.isIn(owner)) {
            what = "leaves it to whom it woke";
        } else if (QUEUE.length(owner) == 0) {
            then[0] = HAND_OFF.in(WAITED_FOR.in(word, 0), 0);
            what = "has no waiters";
        } else {
            int first = QUEUE.get(owner, 0);
            int who = clientOf(first);
            boolean handOff = missesOf(first) >= setting.handOffAfter();
            boolean marks = handOff && setting.fault() != Fault.HAND_OFF_WITHOUT_ITS_BIT;
            if (OWNER.isIn(word)) {
                int waitedFor = setting.fault() == Fault.NO_SET_W ? WAITED_FOR.of(word) : 1;
                then[0] = HAND_OFF.in(WAITED_FOR.in(word, waitedFor), marks ? 1 : 0);
            } else if (LockState.hears(LockState.client(state, who)) && IN.isFull(LockState.client(state, who))) {
                return; // no room to tell it yet
            } else if (setting.isRemote(who)) {
                what = "grants to " + who;
                grant(then, who, ticketOf(first));
            } else {
                what = "wakes " + who;
                wake(then, first, handOff, marks);
            }
        }
        next.step(what, -1, then, true);
    }

    private void wake(long[] then, int first, boolean handOff, boolean marks) {
        int who = clientOf(first);
        then[0] = HAND_OFF.in(WAITED_FOR.in(then[0], 0), marks ? 1 : 0);
        long owner = WOKEN_TICKET.in(WOKEN.in(QUEUE.remove(then[1], 0), who + 1), ticketOf(first));
        then[1] =
                WOKEN_HAND_OFF.in(WOKEN_MISSES.in(owner, Math.min(missesOf(first), MOST_MISSES - 1)), handOff ? 1 : 0);
        tell(then, who, handOff ? Tell.HAND_OFF : Tell.WAKE, ticketOf(first));
    }

    private static void grant(long[] then, int who, int ticket) {
        long word = then[0];
        boolean told = ABANDONED.isIn(word);
        long taken = EPOCH.in(OWNER.in(word, who + 1), EPOCH.of(word) + 1);
        then[0] = HAND_OFF.in(ABANDONED.in(taken, 0), 0);
        long owner = GRANT_TOLD.in(GRANT_TICKET.in(QUEUE.remove(then[1], 0), ticket), told ? 1 : 0);
        then[1] = UNSETTLED.in(owner, 1); // others may wait behind it
        tell(then, who, told ? Tell.GRANTED_OF_DEAD : Tell.GRANTED, ticket);
    }
}
