// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.death;

import io.multijvm.failure.CrashReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher knows of a death, before anybody has looked at what the process left.
 *
 * @param at when its end was noticed
 * @param item that is blamed
 * @param worker that died; -1 as its slot for a standby
 * @param heapUsed bytes, by the worker's last word; 0 if it never said
 * @param heapMax what the JVM really could have; 0 if it never said
 * @param lastWords what it left in the recorder, or empty
 * @param saidHello whether it had connected
 * @param reason what it did so that we ended it; null if it was not so
 */
public record Circumstances(
        Instant at,
        CrashReport.Item item,
        CrashReport.Worker worker,
        long heapUsed,
        long heapMax,
        String lastWords,
        boolean saidHello,
        @Nullable EndReason reason) {

    /** The same worker's death as that of this item. */
    public Circumstances of(CrashReport.Item blamed) {
        return new Circumstances(at, blamed, worker, heapUsed, heapMax, lastWords, saidHello, reason);
    }
}
