// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.internal.process.MemorySize;

/**
 * How the heap, the same in total for every setup, is divided: in processes the coordinator has an eighth of it and the
 * workers share the rest. To give each worker what the one JVM of threads has would compare memory, not modes.
 *
 * @param total of all JVMs of a trial
 */
public record HeapShares(MemorySize total) {
    private static final long MIB = 1L << 20;
    private static final long LEAST_COORDINATOR = 64 * MIB;
    private static final long LEAST_WORKER = 32 * MIB;

    /** The heap of the JVM in which the trial is run: all of it, or the coordinator's share. */
    public MemorySize ofTrial(Setup setup) {
        return new MemorySize(setup.mode() == Mode.PROCESSES ? coordinator() : total.bytes());
    }

    /** The heap of each worker JVM. */
    public MemorySize ofWorker(Setup setup) {
        return new MemorySize(wholeMebibytes((total.bytes() - coordinator()) / setup.workers()));
    }

    /**
     * Refuses a heap of which a JVM would get too little to begin.
     *
     * @throws IllegalArgumentException with the sentence for the user
     */
    public void check(Setup setup) {
        long least = LEAST_COORDINATOR + setup.workers() * LEAST_WORKER;
        long needed = setup.mode() == Mode.PROCESSES ? least : LEAST_COORDINATOR;
        if (total.bytes() < needed) {
            throw new IllegalArgumentException(total.asFlag() + " is too little for " + setup + ", which needs "
                    + new MemorySize(needed).asFlag() + " at least; give more, or fewer workers");
        }
    }

    private long coordinator() {
        return Math.max(LEAST_COORDINATOR, wholeMebibytes(total.bytes() / 8));
    }

    private static long wholeMebibytes(long bytes) {
        return Math.max(MIB, bytes / MIB * MIB);
    }
}
