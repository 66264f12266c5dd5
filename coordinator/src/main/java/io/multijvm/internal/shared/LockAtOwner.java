// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.WaitGraph.Edge;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.mapped.LockCell.Holder;
import io.multijvm.wire.mapped.LockWord;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.LockWait;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A shared lock where it is owned: who waits for it, in which order, and who is to try next. A free lock is taken and released
 * without a word to here, by compare-and-set on its {@link LockWord}; who finds it held says so, and marks in the word make its
 * holder say when it is free.
 *
 * <pre>
 * hears WAIT ------------------------- the client stands in the queue, in front if its wake came too late, and settle
 * hears RELEASED, GOT, LEAVE, death -- that client's wake is answered, a dead holder's word is free and abandoned, and settle
 *
 * settle: a wake is unanswered ------- nothing: its answer settles again
 *         nobody waits --------------- the word loses its marks
 *         the lock is held ----------- the word is marked, if it is not: its release will be told
 *         it is free ----------------- the first is woken, or, if it does not map the word, given the lock
 * </pre>
 *
 * <p>The mark is set by a compare-and-set of the whole word as it was seen held, so a release either came before, and then the word
 * is looked at again, or will see the mark. A release takes the mark with it, and no wake leaves one, so however often the lock is
 * taken and released while a message is under way, one tells of it. At most one wake is unanswered. Who was late three times is handed the lock: the word
 * is marked so that nobody passes by. {@code SharedLockModelTest} tries all orders of these steps.
 *
 * <p>The event loop's. The word alone is changed by others.
 */
public final class LockAtOwner {
    /** Barging keeps a lock fast; three times late is what a waiter bears. */
    static final int HAND_OFF_AFTER = 3;

    /** A client that waits; of one client there is one at most, for its threads stand in a queue of their own. */
    private record Waiter(int client, long ticket, int misses, Edge edge) {
        Waiter late() {
            return new Waiter(client, ticket, misses + 1, edge);
        }
    }

    /** What a client without mapped memory was given last. */
    private record Grant(int client, long ticket, boolean toldOfDeath) {}

    private final long number;
    private final String name;
    private final LockCell cell;
    private final LockPeers peers;
    private final WaitGraph graph;
    private final LongSupplier nanos;

    private final Deque<Waiter> queue = new ArrayDeque<>();
    /** Has not answered its wake. */
    private @Nullable Waiter woken;

    private @Nullable Grant granted;
    private final ConditionsAtOwner conditions;
    /** Threads that wait for others of their own process. */
    private final List<Edge> blocked = new ArrayList<>();

    private boolean closed;

    /**
     * A new lock.
     *
     * @param number its own, among all of this owner's
     * @param name for messages: {@code lock 7}
     * @param cell free, and nobody else's
     * @param nanos the time, as System.nanoTime
     */
    public LockAtOwner(long number, String name, LockCell cell, LockPeers peers, WaitGraph graph, LongSupplier nanos) {
        this.number = number;
        this.name = name;
        this.cell = cell;
        this.peers = peers;
        this.graph = graph;
        this.nanos = nanos;
        this.conditions = new ConditionsAtOwner(peers);
        graph.opened(this);
    }

    long number() {
        return number;
    }

    String name() {
        return name;
    }

    /** A client's thread cannot have the lock now, or has none of the memory to look. */
    public void waitFor(int client, LockWait wait) {
        if (closed) {
            peers.closed(client, wait.ticket());
            return;
        }
        int misses = woken != null && woken.client() == client && wait.inFront() ? woken.misses() + 1 : 0;
        answered(client);
        Edge edge = edge(client, wait);
        Waiter waiter = new Waiter(client, wait.ticket(), misses, edge);
        if (wait.inFront()) {
            queue.addFirst(waiter);
        } else {
            queue.addLast(waiter);
        }
        settle();
        if (wait.ending() != WaitEnding.TIME && waits(edge)) {
            findDeadlock(edge);
        }
    }

    /** A thread waits for another of its own process, which has the lock or waits for it. */
    public void blocked(int client, LockWait wait) {
        if (closed) {
            peers.closed(client, wait.ticket());
            return;
        }
        Edge edge = edge(client, wait);
        blocked.add(edge);
        findDeadlock(edge);
    }

    private Edge edge(int client, LockWait wait) {
        return new Edge(client, wait.ticket(), wait.ending() == WaitEnding.DEADLOCK, wait.thread(), this, wait.holds());
    }

    private void findDeadlock(Edge newest) {
        List<Edge> circle = graph.circle(newest);
        graph.add(newest);
        circle.stream()
                .filter(Edge::canEnd)
                .findFirst()
                .ifPresent(told -> told.wanted().end(told, graph.message(circle, told, peers)));
    }

    private boolean waits(Edge edge) {
        return queue.stream().anyMatch(waiter -> waiter.edge().equals(edge));
    }

    private void end(Edge edge, String message) {
        blocked.remove(edge);
        graph.remove(edge);
        queue.removeIf(waiter -> waiter.edge().equals(edge));
        peers.deadlock(edge.client(), edge.ticket(), message);
        settle();
    }

    /** A client without mapped memory wants the lock if it is free, and else nothing. */
    public void tryFor(int client, long ticket, long thread) {
        if (closed) {
            peers.closed(client, ticket);
            return;
        }
        long word = cell.word();
        while (LockWord.isFree(word) && !LockWord.handsOff(word)) {
            if (tryGrant(word, client, ticket, thread)) {
                return;
            }
            word = cell.word();
        }
        peers.refused(client, ticket);
    }

    /** A client released the lock, and the word was marked. */
    public void released() {
        if (woken == null && !queue.isEmpty() && !LockWord.isFree(cell.word())) {
            queue.addFirst(queue.removeFirst().late()); // the lock was taken again before anybody could be woken
        }
        settle();
    }

    /** A woken client has the lock. */
    public void got(int client, long ticket) {
        if (woken != null && woken.ticket() == ticket) {
            answered(client);
        }
        settle();
    }

    /** A client without mapped memory releases the lock. */
    public void unlock(int client, long token) {
        long word = cell.word();
        if (closed) {
            return;
        }
        if (LockWord.holder(word) != client || LockWord.epoch(word) != token) {
            throw new IllegalStateException(peers.name(client) + " releases " + name + " of token " + token
                    + ", which is " + LockWord.text(word));
        }
        swap(word, LockWord.released(word));
        settle();
    }

    /** A wait is over for its client: by its time, by an interrupt; or, among its own threads, because it is that one's turn. */
    public void leave(int client, long ticket) {
        if (conditions.leave(client, ticket) || unblock(client, ticket)) {
            peers.left(client, ticket);
            return;
        }
        queue.removeIf(waiter -> waiter.client() == client && waiter.ticket() == ticket && forgotten(waiter));
        if (woken != null && woken.ticket() == ticket) {
            answered(client);
        }
        long word = cell.word();
        if (!closed
                && granted != null
                && granted.client() == client
                && granted.ticket() == ticket
                && LockWord.holder(word) == client) { // what we gave it crossed with this
            swap(word, granted.toldOfDeath() ? LockWord.reclaimed(word) : LockWord.released(word));
        }
        settle();
    }

    /** A thread that holds the lock is going to await a condition; it releases the lock when it is registered. */
    public void await(int client, long condition, long ticket) {
        if (closed) {
            peers.closed(client, ticket);
            return;
        }
        conditions.await(client, condition, ticket);
    }

    /** The holder signals; it need not wait for anything before it releases the lock. */
    public void signal(long condition, boolean all) {
        conditions.signal(condition, all);
    }

    /**
     * A client is dead: it was reaped, so that it cannot reach the word any more, and all that it said was heard.
     *
     * @return whether it held the lock
     */
    public boolean died(int client) {
        queue.removeIf(waiter -> waiter.client() == client && forgotten(waiter));
        blocked.removeIf(edge -> edge.client() == client && unwatched(edge));
        answered(client);
        long word = cell.word();
        boolean held = !closed && LockWord.holder(word) == client;
        if (held) {
            swap(word, LockWord.reclaimed(word));
        }
        conditions.died(client);
        settle();
        return held;
    }

    /** Ends the lock for all: who waits is told, who holds it finds out when it releases. Its cell may be used for another. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Stream.concat(waiters().map(Waiter::edge), blocked.stream()).forEach(edge -> {
            graph.remove(edge);
            peers.closed(edge.client(), edge.ticket());
        });
        conditions.close();
        woken = null;
        queue.clear();
        blocked.clear();
        graph.closed(this);
        cell.free();
    }

    /** Answers who asks how the lock is. */
    public void describe(int client, long ticket) {
        peers.described(client, ticket, report());
    }

    /** How it is. */
    public LockReport report() {
        long word = cell.word();
        boolean held = !closed && !LockWord.isFree(word);
        Optional<Holder> told = held ? holder(word) : Optional.empty();
        List<String> waiters = waiters()
                .map(waiter -> text(waiter.edge().thread(), waiter.client()))
                .toList();
        return new LockReport(
                name,
                held,
                held ? holderText(word, told) : "",
                told.map(holder -> Duration.ofNanos(Math.max(0, nanos.getAsLong() - holder.since())))
                        .orElse(Duration.ZERO),
                waiters,
                conditions.size());
    }

    private Stream<Waiter> waiters() {
        return Stream.concat(Stream.ofNullable(woken), queue.stream());
    }

    private Optional<Holder> holder(long word) {
        return cell.holder().filter(told -> told.pid() == peers.pid(LockWord.holder(word)));
    }

    private String holderText(long word, Optional<Holder> told) {
        int client = LockWord.holder(word);
        return told.map(holder -> text(holder.thread(), client)).orElseGet(() -> peers.name(client));
    }

    private String text(long thread, int client) {
        return "thread " + thread + " of " + peers.name(client);
    }

    private void answered(int client) {
        if (woken != null && woken.client() == client) {
            woken = null;
        }
    }

    /** Always true: it is part of a removal. */
    private boolean forgotten(Waiter waiter) {
        return unwatched(waiter.edge());
    }

    private boolean unblock(int client, long ticket) {
        return blocked.removeIf(edge -> edge.client() == client && edge.ticket() == ticket && unwatched(edge));
    }

    private boolean unwatched(Edge edge) {
        graph.remove(edge);
        return true;
    }

    /** See above. Each turn of the loop looks at the word as it is now. */
    private void settle() {
        boolean settled = closed || woken != null;
        while (!settled) {
            long word = cell.word();
            Waiter first = queue.peekFirst();
            boolean handOff = first != null && first.misses() >= HAND_OFF_AFTER;
            if (first == null || !LockWord.isFree(word)) {
                settled = cell.change(word, LockWord.marked(word, first != null, handOff));
            } else if (peers.isRemote(first.client())) {
                if (tryGrant(word, first.client(), first.ticket(), first.edge().thread())) {
                    forgotten(queue.removeFirst()); // and look whether others wait behind it
                }
            } else if (cell.change(word, LockWord.marked(word, false, handOff))) {
                wake(queue.removeFirst(), handOff);
                settled = true;
            }
        }
    }

    private void wake(Waiter first, boolean handOff) {
        woken = first;
        graph.remove(first.edge());
        peers.woken(first.client(), first.ticket(), handOff);
    }

    private boolean tryGrant(long free, int client, long ticket, long thread) {
        long taken = LockWord.taken(free, client);
        if (!cell.change(free, taken)) {
            return false;
        }
        boolean died = LockWord.isAbandoned(free);
        granted = new Grant(client, ticket, died);
        cell.tell(LockWord.epoch(taken), peers.pid(client), thread, nanos.getAsLong());
        peers.granted(client, ticket, LockWord.epoch(taken), died);
        return true;
    }

    /** Of a word whose holder cannot change it: nobody else does. */
    private void swap(long seen, long next) {
        if (!cell.change(seen, next)) {
            throw new IllegalStateException("the word of " + name + " was changed by who does not hold it: "
                    + LockWord.text(seen) + ", now " + LockWord.text(cell.word()));
        }
    }
}
