// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.WaitEnding;
import java.util.Set;

/**
 * What a client says when one of its threads has to wait for a lock.
 *
 * @param ticket of this wait; no other wait of the client has it
 * @param inFront it was woken, and somebody was faster
 * @param ending what may end it, beside the lock
 * @param thread its id
 * @param holds the numbers of the shared locks that the thread holds meanwhile
 */
public record LockWait(long ticket, boolean inFront, WaitEnding ending, long thread, Set<Long> holds) {
    public LockWait {
        holds = Set.copyOf(holds);
    }
}
