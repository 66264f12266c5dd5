// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.process.CpuReadings;
import io.multijvm.internal.process.MemoryReadings;

/**
 * What this JVM may use of the machine or container that it runs in. Read anew at each call; containers' limits and CPU
 * affinity are taken into account.
 */
public final class Machine {
    private static final long SMALLEST_HEAP_BYTES = 64L << 20;
    private static final double SHARE_OF_MEMORY = 0.8;

    private Machine() {}

    /**
     * How many cores this process may use: those of its CPU affinity, and no more than the quota of its control groups pays
     * for, of which a begun core counts (0.5 gives 1, 1.5 gives 2). Never below 1. {@code -XX:ActiveProcessorCount} wins where it says less.
     */
    public static int cpuCount() {
        return CpuReadings.ofThisMachine().usable(Runtime.getRuntime().availableProcessors());
    }

    /**
     * As {@link #cpuCount}, but hardware threads of the same core count once: enough workers for tasks that keep a core's
     * arithmetic busy. The same as {@link #cpuCount} where the system does not tell.
     */
    public static int physicalCpuCount() {
        CpuReadings cpus = CpuReadings.ofThisMachine();
        int usable = cpuCount();
        return Math.min(usable, cpus.physical().orElse(usable));
    }

    /**
     * Bytes that can be taken right now without swapping: what the system calls available, or what is left below the
     * container's limit where that is less. A file cache that the system can drop counts as available.
     */
    public static long availableMemory() {
        return MemoryReadings.ofThisMachine().availableBytes();
    }

    /** Bytes of memory in all: the machine's, or the container's limit where that is less. */
    public static long totalMemory() {
        return MemoryReadings.ofThisMachine().totalBytes();
    }

    /**
     * The heap that each of {@code workers} worker JVMs gets when none is asked for: 0.8 of {@link #totalMemory()}, less
     * this JVM's own largest heap (but no more than a quarter of the memory), divided by the workers; at least 64 MiB.
     *
     * @throws IllegalArgumentException if there is not at least one worker
     */
    public static long defaultWorkerHeapBytes(int workers) {
        return heapBytes(totalMemory(), Runtime.getRuntime().maxMemory(), workers);
    }

    static long heapBytes(long totalBytes, long ownHeapBytes, int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        long own = Math.min(ownHeapBytes, totalBytes / 4);
        long each = ((long) (SHARE_OF_MEMORY * totalBytes) - own) / workers;
        return Math.max(SMALLEST_HEAP_BYTES, each);
    }
}
