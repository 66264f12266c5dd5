// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.internal.death.EndReason;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a death left, gathered from where it was left; {@link DeathCause} makes sense of it.
 *
 * @param status how the process ended
 * @param saidHello whether it had connected
 * @param lastWords what it left in its recorder
 * @param log what its JVM wrote about its own crash
 * @param farewell what its JVM, or the worker in its words, said of the memory that was too little
 * @param captured whether its output was kept, so that a missing farewell means something
 * @param endedBy which of our ways to end it were used before it ended
 * @param reason what it did so that we ended it; null if it was not so
 * @param oomKill whether the kernel counted a kill for lack of memory that may be this one
 * @param heapMax bytes that its heap could grow to; 0 if unknown
 * @param start what to say of one that never came up
 */
record Traces(
        ExitStatus status,
        boolean saidHello,
        String lastWords,
        Optional<FatalErrorLog> log,
        Optional<String> farewell,
        boolean captured,
        Set<End> endedBy,
        @Nullable EndReason reason,
        OomKills.Found oomKill,
        long heapMax,
        Start start) {

    /** Our ways to end a worker. */
    enum End {
        KILL,
        TERM,
        /** Its stdin was closed, the life-line. */
        DISMISSAL
    }

    /**
     * What to say of a worker that never said hello.
     *
     * @param said by its JVM, with what leads over to it
     * @param nextStep with the command that shows the same by hand
     */
    record Start(String said, String nextStep) {}
}
