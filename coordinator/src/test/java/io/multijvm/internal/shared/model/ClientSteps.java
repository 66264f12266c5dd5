// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import static io.multijvm.internal.shared.model.LockState.ABANDONED;
import static io.multijvm.internal.shared.model.LockState.AGAIN;
import static io.multijvm.internal.shared.model.LockState.EPOCH;
import static io.multijvm.internal.shared.model.LockState.HAND_OFF;
import static io.multijvm.internal.shared.model.LockState.HOW;
import static io.multijvm.internal.shared.model.LockState.IN;
import static io.multijvm.internal.shared.model.LockState.ITEMS;
import static io.multijvm.internal.shared.model.LockState.LIFE;
import static io.multijvm.internal.shared.model.LockState.OP;
import static io.multijvm.internal.shared.model.LockState.OUT;
import static io.multijvm.internal.shared.model.LockState.OWNER;
import static io.multijvm.internal.shared.model.LockState.TICKET;
import static io.multijvm.internal.shared.model.LockState.TIME_OVER;
import static io.multijvm.internal.shared.model.LockState.TOO_EARLY;
import static io.multijvm.internal.shared.model.LockState.UNTOLD;
import static io.multijvm.internal.shared.model.LockState.WAITED_FOR;
import static io.multijvm.internal.shared.model.LockState.WOKEN;
import static io.multijvm.internal.shared.model.LockState.WOKEN_HAND_OFF;
import static io.multijvm.internal.shared.model.LockState.WOKEN_TICKET;
import static io.multijvm.internal.shared.model.LockState.at;
import static io.multijvm.internal.shared.model.LockState.kind;
import static io.multijvm.internal.shared.model.LockState.life;
import static io.multijvm.internal.shared.model.LockState.message;
import static io.multijvm.internal.shared.model.LockState.ticket;
import static io.multijvm.internal.shared.model.LockState.with;
import static io.multijvm.internal.shared.model.LockState.withClient;

import io.multijvm.internal.shared.model.Explorer.Steps;
import io.multijvm.internal.shared.model.LockState.Ask;
import io.multijvm.internal.shared.model.LockState.At;
import io.multijvm.internal.shared.model.LockState.Life;
import io.multijvm.internal.shared.model.LockState.Tell;
import org.jspecify.annotations.Nullable;

/** All that one client can do next: the one of its threads that has the process-local queue behind it. */
@SuppressWarnings("EnumOrdinal") // packed into bits, and nowhere kept
final class ClientSteps {
    private final Setting setting;

    ClientSteps(Setting setting) {
        this.setting = setting;
    }

    /** What is wrong with one of them, or null. */
    @Nullable
    String of(long[] state, int me, Steps next) {
        long client = LockState.client(state, me);
        Life life = life(client);
        if (life == Life.DEAD || life == Life.BURIED) {
            return null;
        }
        ends(state, me, client, next);
        String wrong = hears(state, me, client, next);
        return wrong == null ? acts(state, me, client, next) : wrong;
    }

    private void ends(long[] state, int me, long client, Steps next) {
        if (life(client) == Life.CUT) {
            long dead = LIFE.in(OUT.cut(client, 0), Life.DEAD.ordinal());
            next.step("reaped", me, withClient(state, me, at(forgotten(dead), At.DONE)), true);
            return;
        }
        if (!setting.crashes() || someoneElseDied(state)) {
            return;
        }
        // what it sent last may be lost, none of it or all: gRPC's queue dies with it
        for (int arrives = 0; arrives <= OUT.length(client); arrives++) {
            long cut = OUT.cut(client, arrives);
            long dead = at(forgotten(LIFE.in(cut, Life.DEAD.ordinal())), At.DONE);
            next.step("dies", me, withClient(state, me, dead), false);
            if (arrives == 0) { // the others are as if it had said less before it was cut
                next.step("cut", me, withClient(state, me, LIFE.in(IN.cut(cut, 0), Life.CUT.ordinal())), false);
            }
        }
    }

    /** Of a dead client only the past matters, so that states which differ in nothing else are one. */
    private static long forgotten(long client) {
        long kept = LIFE.in(0, LIFE.of(client));
        kept = TOO_EARLY.in(kept, TOO_EARLY.of(client));
        for (int i = 0; i < OUT.length(client); i++) {
            kept = OUT.add(kept, OUT.get(client, i));
        }
        return kept;
    }

    private static boolean someoneElseDied(long[] state) {
        for (int i = 0; i < LockState.clients(state); i++) {
            if (life(LockState.client(state, i)) != Life.ALIVE) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String hears(long[] state, int me, long client, Steps next) {
        if (IN.length(client) == 0) {
            return null;
        }
        int message = IN.get(client, 0);
        Tell told = Tell.values()[kind(message)];
        long heard = IN.remove(client, 0);
        boolean mine = ticket(message) == TICKET.of(client) || setting.fault() == Fault.NO_TICKET;
        boolean waits = at(client) == At.WAITING;
        if (told == Tell.NOTIFIED && at(client) == At.REGISTERING) {
            return null; // REGISTERED comes before it
        }
        if (waits && mine && (told == Tell.WAKE || told == Tell.HAND_OFF)) {
            next.step(
                    "woken", me, withClient(state, me, HOW.in(at(heard, At.TRYING), told == Tell.WAKE ? 1 : 2)), true);
        } else if (waits && mine && (told == Tell.GRANTED || told == Tell.GRANTED_OF_DEAD)) {
            if ((told == Tell.GRANTED_OF_DEAD) != UNTOLD.isIn(LockState.word(state))) {
                return "client " + me + " is told wrongly whether the holder before it died";
            }
            long word = UNTOLD.in(LockState.word(state), 0);
            next.step("granted", me, with(state, word, me, at(heard, At.CRITICAL)), true);
        } else if (at(client) == At.REGISTERING && told == Tell.REGISTERED) {
            next.step("registered", me, withClient(state, me, at(heard, At.UNLOCKING_TO_WAIT)), true);
        } else if (told == Tell.NOTIFIED
                && (at(client) == At.UNLOCKING_TO_WAIT || at(client) == At.SAYING_RELEASED_TO_WAIT)) {
            return null; // the thread looks when it has unlocked
        } else if (told == Tell.NOTIFIED && mine && (at(client) == At.AWAITING || at(client) == At.LEAVING_AWAIT)) {
            next.step("notified", me, withClient(state, me, again(heard)), true);
        } else if (told == Tell.LEFT && mine && at(client) == At.LEAVING_AWAIT) {
            next.step("left", me, withClient(state, me, TIME_OVER.in(again(heard), 1)), true);
        } else {
            next.step("ignores", me, withClient(state, me, heard), true);
        }
        return null;
    }

    private static long again(long client) {
        return AGAIN.in(HOW.in(at(nextTicket(client), At.TRYING), 0), 1);
    }

    private static long nextTicket(long client) {
        return TICKET.in(client, TICKET.of(client) + 1 & 7);
    }

    private @Nullable String acts(long[] state, int me, long client, Steps next) {
        int ticket = TICKET.of(client);
        switch (at(client)) {
            case TRYING -> {
                return tries(state, me, client, next);
            }
            case ASKING -> {
                Ask how = HOW.of(client) == 0 ? Ask.WAIT : Ask.WAIT_IN_FRONT;
                says(state, me, client, how, ticket, HOW.in(at(client, At.WAITING), 0), true, next);
                if (HOW.of(client) != 0 && mayLeave(client)) {
                    says(state, me, client, Ask.LEAVE, ticket, at(client, At.NEXT), false, next);
                }
            }
            case WAITING -> {
                if (mayLeave(client)) {
                    says(state, me, client, Ask.LEAVE, ticket, at(client, At.NEXT), false, next);
                }
            }
            case SAYING_GOT -> says(state, me, client, Ask.GOT, ticket, HOW.in(at(client, At.CRITICAL), 0), true, next);
            case CRITICAL -> critical(state, me, client, next);
            case SIGNALLING -> says(state, me, client, Ask.SIGNAL, 0, at(client, At.UNLOCKING), true, next);
            case UNLOCKING -> {
                return unlocks(state, me, client, At.SAYING_RELEASED, At.NEXT, next);
            }
            case SAYING_RELEASED -> says(state, me, client, Ask.RELEASED, 0, at(client, At.NEXT), true, next);
            case NEXT -> {
                long then = AGAIN.in(TIME_OVER.in(HOW.in(nextTicket(client), 0), 0), 0);
                then = OP.in(then, OP.of(client) + 1);
                boolean more = setting.op(me, OP.of(then)) != 0;
                next.step("next", me, withClient(state, me, at(then, more ? At.TRYING : At.DONE)), true);
            }
            case REGISTERING -> {
                if (setting.fault() == Fault.UNLOCK_BEFORE_REGISTRATION) {
                    next.step("hurries", me, withClient(state, me, at(client, At.UNLOCKING_TO_WAIT)), true);
                }
            }
            case UNLOCKING_TO_WAIT -> {
                return unlocks(state, me, client, At.SAYING_RELEASED_TO_WAIT, At.AWAITING, next);
            }
            case SAYING_RELEASED_TO_WAIT ->
                says(state, me, client, Ask.RELEASED, 0, at(client, At.AWAITING), true, next);
            case AWAITING -> {
                if (setting.op(me, OP.of(client)) == 'T') {
                    says(state, me, client, Ask.LEAVE, ticket, at(client, At.LEAVING_AWAIT), false, next);
                }
            }
            case DONE, LEAVING_AWAIT -> {}
        }
        return null;
    }

    private boolean mayLeave(long client) {
        return setting.leaves() && !AGAIN.isIn(client);
    }

    private void says(long[] state, int me, long client, Ask what, int ticket, long then, boolean sure, Steps next) {
        if (!LockState.hears(client)) {
            next.step("says nothing", me, withClient(state, me, then), sure);
        } else if (!OUT.isFull(client)) { // else it waits for room
            next.step(what.name(), me, withClient(state, me, OUT.add(then, message(what, ticket))), sure);
        }
    }

    private @Nullable String tries(long[] state, int me, long client, Steps next) {
        long word = LockState.word(state);
        boolean free = !OWNER.isIn(word) && (!HAND_OFF.isIn(word) || HOW.of(client) == 2);
        if (setting.isRemote(me) || !free) {
            next.step("misses", me, withClient(state, me, at(client, At.ASKING)), true);
            return null;
        }
        if (keptForAnother(state, me)) {
            return "client " + me + " took the lock that was handed to another";
        }
        if (ABANDONED.of(word) != UNTOLD.of(word)) {
            return "client " + me + " is told wrongly whether the holder before it died";
        }
        long taken = EPOCH.in(OWNER.in(word, me + 1), EPOCH.of(word) + 1);
        taken = UNTOLD.in(HAND_OFF.in(ABANDONED.in(taken, 0), 0), 0);
        At then = HOW.of(client) == 0 ? At.CRITICAL : At.SAYING_GOT;
        next.step("takes", me, with(state, taken, me, at(client, then)), true);
        return null;
    }

    private static boolean keptForAnother(long[] state, int me) {
        long owner = LockState.owner(state);
        int other = WOKEN.of(owner) - 1;
        if (other < 0 || other == me || !WOKEN_HAND_OFF.isIn(owner)) {
            return false;
        }
        long its = LockState.client(state, other);
        return life(its) == Life.ALIVE
                && TICKET.of(its) == WOKEN_TICKET.of(owner)
                && (at(its) == At.WAITING || at(its) == At.TRYING);
    }

    private void critical(long[] state, int me, long client, Steps next) {
        long word = LockState.word(state);
        switch (setting.op(me, OP.of(client))) {
            case 'L' -> next.step("works", me, withClient(state, me, at(client, At.UNLOCKING)), true);
            case 'S' ->
                next.step(
                        "adds",
                        me,
                        with(state, ITEMS.in(word, ITEMS.of(word) + 1), me, at(client, At.SIGNALLING)),
                        true);
            default -> {
                if (ITEMS.isIn(word)) {
                    long fewer = ITEMS.in(word, ITEMS.of(word) - 1);
                    next.step("removes", me, with(state, fewer, me, at(client, At.UNLOCKING)), true);
                } else if (TIME_OVER.isIn(client)) {
                    next.step("gives up", me, withClient(state, me, at(client, At.UNLOCKING)), true);
                } else {
                    long then = nextTicket(client);
                    says(state, me, client, Ask.AWAIT, TICKET.of(then), at(then, At.REGISTERING), true, next);
                }
            }
        }
    }

    private @Nullable String unlocks(long[] state, int me, long client, At saying, At then, Steps next) {
        long word = LockState.word(state);
        if (setting.isRemote(me)) {
            says(state, me, client, Ask.UNLOCK, 0, at(client, then), true, next);
            return null;
        }
        if (OWNER.of(word) != me + 1) {
            return "client " + me + " unlocks what is not its own";
        }
        At to = WAITED_FOR.isIn(word) ? saying : then;
        next.step("unlocks", me, with(state, LockState.released(word), me, at(client, to)), true);
        return null;
    }
}
