// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.DeathKind;
import java.util.Locale;

/** Which memory ran out, from the JVM's own words; only the heap's remedy is a larger heap. */
final class OutOfMemory {
    private OutOfMemory() {}

    /** @param message what follows the name of the error in the JVM's last line */
    static DeathCause cause(ExitStatus status, String message, long heapMax) {
        String said = message.replaceFirst("^: ", "").trim();
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("metaspace") || lower.contains("compressed class space")) {
            return DeathCause.of(
                    DeathKind.OUT_OF_METASPACE,
                    "ran out of memory for classes (" + said + ")",
                    status,
                    "Raise metaspace in the pool's options, or look for a task that loads ever more classes.");
        }
        // "Cannot reserve 67108864 bytes of direct buffer memory (...)", and in older words "Direct buffer memory"
        if (lower.contains("direct buffer")) {
            return DeathCause.of(
                    DeathKind.OUT_OF_DIRECT_MEMORY,
                    "ran out of memory for direct buffers (" + said + ")",
                    status,
                    "Raise directMemory in the pool's options, or look for a task that keeps its buffers.");
        }
        if (lower.contains("native thread")) {
            return DeathCause.of(
                    DeathKind.OUT_OF_THREADS,
                    "could not start another thread (" + said + ")",
                    status,
                    "Look for a task that leaves threads behind, and at the limit on processes (ulimit -u, or pids.max of"
                            + " a container).");
        }
        if (lower.contains("array size")) {
            return DeathCause.of(
                    DeathKind.ARRAY_TOO_LARGE,
                    "asked for too large an array (" + said + ")",
                    status,
                    "No heap is large enough for it: let the task make smaller pieces.");
        }
        // what Unsafe.allocateMemory and the mapping of files say
        if (lower.contains("unable to allocate") || lower.contains("map failed") || lower.contains("out of swap")) {
            return DeathCause.of(
                    DeathKind.OUT_OF_NATIVE_MEMORY,
                    "got no more memory from the system, beside its heap (" + said + ")",
                    status,
                    "Use fewer workers or a smaller heap, or give the machine or container more memory.");
        }
        return ofHeap(status, heapMax, "");
    }

    /** Nothing was captured, so the exit code alone has to tell. */
    static DeathCause guessed(ExitStatus status, long heapMax) {
        return ofHeap(status, heapMax, ", by its exit code 3 (a guess: Runtime.halt(3) looks the same)");
    }

    private static DeathCause ofHeap(ExitStatus status, long heapMax, String guess) {
        String twice = heapMax <= 0
                ? "Raise the workers' heap"
                : "Raise the workers' heap, from " + size(heapMax) + " to " + size(twice(heapMax)) + " ("
                        + asFlag(heapMax) + ")";
        return DeathCause.of(
                DeathKind.OUT_OF_HEAP,
                "ran out of heap (" + size(heapMax) + ")" + guess,
                status,
                twice + ", or use fewer workers with more heap each. Where few items need so much: retryHeap ("
                        + (heapMax <= 0 ? "--retry-heap" : "--retry-heap " + flag(twice(heapMax)))
                        + ") has each of them run again alone with it.");
    }

    private static String asFlag(long heapMax) {
        return "--heap " + flag(twice(heapMax));
    }

    private static String flag(long bytes) {
        return new MemorySize(bytes).asFlag();
    }

    /**
     * Twice as much, rounded up to a number that one would write: what a JVM says that it has is a little less than what it
     * was given, for collectors keep a part to themselves.
     */
    static long twice(long heapMax) {
        long doubled = heapMax > Long.MAX_VALUE / 4 ? heapMax : 2 * heapMax;
        long step = Math.max(1 << 20, Long.highestOneBit(doubled) / 8);
        return (doubled + step - 1) / step * step;
    }

    /** In words. */
    static String size(long heapMax) {
        return heapMax > 0 ? new MemorySize(heapMax).toString() : "unknown size";
    }
}
