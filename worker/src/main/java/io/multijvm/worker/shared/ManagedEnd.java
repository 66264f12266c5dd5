// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.worker.pipe.MappedWay;
import io.multijvm.worker.pipe.PipeEndBase;
import io.multijvm.worker.pipe.Way;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What stands in this process for one end of a manager's pipe. The gate of the end is open while the end is this process's:
 *
 * <pre>
 * SHUT -- a thread uses it: claimed of the owner ---------------------------> OPEN
 * OPEN -- another process claims it; when nobody is inside: given up -------> SHUT, moved
 * OPEN -- closed here; when nobody is inside: the owner is told ------------> SHUT, closed here
 * any  -- the pipe is no more ----------------------------------------------> SHUT, over
 * </pre>
 *
 * <p>It can be claimed again after it has moved only when it has arrived again.
 */
final class ManagedEnd extends PipeEndBase<@Nullable Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient PipeClient pipe;
    private final boolean right;
    /** Held by who claims it. */
    private final transient ReentrantLock claiming = new ReentrantLock();
    /** Not null while somebody is inside. */
    private transient volatile @Nullable Way way;

    private transient volatile boolean sentOn;
    // written under this
    private transient volatile boolean closedHere;
    /** To whom. */
    private transient volatile @Nullable String moved;

    private transient volatile @Nullable String over;
    /** The word to give it up to that one came before we had it. */
    private transient @Nullable String giveUpTo;

    private transient @Nullable String otherClosed;

    ManagedEnd(PipeClient pipe, boolean right) {
        this.pipe = pipe;
        this.right = right;
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
    protected Way enter() throws InterruptedException {
        while (!gate().enter()) {
            claim();
        }
        return Objects.requireNonNull(way, "somebody is inside");
    }

    private void claim() throws InterruptedException {
        claiming.lockInterruptibly();
        try {
            if (gate().isShut()) {
                failIfShutForGood();
                PipeHeard answer = pipe.claim(right);
                if (answer instanceof PipeHeard.Yours yours) {
                    take(yours);
                } else {
                    throw new IllegalStateException(this + " cannot be used: " + ((PipeHeard.Shut) answer).why());
                }
            }
        } finally {
            claiming.unlock();
        }
    }

    private void failIfShutForGood() {
        if (closedHere || moved != null || over != null) {
            throw whyShut();
        }
    }

    private void take(PipeHeard.Yours yours) {
        List<PipePart> kept = new ArrayList<>();
        for (int i = 0; i < yours.kept(); i++) {
            kept.add(pipe.kept(right, i));
        }
        Way made = pipe.way(yours);
        ArrivingMessage inbox = inbox();
        synchronized (inbox) {
            inbox.clear();
            kept.forEach(inbox::add);
        }
        synchronized (this) {
            failIfShutForGood();
            way = made;
            String closed = otherClosed;
            if (closed != null) { // heard of since the owner's answer
                tellClosed(closed);
            }
            gate().open();
            String next = giveUpTo;
            giveUpTo = null;
            if (next != null) {
                giveUp(next);
            }
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
        if (gate().isShut()) {
            giveUpTo = to; // we are told of it before we have taken it
            return;
        }
        moved = to;
        boolean unused = gate().shut(() -> aside(this::givenUp)); // what it copies may be long
        wake();
    }

    /** Nobody here touches anything of it any more. What has arrived, and was not received, goes to who has it next. */
    private void givenUp() {
        List<PipePart> left;
        ArrivingMessage inbox = inbox();
        synchronized (inbox) {
            if (way instanceof MessageWay messages) {
                messages.last(inbox);
            }
            left = inbox.parts();
            inbox.clear();
        }
        way = null;
        left.forEach(part -> pipe.sayQuietly(new PipeSaid.Keep(right, part)));
        pipe.sayQuietly(new PipeSaid.GiveUp(right));
    }

    /** It was sent to this process. */
    synchronized void arrived() {
        moved = null;
        closedHere = false;
    }

    /** The other end is closed. On the line's thread. */
    synchronized void otherClosed(String why) {
        otherClosed = why;
        tellClosed(why);
        wake();
    }

    private void tellClosed(String why) {
        Way now = way;
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
        if (!gate().shut(this::sayClosed) && moved == null) {
            sayClosed();
        }
        wake();
    }

    private void sayClosed() {
        way = null;
        pipe.sayQuietly(new PipeSaid.Close(right, sentOn));
    }

    @Override
    public String toString() {
        return (right ? "the right" : "the left") + " end of " + pipe.name();
    }
}
