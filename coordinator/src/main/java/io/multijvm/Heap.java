// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.process.MemorySize;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A JVM accepts any -Xmx and fails later, far away; so a heap that cannot be had is refused here. */
final class Heap {
    private static final Logger LOG = System.getLogger("io.multijvm");

    /** A program that makes many pools hears it once. */
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private Heap() {}

    /** Says so once if the workers' heaps together are more than there is: the system would kill a worker one day. */
    static void warnUnlessFitting(String heap, int workers) {
        warning(
                        MemorySize.parse(heap),
                        workers,
                        Machine.totalMemory(),
                        Runtime.getRuntime().maxMemory())
                .filter(text -> WARNED.compareAndSet(false, true))
                .ifPresent(text -> LOG.log(Level.WARNING, text));
    }

    /** What is wrong with so many heaps; empty if they fit beside the coordinator's own. */
    static Optional<String> warning(MemorySize heap, int workers, long totalBytes, long ownHeapBytes) {
        long own = Math.min(ownHeapBytes, totalBytes / 4);
        if (heap.bytes() <= (totalBytes - own) / workers) {
            return Optional.empty();
        }
        return Optional.of(workers + " workers with a heap of " + heap + " each may take more memory than the "
                + new MemorySize(totalBytes) + " that this machine or container has; the system then kills workers."
                + " Ask for a smaller heap or fewer workers; without heap(...) each gets "
                + (Machine.heapBytes(totalBytes, ownHeapBytes, workers) >> 20) + " MiB");
    }

    /** {@code heap} itself, if this machine could give it to one worker. */
    static String check(String heap) {
        long bytes = MemorySize.parse(heap).bytes();
        long machine = Machine.totalMemory();
        if (bytes > machine) {
            throw new IllegalArgumentException("heap " + heap + " is more than the " + (machine >> 20)
                    + " MiB that this machine or container has; ask for less");
        }
        return heap;
    }
}
