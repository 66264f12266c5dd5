// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What stands for one shared object in this JVM; there is one for each. What crosses of it is its handle. Thread-safe.
 *
 * <p>Its owner is asked for the object's place when it is first used. An answer comes to who asked, by its ticket; what else
 * the owner says goes to {@link #heard}.
 */
public abstract class ObjectClient implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient SharedHandle handle;
    private final transient OwnerLine owner;
    private final transient AtomicLong lastTicket = new AtomicLong();
    private final transient Map<Long, CompletableFuture<Heard>> asked = new ConcurrentHashMap<>();
    /** Held for moments by who writes one of the two below. */
    private final transient Object place = new Object();

    private transient volatile @Nullable Opened opened;
    private transient volatile @Nullable String closed;
    /** Null until it is asked for. */
    private transient volatile @Nullable SharedLock lock;

    protected ObjectClient(SharedHandle handle, OwnerLine owner) {
        this.handle = handle;
        this.owner = owner;
    }

    /**
     * What the owner told of it.
     *
     * @param client this process's number
     * @param memory the segment that it is in; null where no memory is shared
     * @param offset of its cell there
     * @param generation of this use of the cell
     */
    protected record Opened(int client, @Nullable ByteBuffer memory, int offset, long generation) {}

    /** What crosses. */
    protected final Object writeReplace() {
        return handle;
    }

    /** What users see of it. Always the same. */
    public Object face() {
        return this;
    }

    /** What crosses, as it is. */
    public final SharedHandle handle() {
        return handle;
    }

    /**
     * Its place, after asking for it if need be. An interrupt does not end the wait, and stays.
     *
     * @throws IllegalStateException if it was closed, or its owner is gone
     */
    protected final Opened opened() {
        Opened known = opened;
        return known == null ? open() : known;
    }

    private synchronized Opened open() {
        Opened known = opened;
        if (known != null) {
            return known;
        }
        if (closed != null) {
            throw isClosed();
        }
        owner.keep(this);
        int client = owner.client();
        Heard.Opened answer = (Heard.Opened) await(ask(new Said.Open()));
        CellPlace cell = answer.place();
        known = cell == null
                ? new Opened(client, null, 0, answer.generation())
                : new Opened(client, mapped(cell), (int) cell.offset(), answer.generation());
        synchronized (place) {
            if (closed != null) { // and perhaps let go before it was mapped: then it may be another object's by now
                throw isClosed();
            }
            opened = known;
        }
        return known;
    }

    private ByteBuffer mapped(CellPlace cell) {
        try {
            return owner.map(cell);
        } catch (IllegalStateException e) {
            throw notMapped(e);
        }
    }

    /**
     * Its memory cannot be mapped. That is no wonder where it is no more, of which this process may not have heard yet: so its
     * owner is asked. Waits for that.
     */
    final IllegalStateException notMapped(IllegalStateException why) {
        try {
            var unused = await(ask(new Said.Open()));
        } catch (IllegalStateException e) {
            // that says which of them it is
        }
        String ended = closed;
        return ended == null ? why : new IllegalStateException(ended, why);
    }

    /** As {@link #notMapped(IllegalStateException)}, of what is not in its cell. */
    final IllegalStateException notMapped(IOException why) {
        return notMapped(
                new IllegalStateException("the memory of " + this + " cannot be mapped: " + why.getMessage(), why));
    }

    /**
     * The lock that belongs to it. Waits for the owner the first time; an interrupt does not end the wait, and stays.
     *
     * @throws IllegalStateException if it was closed, or its owner is gone
     */
    final SharedLock itsLock() {
        SharedLock known = lock;
        if (known == null || closed != null) {
            opened();
            long number = ((Heard.ItsLock) await(ask(new Said.ItsLock()))).object();
            known = (SharedLock) owner.client(new SharedHandle(
                    handle.address(), handle.manager(), handle.key(), number, ObjectKind.REENTRANT_LOCK.name()));
            lock = known;
        }
        return known;
    }

    /** A new number for something that is said. */
    protected final long ticket() {
        return lastTicket.incrementAndGet();
    }

    /** Says something to which no answer is waited for. */
    protected final void say(long ticket, Said said) {
        if (closed != null) {
            throw isClosed();
        }
        owner.say(handle.object(), ticket, said);
    }

    /** Says something; the answer completes the future, on the line's thread. */
    protected final CompletableFuture<Heard> ask(Said said) {
        return ask(ticket(), said);
    }

    /** As {@link #ask(Said)}, under a ticket that was taken before, so that it can be named later. */
    protected final CompletableFuture<Heard> ask(long ticket, Said said) {
        CompletableFuture<Heard> answer = new CompletableFuture<>();
        ask(ticket, said, answer);
        return answer;
    }

    /** As {@link #ask(long, Said)}: what depends on the future already has run before the owner's next word is heard. */
    protected final void ask(long ticket, Said said, CompletableFuture<Heard> answer) {
        asked.put(ticket, answer);
        String why = closed;
        if (why != null) {
            answer.completeExceptionally(new IllegalStateException(why));
        } else {
            owner.say(handle.object(), ticket, said);
        }
        var unused = answer.whenComplete((heard, failure) -> asked.remove(ticket));
    }

    /**
     * Waits for an answer. An interrupt does not end the wait, and stays.
     *
     * @throws IllegalStateException if it was refused, the object was closed, or its owner is gone
     */
    protected static Heard await(CompletableFuture<Heard> answer) {
        try {
            return checked(answer.join());
        } catch (CompletionException e) {
            throw failed(e.getCause());
        }
    }

    /**
     * Waits for an answer that may take long. When the time is over or the thread is interrupted the owner is asked to end the
     * wait, and its word counts: what was waited for may have come just before. An interrupt then stays set.
     *
     * @param leave asks the owner; it answers with {@link Heard.Left} if it still waits, and has answered if not
     * @return null if the time was over
     * @throws IllegalStateException if it was refused, the object was closed, or its owner is gone
     */
    protected static @Nullable Heard await(CompletableFuture<Heard> answer, long nanos, Runnable leave)
            throws InterruptedException {
        boolean interrupted = false;
        try {
            return checked(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (TimeoutException e) {
            // the owner is asked
        } catch (InterruptedException e) {
            interrupted = true;
        }
        boolean left = false;
        try {
            leave.run();
            Heard last = await(answer);
            left = last instanceof Heard.Left;
            if (left && interrupted) {
                throw new InterruptedException();
            }
            return left ? null : last;
        } finally {
            if (interrupted && !left) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Heard checked(Heard heard) {
        if (heard instanceof Heard.Refused refused) {
            throw new IllegalStateException(refused.why());
        }
        return heard;
    }

    private static IllegalStateException failed(@Nullable Throwable why) {
        return new IllegalStateException(why == null ? "it failed" : String.valueOf(why.getMessage()), why);
    }

    /** A time to wait, for {@link TimeUnit#NANOSECONDS}; what is too long for that is for ever. */
    protected static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException e) {
            return limit.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** On the line's thread. */
    final void hear(long ticket, Heard heard) {
        if (heard instanceof Heard.Closed end) {
            owner.drop(this);
            closed(end.why());
            letGo();
            heard(ticket, heard);
            return;
        }
        CompletableFuture<Heard> answer = asked.get(ticket);
        if (answer != null) {
            answer.complete(heard);
        } else {
            heard(ticket, heard);
        }
    }

    /**
     * It was closed, and its owner waits for our word before it uses its memory for something else. On the line's thread. Who
     * may still be at work there overrides this, and says so later.
     */
    protected void letGo() {
        try {
            owner.say(handle.object(), ticket(), new Said.LetGo());
        } catch (IllegalStateException e) {
            // its owner is gone, and the memory with that
        }
    }

    /** It is no more: all who wait are told, and all who come. */
    final void closed(String why) {
        synchronized (place) {
            if (closed == null) {
                closed = why;
            }
            opened = null; // who keeps a closed object keeps no memory
        }
        IllegalStateException end = new IllegalStateException(why);
        asked.values().forEach(answer -> answer.completeExceptionally(end));
        ended(why);
    }

    /** Why it cannot be used any more; null if it can. */
    protected final @Nullable String closedBecause() {
        return closed;
    }

    private IllegalStateException isClosed() {
        return new IllegalStateException(closed);
    }

    /** What its owner and this process say to each other. */
    protected final OwnerLine owner() {
        return owner;
    }

    /** Closes it for all processes. What it was doing for others ends with an {@code IllegalStateException} there. */
    public final void closeForAll() {
        String before = closed;
        if (before != null) {
            closed(before); // who hears of it may be in the midst of that, and who calls this uses it no more
        } else {
            owner.keep(this); // to hear that it is closed
            try {
                owner.say(handle.object(), ticket(), new Said.Close());
            } catch (IllegalStateException e) {
                // its owner is gone, and it with that
            }
            closed(handle + " was closed by this program");
        }
    }

    /** Something that nobody asked for, or not any more; the last is {@link Heard.Closed}. On the line's thread: must not wait. */
    protected void heard(long ticket, Heard heard) {}

    /** It is no more; who asked has been told. From any thread; must not wait. */
    protected void ended(String why) {}

    @Override
    public String toString() {
        return handle.toString();
    }
}
