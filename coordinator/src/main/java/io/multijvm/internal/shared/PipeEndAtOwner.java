// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.pipe.PipePart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has one end of a pipe. Owned by the event loop.
 *
 * <pre>
 * state   event                            next    effect
 * FREE    a claim                          HELD    it is told what was kept
 * HELD    another's claim                  MOVING  the holder is asked to give it up
 * MOVING  a claim                          MOVING  it waits for its turn
 * MOVING  given up                         HELD    the first that waits is told; FREE if nobody waits any more
 * MOVING  closed by its holder             MOVING  it hears that it is to give it up after it has said so
 * MOVING  closed by that, or by somebody   MOVING  and CLOSED when it is given up, unless it is claimed again
 *         who has not sent it on, and
 *         nobody waits for it any more
 * HELD    given up: its holder cannot      FREE
 *         use it
 * FREE    closed by somebody who has       CLOSED
 *         not sent it on
 * HELD    closed by its holder             CLOSED
 * HELD, MOVING  its holder has ended       CLOSED  those that wait are told
 * FREE    who claimed it last has ended    CLOSED
 * MOVING  who claimed it last has ended,   MOVING  and CLOSED when it is given up, unless it is claimed again
 *         and nobody waits for it any more
 * </pre>
 *
 * <p>Its holder gives it up for good, as far as it can tell: so it is closed too if who was to have it has ended before it came there,
 * or had waited no longer.
 *
 * <p>A holder that closes it is answered, so that it knows that nobody wants what it had received. Only a holder that lives gives an end up, and what it had received of a message that it had not used comes before that.
 */
final class PipeEndAtOwner {
    enum State {
        FREE,
        HELD,
        MOVING,
        CLOSED
    }

    private final long pipe;
    private final boolean right;
    private final Holding holding;
    private final Deque<Waiter> claims = new ArrayDeque<>();
    private final List<PipePart> kept = new ArrayList<>();
    private State state = State.FREE;
    private @Nullable Client holder;
    /** Who claimed it last and lives: it is that one's, or was to be. */
    private @Nullable Client claimedBy;
    /** Why it is closed as soon as it is given up and nobody waits for it; null if it is not. */
    private @Nullable String closesWhenFree;
    /** Why it is closed; empty if it is not. */
    private String closed = "";

    /** What follows. */
    interface Holding {
        /** Another client has it, before that is told; 0 for nobody. */
        void held(boolean right, int client);

        /** Its holder is about to give it up, and is answered nothing more that was asked for before. */
        void moves(boolean right);

        /** It has given it up, and touches the memory no more. */
        void givenUp(boolean right);

        /** What a new holder is told. */
        PipeHeard.Yours yours(boolean right, int kept);

        /** It is closed. */
        void closed(boolean right, String why);
    }

    PipeEndAtOwner(long pipe, boolean right, Holding holding) {
        this.pipe = pipe;
        this.right = right;
        this.holding = holding;
    }

    /** Its holder was asked to give it up. */
    boolean moves() {
        return state == State.MOVING;
    }

    boolean isHeldBy(Client client) {
        return client.equals(holder);
    }

    @Nullable
    Client holder() {
        return holder;
    }

    /** Empty if it is not. */
    String closedBecause() {
        return closed;
    }

    void claim(Waiter by) {
        closesWhenFree = null;
        claimedBy = by.client();
        switch (state) {
            case CLOSED -> tell(by, new PipeHeard.Shut(right, closed));
            case FREE -> grant(by);
            case HELD -> {
                if (by.client().equals(holder)) {
                    tell(by, yours());
                } else {
                    claims.add(by);
                    askForIt();
                }
            }
            case MOVING -> claims.add(by);
        }
    }

    private void grant(Waiter to) {
        holder = to.client();
        state = State.HELD;
        holding.held(right, to.client().number());
        tell(to, yours());
        if (claims.isEmpty()) {
            claimedBy = holder;
        } else {
            askForIt();
        }
    }

    private Heard yours() {
        return holding.yours(right, kept.size());
    }

    private void askForIt() {
        Client has = holder;
        Waiter wants = claims.peek();
        if (has != null && wants != null) {
            state = State.MOVING;
            holding.moves(right);
            has.tell(pipe, 0, new PipeHeard.GiveUp(right, wants.client().toString()));
        }
    }

    /** A part of a message that its holder leaves. */
    void keep(Client from, PipePart part) {
        if (from.equals(holder)) {
            if (part.first()) {
                kept.clear();
            }
            kept.add(part);
        }
    }

    void givenUp(Client by) {
        if (!by.equals(holder)) {
            return;
        }
        holder = null;
        state = State.FREE;
        holding.held(right, 0);
        holding.givenUp(right);
        Waiter next = claims.poll();
        if (next != null) {
            grant(next);
        } else if (closesWhenFree != null) {
            close(closesWhenFree);
        }
    }

    /** What was kept, for the holder to go on with. */
    Heard kept(Client by, int number) {
        if (!by.equals(holder) || number < 0 || number >= kept.size()) {
            return new Heard.Refused("nothing was kept of that number");
        }
        Heard part = new PipeHeard.Part(right, kept.get(number));
        if (number == kept.size() - 1) {
            kept.clear();
        }
        return part;
    }

    /** Nobody waits for it any more under that ticket. */
    boolean leave(Waiter by) {
        boolean waited = claims.remove(by);
        if (waited) {
            tell(by, new Heard.Left());
        }
        return waited;
    }

    void close(Waiter said, boolean sentOn) {
        Client by = said.client();
        if ((state == State.HELD && by.equals(holder)) || (state == State.FREE && !sentOn)) {
            close(by + " closed it");
        } else if (state == State.MOVING && claims.isEmpty() && (by.equals(holder) || !sentOn)) {
            closesWhenFree = by + " closed it";
        }
        tell(said, new Heard.Done());
    }

    void gone(Client client) {
        claims.removeIf(waiter -> waiter.client().equals(client));
        String why = client + (client.leftInOrder() ? " has ended" : " has died");
        if (client.equals(holder)) {
            close(why);
        } else if (client.equals(claimedBy)) {
            Waiter others = claims.peekLast();
            if (others != null) {
                claimedBy = others.client();
            } else if (state == State.FREE) {
                close(why);
            } else if (state == State.MOVING) {
                closesWhenFree = why;
            }
        }
    }

    private void close(String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        closed = why;
        holder = null;
        kept.clear();
        holding.held(right, 0);
        claims.forEach(waiter -> tell(waiter, new PipeHeard.Shut(right, why)));
        claims.clear();
        holding.closed(right, why);
    }

    private void tell(Waiter waiter, Heard heard) {
        waiter.client().tell(pipe, waiter.ticket(), heard);
    }
}
