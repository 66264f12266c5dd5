// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which threads wait for which shared locks without a limit, and which locks they hold meanwhile: a circle among them never ends by
 * itself. All locks of one owner share it. The event loop's.
 *
 * <p>A thread is here only while it certainly waits: not while a wake is on its way to it, for it may have the lock already and its
 * word of that be slower than what another client says.
 */
public final class WaitGraph {
    /**
     * A thread that waits.
     *
     * @param canEnd whether it may be told of a deadlock
     */
    record Edge(int client, long ticket, boolean canEnd, long thread, LockAtOwner wanted, Set<Long> holds) {}

    /** The waiting thread that holds a lock, by the lock's number: one at most, for a thread that waits releases nothing. */
    private final Map<Long, Edge> waitingHolders = new HashMap<>();

    private final Map<Long, LockAtOwner> locks = new HashMap<>();

    void add(Edge edge) {
        for (Long lock : edge.holds()) {
            waitingHolders.put(lock, edge);
        }
    }

    void remove(Edge edge) {
        for (Long lock : edge.holds()) {
            waitingHolders.remove(lock, edge);
        }
    }

    void opened(LockAtOwner lock) {
        locks.put(lock.number(), lock);
    }

    void closed(LockAtOwner lock) {
        locks.remove(lock.number());
        waitingHolders.remove(lock.number());
    }

    /**
     * The circle that a thread would close if it waited: itself, who holds what it wants, who holds what that one wants, and so on.
     * Empty if there is none.
     */
    List<Edge> circle(Edge newest) {
        List<Edge> circle = new ArrayList<>(List.of(newest));
        long wanted = newest.wanted().number();
        while (circle.size() <= waitingHolders.size() + 1) {
            Edge holder = waitingHolders.get(wanted);
            if (holder == null) {
                return List.of();
            }
            circle.add(holder);
            if (newest.holds().contains(holder.wanted().number())) {
                return circle;
            }
            wanted = holder.wanted().number();
        }
        return List.of(); // a circle without the newest: that was answered when it closed
    }

    /** Names all sides, and who of them is told. */
    String message(List<Edge> circle, Edge told, LockPeers peers) {
        StringBuilder text = new StringBuilder("deadlock:");
        for (int i = 0; i < circle.size(); i++) {
            Edge edge = circle.get(i);
            long held =
                    circle.get((i + circle.size() - 1) % circle.size()).wanted().number();
            text.append(i == 0 ? " " : ",\n  ")
                    .append(text(edge, peers))
                    .append(" holds ")
                    .append(name(held))
                    .append(" and waits for ")
                    .append(edge.wanted().name());
        }
        return text.append(".\n  The wait of ")
                .append(text(told, peers))
                .append(" was ended; the others go on when it releases what it holds."
                        + " Take these locks in the same order everywhere, or with tryLock and a time.")
                .toString();
    }

    private static String text(Edge edge, LockPeers peers) {
        return "thread " + edge.thread() + " of " + peers.name(edge.client());
    }

    private String name(long number) {
        LockAtOwner lock = locks.get(number);
        return lock == null ? "lock " + number : lock.name();
    }
}
