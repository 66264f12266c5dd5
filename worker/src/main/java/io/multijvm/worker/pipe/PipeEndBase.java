// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.wire.pipe.ArrivingMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all ends of pipes do, whatever {@link Way} their messages take: parts become messages, threads take turns and wait.
 * Thread-safe.
 *
 * <p>Who is at work is inside the gate. Whoever waits is among the waiters first, then has the way wake it, then looks once
 * more, and only then parks; so what happens in between is seen or wakes it.
 */
public abstract class PipeEndBase<T extends @Nullable Object> implements PipeEnd<T> {
    private static final String NO_LIMIT = "no limit was set";

    private final Gate gate = new Gate();
    private final ReadyActions actions = new ReadyActions(this);
    private final PipeWaiters waiters = new PipeWaiters(actions::look);
    /** Held by who sends a message, from its first part to its last. */
    private final ReentrantLock sending = new ReentrantLock();

    private final QuickLooks looksForRoom = new QuickLooks();
    private final QuickLooks looksForParts = new QuickLooks();
    /** What has arrived and was not received. Guarded by itself; nobody waits while it is held. */
    private final ArrivingMessage inbox = new ArrivingMessage();

    /** Looks for something; null if it is not there. */
    private interface Look<M> {
        @Nullable
        M at(Way way);
    }

    /**
     * Goes inside the gate, after opening it if need be and possible.
     *
     * @param nanos how long to wait for that; {@code Long.MAX_VALUE} for no limit, and 0 only asks
     * @return null if it could not be opened in that time, or in less
     * @throws IllegalStateException if this end cannot be used any more, or not by this process
     */
    @Nullable
    protected abstract Way enter(long nanos) throws InterruptedException;

    /** Why the gate is shut. */
    protected abstract IllegalStateException whyShut();

    /** For values. */
    protected abstract ValueCodec codec();

    /** Who is inside is counted here. */
    protected final Gate gate() {
        return gate;
    }

    /** What has arrived and was not received; to be locked while it is used. */
    protected final ArrivingMessage inbox() {
        return inbox;
    }

    final PipeWaiters waiters() {
        return waiters;
    }

    /** For who waits for room. */
    final QuickLooks looksForRoom() {
        return looksForRoom;
    }

    /** Everybody who waits here is to look again. From any thread; returns at once. */
    public final void wake() {
        waiters.wake();
    }

    /** For what takes longer than the thread that hears of it may take. */
    protected static void aside(Runnable work) {
        PipeWaiters.aside(work);
    }

    /** As {@link #aside}, after a while: there was no memory for it just now. */
    protected static void asideLater(Runnable work) {
        PipeWaiters.asideLater(work);
    }

    @Override
    public final void send(T value) throws InterruptedException {
        byte[] bytes = codec().encode(value, "message");
        transmit(false, bytes, 0, bytes.length);
    }

    @Override
    public final void sendBytes(byte[] bytes, int offset, int length) throws InterruptedException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        transmit(true, bytes, offset, length);
    }

    private void transmit(boolean raw, byte[] from, int offset, int length) throws InterruptedException {
        Way way = Objects.requireNonNull(enterWithin(Long.MAX_VALUE), NO_LIMIT);
        try {
            if (!way.sends()) {
                throw new UnsupportedOperationException(
                        this + " only receives: its pipe goes one way; send at the left end");
            }
            sending.lockInterruptibly();
            try {
                new Sending(this, way, raw, from, offset, length).all();
            } finally {
                sending.unlock();
            }
        } finally {
            gate.leave();
        }
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the other side was given a T, which may be null
    public final T receive() throws InterruptedException {
        byte[] bytes = need(await(Long.MAX_VALUE, way -> message(way, false, Integer.MAX_VALUE)));
        return (T) codec().decode(bytes, 0, bytes.length);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // as above
    public final T receive(Duration limit) throws InterruptedException, TimeoutException {
        byte[] bytes = await(nanos(limit), way -> message(way, false, Integer.MAX_VALUE));
        if (bytes == null) {
            throw new TimeoutException("nothing came to " + this + " within " + limit.toMillis() + " ms");
        }
        return (T) codec().decode(bytes, 0, bytes.length);
    }

    @Override
    public final byte[] receiveBytes() throws InterruptedException {
        return need(await(Long.MAX_VALUE, way -> message(way, true, Integer.MAX_VALUE)));
    }

    @Override
    public final int receiveBytes(byte[] into) throws InterruptedException {
        byte[] bytes = need(await(Long.MAX_VALUE, way -> message(way, true, into.length)));
        System.arraycopy(bytes, 0, into, 0, bytes.length);
        return bytes.length;
    }

    private static byte[] need(byte @Nullable [] found) {
        return Objects.requireNonNull(found, NO_LIMIT);
    }

    private byte @Nullable [] message(Way way, boolean raw, int room) {
        synchronized (inbox) {
            if (!isReady(way)) {
                return null;
            }
            if (!inbox.isWhole()) {
                throw new PipeClosedException("nothing is left to be received at " + this + ": " + way.ended());
            }
            if (inbox.isRaw() != raw) {
                throw new IllegalStateException("the next message at " + this + " is "
                        + (raw ? "a value, not bytes: use receive()" : "bytes, not a value: use receiveBytes()")
                        + "; it stays");
            }
            if (inbox.length() > room) {
                throw new IllegalArgumentException("into has " + room + " bytes, and the next message at " + this + " "
                        + inbox.length() + "; it stays");
            }
            return inbox.take();
        }
    }

    /** Whether a receive need not wait. The inbox is locked. */
    private boolean isReady(Way way) {
        String ended = way.ended(); // first: what was sent before that is there by now
        while (!inbox.isWhole() && way.pull(inbox)) {
            // part by part
        }
        return inbox.isWhole() || ended != null;
    }

    private @Nullable Boolean ready(Way way) {
        synchronized (inbox) {
            return isReady(way) ? Boolean.TRUE : null;
        }
    }

    private <M> @Nullable M await(long nanos, Look<M> look) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long begin = System.nanoTime();
        Way way = enterWithin(nanos);
        if (way == null) {
            return null;
        }
        try {
            requireReceiver(way);
            M found = look.at(way);
            if (found == null && nanos > 0) {
                return awaitLong(way, nanos, begin, look);
            }
            if (found == null && way.isRemote()) {
                found = lookAndWant(way, look);
                if (found == null) {
                    way.fetch();
                    found = look.at(way);
                }
            }
            return found;
        } finally {
            gate.leave();
        }
    }

    /** Null if the time is over. */
    private @Nullable Way enterWithin(long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        long left = Math.max(0, nanos);
        Way way = enter(left);
        while (way == null && left > 0) {
            left = left(nanos, begin);
            way = enter(left);
        }
        return way;
    }

    /** Of a time to wait, never less than 0; {@code Long.MAX_VALUE} is for ever. */
    public static long left(long nanos, long begin) {
        return nanos == Long.MAX_VALUE ? nanos : Math.max(0, nanos - (System.nanoTime() - begin));
    }

    private void requireReceiver(Way way) {
        if (!way.receives()) {
            throw new UnsupportedOperationException(
                    this + " only sends: its pipe goes one way; receive at the right end");
        }
    }

    private <M> @Nullable M awaitLong(Way way, long nanos, long begin, Look<M> look) throws InterruptedException {
        try (PipeWaiters.Waiter me = waiters.add()) {
            if (way.isQuick()) {
                looksForParts.until(way::hasPart, nanos);
            }
            while (true) {
                me.reset();
                M found = lookAndWant(way, look);
                if (found != null) {
                    return found;
                }
                long left = left(nanos, begin);
                if (left == 0) {
                    return null;
                }
                me.await(left);
            }
        }
    }

    /** In one step, so that nothing is asked for while a message is here that nobody has received. */
    private <M> @Nullable M lookAndWant(Way way, Look<M> look) {
        synchronized (inbox) {
            if (gate.isShut()) {
                throw whyShut();
            }
            M found = look.at(way);
            if (found == null) {
                way.wantPart();
                found = look.at(way);
            }
            return found;
        }
    }

    @Override
    public final boolean poll() {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return poll(Duration.ZERO);
                } catch (InterruptedException e) { // while it asked the owner
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final boolean poll(Duration limit) throws InterruptedException {
        return await(nanos(limit), this::ready) != null;
    }

    @Override
    public final Registration whenReady(Runnable action) {
        if (poll()) {
            action.run();
            return () -> {};
        }
        return actions.add(action);
    }

    /** False if it is not ready; then it has itself woken when that may be so. Called inside the gate. */
    final boolean readyOrWanted(Way way) {
        return lookAndWant(way, this::ready) != null;
    }

    /** A time to wait; what is too long to be counted is for ever. */
    static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException e) {
            return limit.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
