// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Who awaits one condition, first come first. It is there while anybody does. The event loop's. */
final class ConditionAtOwner {
    /** One thread's await. */
    record Awaiting(int client, long ticket) {}

    private final Deque<Awaiting> awaiting = new ArrayDeque<>();

    void add(int client, long ticket) {
        awaiting.addLast(new Awaiting(client, ticket));
    }

    /** Who is to be notified next; it awaits no longer. */
    @Nullable
    Awaiting poll() {
        return awaiting.pollFirst();
    }

    /** Whether it was still there. */
    boolean remove(int client, long ticket) {
        return awaiting.remove(new Awaiting(client, ticket));
    }

    void removeAllOf(int client) {
        awaiting.removeIf(one -> one.client() == client);
    }

    int size() {
        return awaiting.size();
    }
}
