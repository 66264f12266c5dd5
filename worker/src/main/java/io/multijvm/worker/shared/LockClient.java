// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.LockCell;
import io.multijvm.worker.shared.Waiting.Answer;
import io.multijvm.worker.shared.Waiting.Kind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that one process has of one owner's locks: one for each connection. It knows which thread waits under which ticket, and hands it
 * the answer; an answer under a ticket that nobody has is of a wait that was left.
 *
 * <p>Thread-safe. The methods that are named as answers are for whoever hears the owner, in the order in which it speaks; they do
 * not wait and run no user code.
 */
public final class LockClient {
    private final int number;
    private final LockLine line;
    private final long pid = ProcessHandle.current().pid();
    /** How many signals may be under way before one waits until the owner has heard them. */
    private static final int SIGNALS_AHEAD = 1000;

    private final AtomicLong tickets = new AtomicLong();
    private final AtomicLong signals = new AtomicLong();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    /** One for each lock, whatever the number of handles that came: its threads must meet in one queue. */
    private final Map<Long, ClientLock> locks = new ConcurrentHashMap<>();

    private volatile @Nullable String gone;

    /**
     * A new connection's locks.
     *
     * @param number of this process, as the owner calls it
     */
    public LockClient(int number, LockLine line) {
        this.number = number;
        this.line = line;
    }

    /**
     * The lock of that number, for a process that maps its word.
     *
     * @param name for messages
     * @param reentrant whether its holder may lock it again
     * @param generation of the cell when the lock was made
     */
    public ClientLock mapped(long lock, String name, boolean reentrant, LockCell cell, long generation) {
        return locks.computeIfAbsent(
                lock,
                n -> new ClientLock(this, lock, name, reentrant, new MappedWord(this, lock, name, cell, generation)));
    }

    /** The lock of that number, for a process that does not map its word. */
    public ClientLock remote(long lock, String name, boolean reentrant) {
        return locks.computeIfAbsent(
                lock, n -> new ClientLock(this, lock, name, reentrant, new RemoteWord(this, lock, name)));
    }

    /** Answers a wait: the lock is free, or will be kept until this client answers. */
    public void woken(long ticket, boolean handOff) {
        tell(ticket, new Answer(handOff ? Kind.HANDED_OVER : Kind.WOKEN, ""));
    }

    /** Answers a wait without mapped memory: this client has the lock. */
    public void granted(long ticket, long token, boolean previousOwnerDied) {
        tell(ticket, new Answer(Kind.GRANTED, token, previousOwnerDied, ""));
    }

    /** Answers a try without mapped memory: somebody has the lock. */
    public void refused(long ticket) {
        tell(ticket, new Answer(Kind.REFUSED, ""));
    }

    /** Answers an await: the lock may be released. */
    public void registered(long ticket) {
        tell(ticket, new Answer(Kind.REGISTERED, ""));
    }

    /** Ends an await. */
    public void notified(long ticket) {
        tell(ticket, new Answer(Kind.NOTIFIED, ""));
    }

    /** Answers who left an await, or a wait for another thread of this process: nothing else was said before. */
    public void left(long ticket) {
        tell(ticket, new Answer(Kind.LEFT, ""));
    }

    /** Ends a wait that would last for ever. */
    public void deadlock(long ticket, String message) {
        tell(ticket, new Answer(Kind.DEADLOCK, message));
    }

    /** Ends a wait for a lock that is no more. */
    public void closed(long ticket) {
        tell(ticket, new Answer(Kind.CLOSED, ""));
    }

    /**
     * What was said of an object came when it was no more: of a lock that was closed while a thread was about to wait for it, or
     * of another object, whose tickets are not ours.
     */
    void closed(long object, long ticket) {
        Waiting one = waiting.get(ticket);
        if (one != null && one.lock() == object) {
            one.tell(new Answer(Kind.CLOSED, ""));
        }
    }

    /** Answers the question how a lock is. */
    public void described(long ticket, boolean held, String holder) {
        tell(ticket, new Answer(Kind.DESCRIBED, 0, held, holder));
    }

    /**
     * The owner says nothing any more: all waits end, and no lock can be taken.
     *
     * @param why for messages: {@code the manager was closed}
     */
    public void ownerGone(String why) {
        gone = why;
        waiting.values().forEach(one -> one.tell(new Answer(Kind.OWNER_GONE, why)));
    }

    int number() {
        return number;
    }

    long pid() {
        return pid;
    }

    LockLine line() {
        return line;
    }

    /** A new wait of this thread for what is said of a lock. */
    Waiting open(long lock) {
        Waiting one = new Waiting(this, lock, tickets.incrementAndGet());
        waiting.put(one.ticket(), one);
        String why = gone; // after it can be found: who is not found by ownerGone finds this
        if (why != null) {
            one.tell(new Answer(Kind.OWNER_GONE, why));
        }
        return one;
    }

    /** Needs no answer, but so that signals do not pile up before a slow owner one in many waits for it. */
    void signal(long lock, long condition, boolean all) {
        line.signal(lock, condition, all);
        if (signals.incrementAndGet() % SIGNALS_AHEAD == 0) {
            try (Waiting heard = open(lock)) {
                line.describe(lock, heard.ticket());
                heard.await(Patience.FOR_EVER);
            }
        }
    }

    void forget(Waiting one) {
        waiting.remove(one.ticket());
    }

    void forget(long lock) {
        locks.remove(lock);
    }

    /** The locks that this thread holds. Looked up when it has to wait, so that taking a lock need not write it down. */
    Set<Long> heldByThisThread() {
        return locks.values().stream()
                .filter(ClientLock::keepsOthersWaiting)
                .map(ClientLock::number)
                .collect(Collectors.toUnmodifiableSet());
    }

    void checkOwner(String name) {
        String why = gone;
        if (why != null) {
            throw ownerGone(name, why);
        }
    }

    static IllegalStateException ownerGone(String name, String why) {
        return new IllegalStateException(
                name + " is gone with its owner: " + why + ". What it guards is guarded no more; make a new lock.");
    }

    IllegalStateException closed(long lock, String name) {
        locks.remove(lock);
        return new IllegalStateException(
                name + " was closed. Close a lock, and its manager, when nobody needs it any more.");
    }

    private void tell(long ticket, Answer answer) {
        Waiting one = waiting.get(ticket);
        if (one != null) {
            one.tell(answer);
        }
    }
}
