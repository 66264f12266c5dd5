// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import java.util.Arrays;
import java.util.List;

/**
 * Who takes part in one exploration, and what may happen.
 *
 * @param clients at most three: {@code "LL"} maps the word and locks twice, {@code "remote LL"} has no mapped memory. {@code L}
 *     locks and unlocks, {@code S} locks, adds an item, signals and unlocks, {@code A} locks, awaits until there is an item,
 *     takes it and unlocks, {@code T} is the same with a time that may be over
 * @param crashes whether one client may die, anywhere, at once or after its stream
 * @param leaves whether a wait for the lock may be given up
 * @param handOffAfter so many missed wakes
 */
record Setting(List<String> clients, boolean crashes, boolean leaves, int handOffAfter, Fault fault) {
    Setting {
        clients = List.copyOf(clients);
        if (clients.isEmpty() || clients.size() > 3) {
            throw new IllegalArgumentException("one to three clients, not " + clients.size());
        }
    }

    static Setting of(String... clients) {
        return new Setting(Arrays.asList(clients), true, true, 1, Fault.NONE);
    }

    Setting with(Fault other) {
        return new Setting(clients, crashes, leaves, handOffAfter, other);
    }

    Setting withoutCrashes() {
        return new Setting(clients, false, leaves, handOffAfter, fault);
    }

    Setting withoutLeaving() {
        return new Setting(clients, crashes, false, handOffAfter, fault);
    }

    Setting handingOffAfter(int misses) {
        return new Setting(clients, crashes, leaves, misses, fault);
    }

    boolean isRemote(int client) {
        return clients.get(client).startsWith("remote ");
    }

    /** What the client does as the {@code op}th, or 0 if it is done. */
    char op(int client, int op) {
        String script = clients.get(client).replace("remote ", "");
        return op < script.length() ? script.charAt(op) : 0;
    }
}
