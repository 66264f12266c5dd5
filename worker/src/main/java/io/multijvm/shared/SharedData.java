// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.Optional;

/**
 * Memory of more than one element that processes share. A process that dies while it changes several elements leaves some of
 * them changed and others not, and nobody can see from the elements which. So this is marked as suspect when a process dies
 * that has changed any of it before, or was about to. A worker that its pool ends in good order has not died.
 */
public interface SharedData extends AutoCloseable {
    /** Whether a process died that could have been changing it, since it was made or {@link #clearSuspicion} was called. */
    boolean isSuspect();

    /** Who died, and when; empty if nobody did. Asks the owner. */
    Optional<String> suspicion();

    /** It has been looked after: not suspect any more, until another process dies. Returns when the owner has done so. */
    void clearSuspicion();

    /**
     * The lock that belongs to it: reentrant, made when somebody first asks for it, the same in all processes, closed with
     * it. For what changes several elements as one step. Nobody is forced to take it. Waits for the owner the first time. See Python's {@code get_lock}.
     */
    SharedLock getLock();

    /**
     * Frees it, for all processes. Its memory is free two seconds after all that used it have heard of that, or have ended; if
     * its manager is closed before that, when the last of them has let its mapping be collected. Closing twice does nothing;
     * does not wait.
     */
    @Override
    void close();
}
