// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.ConditionAtOwner.Awaiting;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The conditions of one lock. A thread that is notified goes on as any thread that wants the lock: to its process's own queue, then
 * to the word. Put into the lock's queue from here it could be woken while another thread of its process stands before it, and
 * neither would go on. The event loop's.
 */
final class ConditionsAtOwner {
    private final LockPeers peers;
    private final Map<Long, ConditionAtOwner> awaited = new HashMap<>();

    ConditionsAtOwner(LockPeers peers) {
        this.peers = peers;
    }

    /** The holder releases the lock when it has heard that it is registered: its next holder may signal. */
    void await(int client, long condition, long ticket) {
        awaited.computeIfAbsent(condition, c -> new ConditionAtOwner()).add(client, ticket);
        peers.registered(client, ticket);
    }

    void signal(long condition, boolean all) {
        ConditionAtOwner signalled = awaited.get(condition);
        if (signalled != null) {
            do {
                notifyOne(signalled);
            } while (all && signalled.size() > 0);
            if (signalled.size() == 0) {
                awaited.remove(condition);
            }
        }
    }

    /** Whether it was there, and had not been notified. */
    boolean leave(int client, long ticket) {
        for (Iterator<ConditionAtOwner> each = awaited.values().iterator(); each.hasNext(); ) {
            ConditionAtOwner condition = each.next();
            if (condition.remove(client, ticket)) {
                if (condition.size() == 0) {
                    each.remove();
                }
                return true;
            }
        }
        return false;
    }

    /**
     * All are notified. The dead may have been notified and not have got the lock again; it may have signalled, and the signal died
     * with it after the lock was released; or it died before it signalled what it had changed. The others look for themselves, as
     * they must after any await.
     */
    void died(int client) {
        for (ConditionAtOwner condition : awaited.values()) {
            condition.removeAllOf(client);
            while (condition.size() > 0) {
                notifyOne(condition);
            }
        }
        awaited.clear();
    }

    void close() {
        for (ConditionAtOwner condition : awaited.values()) {
            for (Awaiting one = condition.poll(); one != null; one = condition.poll()) {
                peers.closed(one.client(), one.ticket());
            }
        }
        awaited.clear();
    }

    int size() {
        return awaited.values().stream().mapToInt(ConditionAtOwner::size).sum();
    }

    private void notifyOne(ConditionAtOwner condition) {
        Awaiting first = condition.poll();
        if (first != null) {
            peers.notified(first.client(), first.ticket());
        }
    }
}
