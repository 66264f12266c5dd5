// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.worker.pipe.MappedWay;
import io.multijvm.worker.pipe.PipeEndBase;
import io.multijvm.worker.pipe.Way;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What stands in this process for one end of a manager's pipe. Its gate is open while the end is here; what has arrived of a
 * message goes with the end when another process wants that.
 *
 * <pre>
 * state    event                                 next     effect
 * AWAY     a thread uses it                      ASKED    the owner is asked for it
 * AWAY     closed                                AWAY     the owner is told, and closes it if it is nobody's
 * ASKED    closed                                ASKED    the owner is told that nobody waits: its answer decides
 * ASKED    nobody waits, or it is closed         AWAY
 * ASKED    it is ours                            GRANTED  closed here meanwhile: CLOSING, the owner is told
 * GRANTED  all that was kept has come            HERE     the gate is opened; then as HERE if it is wanted or was closed
 * GRANTED  it cannot be used, for lack of memory AWAY     what was kept is given back, and the end with it
 * HERE     another process wants it              MOVING   the gate is shut
 * HERE     closed                                CLOSING  the gate is shut
 * MOVING   nobody is inside                      AWAY     what has arrived is given to the owner, and the end
 * MOVING   there is no memory for that           MOVING   it is tried again
 * CLOSING  nobody is inside                      CLOSING  the owner is told
 * CLOSING  another process wants it              MOVING   it had asked before
 * CLOSING  the owner has heard it                AWAY     what has arrived is dropped
 * any      the pipe is no more                   over     the gate is shut
 * </pre>
 *
 * <p>What the owner says it says in one order, and it counts what we have said: so a word that is heard where it makes no sense
 * is one that ours has crossed. The end can be claimed again after it has moved only when it has arrived again.
 */
final class ManagedEnd extends PipeEndBase<@Nullable Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private enum Stand {
        AWAY,
        ASKED,
        GRANTED,
        HERE,
        MOVING,
        CLOSING
    }

    private final transient PipeClient pipe;
    private final boolean right;
    private final transient EndClaims claims;
    /** Not null while somebody is inside. */
    private transient volatile @Nullable Way way;

    private transient volatile boolean sentOn;
    // written under this
    private transient volatile boolean closedHere;
    /** To whom. */
    private transient volatile @Nullable String moved;

    private transient volatile @Nullable String over;
    // guarded by this
    private transient Stand stand = Stand.AWAY;
    /** While it is ASKED. */
    private transient long claim;
    /** While it is GRANTED: who wants it already. */
    private transient @Nullable String wantedBy;
    /** While it is CLOSING: the owner was told. */
    private transient boolean closeSaid;

    private transient @Nullable String otherClosed;
    /** Done when it is neither MOVING nor CLOSING. */
    private transient CompletableFuture<Boolean> left = CompletableFuture.completedFuture(true);

    ManagedEnd(PipeClient pipe, boolean right) {
        this.pipe = pipe;
        this.right = right;
        this.claims = new EndClaims(this, inbox(), pipe, right);
    }

    /** What crosses. */
    private Object writeReplace() {
        sentOn = true;
        return new SharedHandle.OfPipeEnd(pipe, right);
    }

    @Override
    protected ValueCodec codec() {
        return pipe.owner().codec();
    }

    @Override
    protected @Nullable Way enter(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        while (!gate().enter()) {
            if (!claims.granted(left(nanos, begin))) {
                return null;
            }
        }
        return Objects.requireNonNull(way, "somebody is inside");
    }

    boolean isOpen() {
        return !gate().isShut();
    }

    /** From now on it is ASKED, so that who closes it sees that; what answers it is heard by {@link #answered} first. */
    synchronized void asks(long ticket, CompletableFuture<Heard> answer) {
        failIfShutForGood();
        stand = Stand.ASKED;
        claim = ticket;
        pipe.claim(right, ticket, answer);
    }

    /** Done when those that are inside have left, who are told to, and the owner has heard of it. */
    synchronized CompletableFuture<Boolean> left() {
        return left;
    }

    /** On the line's thread. */
    synchronized void answered(@Nullable Heard heard) {
        boolean ours = heard instanceof PipeHeard.Yours;
        stand = ours ? Stand.GRANTED : Stand.AWAY;
        if (closedHere && ours) {
            stand = Stand.CLOSING;
            left = new CompletableFuture<>();
            sayClose();
        } else if (closedHere && heard instanceof Heard.Left) {
            pipe.sayQuietly(new PipeSaid.Close(right, sentOn)); // it may be nobody's
        }
    }

    void failIfShutForGood() {
        if (closedHere || moved != null || over != null) {
            throw whyShut();
        }
    }

    /** False if it was closed meanwhile. */
    synchronized boolean isGranted() {
        return stand == Stand.GRANTED;
    }

    /** All that was kept is in the inbox. */
    synchronized void taken(Way made) {
        if (over != null) {
            throw whyShut();
        }
        way = made;
        tellClosed();
        gate().open();
        stand = Stand.HERE;
        String next = wantedBy;
        wantedBy = null;
        if (closedHere) {
            leave(Stand.CLOSING);
        } else if (next != null) {
            giveUp(next);
        }
    }

    @Override
    protected IllegalStateException whyShut() {
        String ended = over;
        String to = moved;
        if (ended != null) {
            return new IllegalStateException(ended);
        }
        if (closedHere) {
            return new IllegalStateException(this + " was closed by this program");
        }
        return new IllegalStateException(
                this + " is used by " + to
                        + " now, and an end of a pipe belongs to the process that used it last; have it sent back to use it here");
    }

    /** Another process wants it. On the line's thread. */
    synchronized void giveUp(String to) {
        if (stand == Stand.GRANTED) {
            wantedBy = to;
        } else if (stand == Stand.HERE) {
            moved = to;
            leave(Stand.MOVING);
        } else if (stand == Stand.CLOSING) {
            stand = Stand.MOVING;
            if (closeSaid) {
                aside(this::moves);
            }
        }
    }

    private void leave(Stand next) {
        stand = next;
        closeSaid = false;
        left = new CompletableFuture<>();
        boolean unused = gate().shut(this::everybodyLeft);
        wake();
    }

    private synchronized void everybodyLeft() {
        if (stand == Stand.CLOSING) {
            sayClose();
        } else {
            aside(this::moves); // what it copies may be long
        }
    }

    private void sayClose() {
        closeSaid = true;
        var unused = pipe.closeEnd(right, sentOn).whenComplete((heard, failure) -> closeHeard());
    }

    private synchronized void closeHeard() {
        if (stand == Stand.CLOSING) { // and not claimed by another process just before
            ArrivingMessage inbox = inbox();
            synchronized (inbox) {
                inbox.clear();
            }
            isAway();
        }
    }

    /** Nobody here touches anything of it any more. What has arrived, and was not received, goes to who has it next. */
    private void moves() {
        if (over != null) {
            return;
        }
        try {
            handOn();
        } catch (
                OutOfMemoryError
                        e) { // the next cannot go on before it has all of that; the owner forgets what it got of it
            asideLater(this::moves);
        }
    }

    private void handOn() {
        ArrivingMessage inbox = inbox();
        synchronized (inbox) {
            if (way instanceof MessageWay messages) {
                messages.last(inbox);
            }
            for (int i = 0; i < inbox.parts(); i++) {
                pipe.sayQuietly(new PipeSaid.Keep(right, inbox.part(i)));
            }
            inbox.clear();
        }
        giveBack(List.of());
    }

    /** The end is the owner's again, with what had arrived of a message. */
    void giveBack(List<PipePart> rest) {
        rest.forEach(part -> pipe.sayQuietly(new PipeSaid.Keep(right, part)));
        synchronized (this) {
            boolean closes = closedHere && stand == Stand.GRANTED; // that was not said, for whoever had it would do it
            pipe.sayQuietly(new PipeSaid.GiveUp(right));
            if (closes) {
                pipe.sayQuietly(new PipeSaid.Close(right, sentOn));
            }
            wantedBy = null;
            isAway();
        }
    }

    private void isAway() {
        way = null;
        stand = Stand.AWAY;
        left.complete(true);
    }

    /** It was sent to this process. */
    synchronized void arrived() {
        moved = null;
        closedHere = false;
    }

    /** The other end is closed. On the line's thread. */
    synchronized void otherClosed(String why) {
        otherClosed = why;
        tellClosed();
        wake();
    }

    private void tellClosed() {
        Way now = way;
        String why = otherClosed;
        if (why == null) {
            return;
        }
        if (now instanceof MappedWay mapped) {
            mapped.otherClosed(why);
        } else if (now instanceof MessageWay messages) {
            messages.otherClosed(why);
        }
    }

    /** The pipe is no more. */
    synchronized void over(String why) {
        over = why;
        boolean unused = gate().shut(() -> way = null);
        left.complete(true);
        wake();
    }

    /** After {@link #over}: run when nobody touches anything of it any more. */
    void whenLeft(Runnable then) {
        gate().whenLeft(then);
    }

    @Override
    public synchronized void close() {
        if (closedHere || over != null) {
            return;
        }
        closedHere = true;
        if (stand == Stand.HERE) {
            leave(Stand.CLOSING);
        } else if (stand == Stand.ASKED) {
            pipe.leaveClaim(right, claim);
        } else if (stand == Stand.AWAY && moved == null) {
            pipe.sayQuietly(new PipeSaid.Close(right, sentOn));
        }
        wake();
    }

    @Override
    public String toString() {
        return (right ? "the right" : "the left") + " end of " + pipe.name();
    }
}
