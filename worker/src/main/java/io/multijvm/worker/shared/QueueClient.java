// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.EncodedSource;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.Waitable;
import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueWaits;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue: finds out at first use which way leads to it, and speaks with its owner. What users see of it is its face. */
public final class QueueClient extends ObjectClient {
    private static final long serialVersionUID = 1;

    private final transient QueueFace<Object> face = new QueueFace<>(this);
    private transient volatile @Nullable QueueWay way;
    /** How many threads are at work in its memory; with the highest bit set, none comes any more. */
    private final transient AtomicInteger atWork = new AtomicInteger();

    QueueClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    public Object face() {
        return face;
    }

    /** @throws IllegalStateException if it was closed, or its owner is gone */
    QueueWay way() {
        QueueWay known = way;
        return known != null && closedBecause() == null ? known : find();
    }

    private synchronized QueueWay find() {
        Opened it = opened();
        QueueWay known = way;
        if (known == null) {
            known = it.memory() == null
                    ? new QueueByMessages(this)
                    : new MappedQueue(this, it.client(), new QueueCell(it.memory(), it.offset()), itsLock());
            way = known;
        }
        return known;
    }

    /** @throws PayloadException if it cannot be encoded, or is longer than any way takes; nothing was said of it then */
    byte[][] encode(Object element) {
        byte[][] parts = owner().codec().encodeInParts(element, "element", MappedElements.LARGE_BYTES);
        long bytes = (long) parts[0].length + parts[1].length;
        int most = owner().mostElementBytes();
        if (bytes > most) {
            throw new PayloadException(
                    "an element of " + bytes + " bytes cannot be put: a queue takes up to " + most
                            + ". Next: put it in parts, or into a file",
                    "element",
                    null);
        }
        return parts;
    }

    Object decode(byte[] bytes) {
        return Objects.requireNonNull(owner().codec().decode(bytes, 0, bytes.length));
    }

    Object decode(EncodedSource source) {
        return Objects.requireNonNull(owner().codec().decode(source));
    }

    /**
     * A thread is about to touch its memory, and says {@link #leave} whatever comes of it.
     *
     * @throws IllegalStateException if it was closed, or its owner is gone
     */
    void enter() {
        if (atWork.incrementAndGet() < 0 || closedBecause() != null) {
            leave();
            throw new IllegalStateException(String.valueOf(closedBecause()));
        }
    }

    void leave() {
        // the last one to leave after its end is who says so
        if (atWork.decrementAndGet() == Integer.MIN_VALUE) {
            leftForGood();
        }
    }

    @Override
    protected void letGo() {
        if (atWork.getAndUpdate(now -> now < 0 ? now : now + Integer.MIN_VALUE) == 0) {
            leftForGood();
        }
    }

    /** Also when its owner is gone, and nobody waits for our word: who keeps a queue that is no more keeps no memory. */
    @Override
    protected void ended(String why) {
        letGo();
    }

    private void leftForGood() {
        if (way instanceof MappedQueue mapped) {
            mapped.forget();
        }
        way = null;
        if (owner().goneBecause() == null) {
            super.letGo();
        }
    }

    /** Asks the owner; an interrupt does not end the wait, and stays. */
    Heard askOwner(QueueSaid said) {
        return await(ask(said));
    }

    long newTicket() {
        return ticket();
    }

    /** Asks the owner for what may take long; null if the time is over before it comes. */
    @Nullable
    Heard askOwner(long ticket, QueueSaid said, Patience patience) throws InterruptedException {
        CompletableFuture<Heard> answer = ask(ticket, said);
        if (!patience.interruptible()) {
            return await(answer);
        }
        return await(answer, patience.left(), () -> say(ticket(), new QueueSaid.Leave(ticket)));
    }

    /** Waits until something may be true; false if the time is over before that. */
    boolean await(QueueWaits what, Patience patience) throws InterruptedException {
        return askOwner(ticket(), new QueueSaid.Await(what), patience) != null;
    }

    /** Has it run once, on the line's thread, as soon as a take need not wait, or can only throw. */
    Waitable.Registration whenReady(Runnable action) {
        long ticket = ticket();
        CompletableFuture<Heard> answer = ask(ticket, new QueueSaid.Watch());
        var unused = answer.whenComplete((heard, failure) -> {
            if (!(heard instanceof Heard.Left)) {
                action.run();
            }
        });
        return () -> {
            if (!answer.isDone()) {
                tellOwner(new QueueSaid.Leave(ticket));
            }
        };
    }

    /** @throws IllegalStateException if there is no memory for it */
    QueueHeard.SegmentAt grow(int bytes) {
        return (QueueHeard.SegmentAt) askOwner(new QueueSaid.Grow(bytes));
    }

    /** Where a segment is; null if it is no more. */
    QueueHeard.@Nullable SegmentAt where(int segment) {
        return askOwner(new QueueSaid.Where(segment)) instanceof QueueHeard.SegmentAt at ? at : null;
    }

    /** Tells it what is not answered. */
    void tellOwner(QueueSaid said) {
        try {
            say(ticket(), said);
        } catch (IllegalStateException e) {
            // who waits has been told of the end, and its memory is free
        }
    }

    /** Whether it is no more. */
    public boolean isClosed() {
        return closedBecause() != null;
    }

    /**
     * For the owner's process: a client has ended for certain. What it had leased comes back, what it was putting is no more.
     * Waits for the queue's lock.
     *
     * @return the segments that are in use
     */
    public Set<Integer> takeBack(int dead) {
        return way() instanceof MappedQueue mapped ? mapped.takeBack(dead) : Set.of();
    }
}
