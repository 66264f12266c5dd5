// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.worker.pipe.Way;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where no memory is shared: through the pipe's owner. One part is on its way at a time in each direction; the owner keeps what
 * it has accepted. Answers come on the line's thread, in the order in which the owner gave them.
 */
final class MessageWay implements Way {
    private final PipeClient pipe;
    private final boolean right;
    private final boolean sends;
    private final boolean receives;
    private volatile @Nullable String broken;
    // guarded by this
    /** Of the part that is on its way. */
    private @Nullable CompletableFuture<Heard> accepted;

    private long ticket;
    private boolean taking;
    private @Nullable PipePart arrived;
    private @Nullable String ended;

    MessageWay(PipeClient pipe, boolean right, boolean bothWays) {
        this.pipe = pipe;
        this.right = right;
        this.sends = bothWays || !right;
        this.receives = bothWays || right;
    }

    @Override
    public boolean sends() {
        return sends;
    }

    @Override
    public boolean receives() {
        return receives;
    }

    @Override
    public synchronized int offer(boolean first, boolean raw, int total, byte[] from, int offset, int length) {
        if (!settled()) {
            return NO_ROOM;
        }
        int n = Math.min(length, PipePart.MOST_BYTES);
        PipePart part = new PipePart(first, raw, total, Arrays.copyOfRange(from, offset, offset + n));
        ticket = pipe.nextTicket();
        CompletableFuture<Heard> answer = pipe.askOwner(ticket, new PipeSaid.Part(right, part));
        accepted = answer;
        var unused = answer.whenComplete((heard, failure) -> pipe.end(right).wake());
        return n;
    }

    @Override
    public synchronized boolean settled() {
        CompletableFuture<Heard> answer = accepted;
        if (answer == null) {
            return true;
        }
        Heard heard = answer.isDone() && !answer.isCompletedExceptionally() ? answer.join() : null;
        if (heard instanceof PipeHeard.Ended end) {
            broken = end.why();
        } else if (heard instanceof Heard.Refused refused) {
            broken = refused.why();
        } else if (heard instanceof Heard.Done) {
            accepted = null;
        }
        return accepted == null;
    }

    @Override
    public boolean withdraw() {
        CompletableFuture<Heard> answer;
        synchronized (this) {
            if (settled()) {
                return true;
            }
            answer = accepted;
        }
        boolean done = answer != null && pipe.withdrawn(right, ticket, answer);
        synchronized (this) {
            accepted = null;
        }
        return done;
    }

    @Override
    public void wantRoom(int length) {
        // the answer wakes
    }

    @Override
    public synchronized boolean pull(ArrivingMessage into) {
        PipePart part = arrived;
        if (part == null) {
            return false;
        }
        into.add(part); // if there is no memory for it, it comes again
        arrived = null;
        return true;
    }

    @Override
    public synchronized void wantPart() {
        if (arrived == null && !taking && ended == null) {
            taking = true;
            var unused = pipe.askOwner(pipe.nextTicket(), new PipeSaid.Take(right))
                    .whenComplete((heard, failure) -> taken(heard));
        }
    }

    private void taken(@Nullable Heard heard) {
        synchronized (this) {
            taking = false;
            if (heard instanceof PipeHeard.Part come) {
                arrived = come.part();
            } else if (heard instanceof PipeHeard.Ended end) {
                ended = end.why();
            }
        }
        pipe.end(right).wake();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    /** What the owner answers after our question answers whether there was something. */
    @Override
    public void fetch() {
        pipe.askAnything();
    }

    /** Nothing more is asked here: this end is given up. */
    synchronized void last(ArrivingMessage into) {
        if (!into.isWhole()) {
            boolean unused = pull(into);
        }
    }

    /** The other end was closed; what the owner has accepted still comes. */
    void otherClosed(String why) {
        broken = why;
    }

    @Override
    public synchronized @Nullable String ended() {
        return ended;
    }

    @Override
    public @Nullable String broken() {
        return broken;
    }
}
