// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What may end a wait for a lock, beside the lock. */
public enum WaitEnding {
    /** Its thread may be told that there is a deadlock. */
    DEADLOCK,
    /** Its time, so it is part of no deadlock. */
    TIME,
    /** Nothing: it takes the lock again that it released to await a condition. Others of a deadlock are told of that. */
    NOTHING
}
