// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.pipe.PipeMemory;
import io.multijvm.wire.pipe.PipePart;
import io.multijvm.worker.pipe.MappedWay;
import io.multijvm.worker.pipe.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A pipe: what its owner says of either end, and what the two ends in this process say to it. */
final class PipeClient extends ObjectClient implements SharedPipe<@Nullable Object>, SharedHandle.OfPipeEnd.Ends {
    private static final long serialVersionUID = 1;

    private final transient boolean bothWays;
    private final transient ManagedEnd left = new ManagedEnd(this, false);
    private final transient ManagedEnd right = new ManagedEnd(this, true);
    /** Mapped once for both ends, when one is used that lies in memory. Guarded by this. */
    private transient @Nullable ByteBuffer memory;

    PipeClient(SharedHandle handle, OwnerLine owner, ObjectKind kind) {
        super(handle, owner);
        this.bothWays = kind == ObjectKind.PIPE;
    }

    @Override
    public PipeEnd<@Nullable Object> left() {
        return left;
    }

    @Override
    public PipeEnd<@Nullable Object> right() {
        return right;
    }

    /** As messages say it. */
    String name() {
        return "pipe " + handle().object() + " of manager " + Long.toHexString(handle().manager());
    }

    ManagedEnd end(boolean isRight) {
        return isRight ? right : left;
    }

    @Override
    public Object arrived(boolean isRight) {
        ManagedEnd end = end(isRight);
        end.arrived();
        return end;
    }

    /** For a claim, which can then be said without waiting. Waits for the owner the first time. */
    long claimTicket() {
        opened();
        return ticket();
    }

    /** Asks the owner for an end. Does not wait. */
    void claim(boolean isRight, long ticket, CompletableFuture<Heard> answer) {
        ask(ticket, new PipeSaid.Claim(isRight), answer);
    }

    /** Nobody waits for that claim any more. */
    void leaveClaim(boolean isRight, long ticket) {
        sayQuietly(new PipeSaid.Leave(isRight, ticket));
    }

    /**
     * Waits for what the owner answers to a claim; when the time is over, for its word whether it has come just before.
     *
     * @return {@link PipeHeard.Yours}, {@link PipeHeard.Shut}, or null if nobody waits for it any more
     */
    @Nullable
    PipeHeard await(boolean isRight, long ticket, CompletableFuture<Heard> answer, long nanos)
            throws InterruptedException {
        Heard heard = await(answer, nanos, () -> say(ticket(), new PipeSaid.Leave(isRight, ticket)));
        return heard instanceof PipeHeard granted ? granted : null;
    }

    /** Says that nobody here uses an end any more. Completed when the owner has heard it, or the pipe is no more. */
    CompletableFuture<Heard> closeEnd(boolean isRight, boolean sentOn) {
        try {
            return ask(new PipeSaid.Close(isRight, sentOn));
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A part of what was kept of a message. */
    PipePart kept(boolean isRight, int number) {
        return ((PipeHeard.Part) await(ask(new PipeSaid.Kept(isRight, number)))).part();
    }

    /** What the messages of an end pass through that this process has now. */
    Way way(PipeHeard.Yours yours) {
        if (yours.address().isEmpty()) {
            MessageWay way = new MessageWay(this, yours.right(), bothWays);
            if (!yours.ended().isEmpty()) {
                way.otherClosed(yours.ended());
            }
            return way;
        }
        PipeMemory mapped = new PipeMemory(mapped(yours), yours.ringBytes());
        MappedWay way = new MappedWay(
                mapped, owner().bells(handle(), opened().client()), handle().object(), yours.right(), bothWays);
        if (!yours.ended().isEmpty()) {
            way.otherClosed(yours.ended());
        }
        return way;
    }

    private synchronized ByteBuffer mapped(PipeHeard.Yours yours) {
        ByteBuffer known = memory;
        if (known != null) {
            return known;
        }
        try {
            known = WideFile.window(yours.address(), 0, PipeMemory.bytes(yours.ringBytes(), bothWays));
        } catch (IOException e) {
            throw notMapped(e);
        }
        memory = known;
        return known;
    }

    /** As {@link #ticket}. */
    long nextTicket() {
        return ticket();
    }

    /** As {@link #ask(long, Said)}. */
    CompletableFuture<Heard> askOwner(long ticket, Said said) {
        return ask(ticket, said);
    }

    /** Waits for the answer to something that needs none. */
    void askAnything() {
        await(ask(new Said.Open()));
    }

    /** Nobody waits any more until a part is accepted. Waits for the owner's word; true if it has accepted it before. */
    boolean withdrawn(boolean isRight, long ticket, CompletableFuture<Heard> answer) {
        try {
            say(ticket(), new PipeSaid.Leave(isRight, ticket));
            return await(answer) instanceof Heard.Done;
        } catch (IllegalStateException e) { // it is gone, and the part with it
            return false;
        }
    }

    /** Says something whose answer nobody waits for; nothing happens if the pipe is no more. */
    void sayQuietly(PipeSaid said) {
        try {
            say(ticket(), said);
        } catch (IllegalStateException e) {
            // it is no more
        }
    }

    /** Has the other end's process woken by the owner. */
    void ringByOwner(boolean ofRight) {
        sayQuietly(new PipeSaid.Ring(ofRight));
    }

    @Override
    public void close() {
        closeForAll();
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        if (heard instanceof PipeHeard.Ended ended) {
            end(ended.right()).otherClosed(ended.why());
        } else if (heard instanceof PipeHeard.GiveUp give) {
            end(give.right()).giveUp(give.to());
        } else if (heard instanceof PipeHeard.Ring ring) {
            end(ring.right()).wake();
        }
    }

    /** When the last thread that copies has done so. */
    @Override
    protected void letGo() {
        left.whenLeft(() -> right.whenLeft(super::letGo));
    }

    @Override
    protected void ended(String why) {
        synchronized (this) {
            memory = null; // unmapped by the collector, when nobody can touch it any more
        }
        left.over(why);
        right.over(why);
    }
}
