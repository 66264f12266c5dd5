// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clients that are only played: what the lock says to each lies there until somebody takes it. */
final class PlayedPeers implements LockPeers {
    /** What was said. */
    record Told(String what, long ticket, long token, boolean flag, String text) {}

    final Set<Integer> remote = new HashSet<>();
    final Set<Integer> dead = new HashSet<>();
    final List<LockReport> reports = new ArrayList<>();
    private final Map<Integer, Deque<Told>> told = new HashMap<>();

    Deque<Told> to(int client) {
        return told.computeIfAbsent(client, c -> new ArrayDeque<>());
    }

    private void tell(int client, String what, long ticket, long token, boolean flag, String text) {
        if (!dead.contains(client)) {
            to(client).addLast(new Told(what, ticket, token, flag, text));
        }
    }

    @Override
    public void woken(int client, long ticket, boolean handOff) {
        tell(client, "woken", ticket, 0, handOff, "");
    }

    @Override
    public void granted(int client, long ticket, long token, boolean previousOwnerDied) {
        tell(client, "granted", ticket, token, previousOwnerDied, "");
    }

    @Override
    public void refused(int client, long ticket) {
        tell(client, "refused", ticket, 0, false, "");
    }

    @Override
    public void registered(int client, long ticket) {
        tell(client, "registered", ticket, 0, false, "");
    }

    @Override
    public void notified(int client, long ticket) {
        tell(client, "notified", ticket, 0, false, "");
    }

    @Override
    public void left(int client, long ticket) {
        tell(client, "left", ticket, 0, false, "");
    }

    @Override
    public void deadlock(int client, long ticket, String message) {
        tell(client, "deadlock", ticket, 0, false, message);
    }

    @Override
    public void closed(int client, long ticket) {
        tell(client, "closed", ticket, 0, false, "");
    }

    @Override
    public void described(int client, long ticket, LockReport report) {
        reports.add(report);
    }

    @Override
    public String name(int client) {
        return "worker " + client + " (pid " + pid(client) + ")";
    }

    @Override
    public long pid(int client) {
        return 100L + client;
    }

    @Override
    public boolean isRemote(int client) {
        return remote.contains(client);
    }
}
