// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

/**
 * What an owned lock says to its clients, and what it knows of them. A client is one incarnation of a process, with a number from 1
 * to {@link io.multijvm.wire.mapped.LockWord#MOST_CLIENTS} that no two living ones share, and no dead one keeps that was not told as
 * died. What is said to one client must arrive in order; what is said to a dead one may vanish. Called on the event loop; no
 * method blocks or calls back.
 */
public interface LockPeers {
    /**
     * The lock is free: try again, and say got, or wait in front, or leave.
     *
     * @param handOff the word is marked so that nobody else can take it
     */
    void woken(int client, long ticket, boolean handOff);

    /** To a client without mapped memory: it has the lock now. */
    void granted(int client, long ticket, long token, boolean previousOwnerDied);

    /** To a client without mapped memory that does not want to wait: somebody has it. */
    void refused(int client, long ticket);

    /** It is among those that await the condition, and may release the lock. */
    void registered(int client, long ticket);

    /** It awaits no longer: it was signalled, or some client has died. */
    void notified(int client, long ticket);

    /** It awaits no longer: it asked to leave, and was not notified before that. */
    void left(int client, long ticket);

    /** It waits no longer: it would have for ever. */
    void deadlock(int client, long ticket, String message);

    /** It waits no longer: the lock was closed. */
    void closed(int client, long ticket);

    /** In answer to a question. */
    void described(int client, long ticket, LockReport report);

    /** For messages: {@code worker 3 (pid 4711)}. */
    String name(int client);

    /** Its process. */
    long pid(int client);

    /** Whether it does not map the word, so that the owner changes it in its name. */
    boolean isRemote(int client);
}
