// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

/** A rule of the protocol left out. Each must be found, or the rule is not needed or the model does not look. */
enum Fault {
    NONE,
    /** The owner does not mark the word of a held lock that somebody waits. */
    NO_SET_W,
    /** The owner marks the word and does not look whether it is free by now. */
    NO_SECOND_LOOK,
    /** The word of a dead holder is left as it is. */
    NO_RECLAIM,
    /** The owner wakes nobody when a woken client says that it got the lock. */
    NO_GRANT_AFTER_GOT,
    /** The owner wakes nobody when a client leaves, woken perhaps. */
    NO_GRANT_AFTER_LEAVE,
    /** A client takes any wake for its own, also one for a wait that it has left. */
    NO_TICKET,
    /** The owner says that it hands the lock over, and does not mark the word. */
    HAND_OFF_WITHOUT_ITS_BIT,
    /** A lock is taken from a client whose stream has ended, before its process has. */
    RECLAIM_BEFORE_REAP,
    /** What a remote client left, and was given before the owner knew, stays its own. */
    GRANT_NOT_TAKEN_BACK,
    /** As above, but what was told with that grant, that the owner before had died, is told to nobody else. */
    DEATH_FORGOTTEN_WITH_THE_GRANT,
    /** A waiting thread gives the lock back before the owner has said that it is registered. */
    UNLOCK_BEFORE_REGISTRATION,
    /** A death wakes no waiter of a condition. */
    NO_NOTIFYING_AT_DEATH,
    /** A death wakes one waiter of a condition, as if the dead had been notified and passed it on, and no more. */
    ONE_NOTIFIED_AT_DEATH
}
