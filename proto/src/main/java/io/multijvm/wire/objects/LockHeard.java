// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What the owner of a lock says to a client. The ticket of each is that of the wait that it is about. */
public sealed interface LockHeard extends Heard {
    /** It is free: try again. */
    record Woken(boolean handOff) implements LockHeard {}

    /** To a client without mapped memory: it has the lock. */
    record Granted(long token, boolean previousOwnerDied) implements LockHeard {}

    /** To a client without mapped memory: somebody has it. */
    record Busy() implements LockHeard {}

    /** It is among those that await the condition. */
    record Registered() implements LockHeard {}

    /** It awaits no longer. */
    record Notified() implements LockHeard {}

    /** It left, and nothing was said before that. */
    record Left() implements LockHeard {}

    /** It would wait for ever. */
    record Deadlock(String message) implements LockHeard {}

    /** It waits no longer: the lock was closed. */
    record Ended() implements LockHeard {}

    /** How it is. */
    record Described(boolean held, String holder) implements LockHeard {}
}
