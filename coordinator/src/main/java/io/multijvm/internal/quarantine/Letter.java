// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.quarantine;

import io.multijvm.codec.PackedType;
import io.multijvm.internal.dispatch.DeathMark;
import io.multijvm.internal.process.LaunchFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that it takes to run one item again alone. Holds the very bytes that crossed.
 *
 * @param index the item's place in its input, by which its random numbers are drawn
 * @param packed what the item is packed as; null if it is encoded
 * @param task encoded
 * @param item encoded, or packed
 * @param pool what its worker had got beside it
 * @param itemTimeout how long it might run; null for ever
 * @param launch how its worker was started
 * @param mark by which its last death is known again
 * @param what its last death in words
 * @param attempts how often it had been begun
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Letter(
        long index,
        @Nullable PackedType packed,
        byte[] task,
        byte[] item,
        OfPool pool,
        @Nullable Duration itemTimeout,
        LaunchFacts launch,
        DeathMark mark,
        String what,
        int attempts) {

    /**
     * What all items of a pool have in common.
     *
     * @param codec class name of the pool's codec
     * @param seed of the pool's random numbers
     * @param init encoded function that runs before a worker's first item; null for none
     * @param initTimeout for that
     * @param jobPath jars and directories of a job that is loaded child-first; empty for none
     * @param allow packages that results may hold besides
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record OfPool(
            String codec,
            long seed,
            byte @Nullable [] init,
            Duration initTimeout,
            List<Path> jobPath,
            List<String> allow) {
        public OfPool {
            jobPath = List.copyOf(jobPath);
            allow = List.copyOf(allow);
        }
    }

    /** The same, run with no time limits. */
    public Letter withoutLimits() {
        OfPool patient = new OfPool(pool.codec, pool.seed, pool.init, Duration.ofDays(365), pool.jobPath, pool.allow);
        return new Letter(index, packed, task, item, patient, null, launch, mark, what, attempts);
    }

    /** The same, its worker started so. */
    public Letter launchedBy(LaunchFacts other) {
        return new Letter(index, packed, task, item, pool, itemTimeout, other, mark, what, attempts);
    }
}
