// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.death;

import io.multijvm.failure.DeathKind;

/**
 * Why the coordinator ends a worker that would have gone on. It is decided on the event loop, kept by the worker's slot, and
 * is what the death is told as: the signal that follows is our own and explains nothing.
 */
public sealed interface EndReason {

    DeathKind kind();

    /** What it did, behind the worker's name: {@code took 1.2 GiB, which is over its limit}. */
    String what();

    String nextStep();

    /**
     * It gives no sign of life.
     *
     * @param evidence why we are sure, behind the worker's name: {@code no heartbeat for 10 s, and it used no CPU since}
     */
    record Hung(String evidence) implements EndReason {
        @Override
        public DeathKind kind() {
            return DeathKind.HUNG;
        }

        @Override
        public String what() {
            return "hung (" + evidence + ") and was ended by its coordinator";
        }

        @Override
        public String nextStep() {
            return "Look for what stops the whole process: SIGSTOP, a debugger, swapping, native code that never returns.";
        }
    }

    /**
     * It takes more memory than a worker of its pool may.
     *
     * @param limitBytes that the pool allows, resident
     * @param foundBytes that it took when it was looked at
     * @param maxHeapBytes what of it can have been heap at most; 0 if that is not known
     */
    record MemoryLimit(long limitBytes, long foundBytes, long maxHeapBytes) implements EndReason {
        public MemoryLimit(long limitBytes, long foundBytes) {
            this(limitBytes, foundBytes, 0);
        }

        public MemoryLimit {
            if (limitBytes < 1 || foundBytes < limitBytes) {
                throw new IllegalArgumentException("a limit of " + limitBytes + " bytes, and found " + foundBytes);
            }
        }

        @Override
        public DeathKind kind() {
            return DeathKind.MEMORY_LIMIT;
        }

        @Override
        public String what() {
            return "took " + mebibytes(foundBytes) + " MiB of memory, over its limit of " + mebibytes(limitBytes)
                    + " MiB, and was ended by its coordinator" + heapsShare();
        }

        private String heapsShare() {
            if (maxHeapBytes <= 0 || maxHeapBytes >= foundBytes) {
                return "";
            }
            return "; its heap is no more than " + mebibytes(maxHeapBytes) + " MiB of that, so at least "
                    + mebibytes(foundBytes - maxHeapBytes) + " MiB lie outside of it";
        }

        @Override
        public String nextStep() {
            return "Raise the memory limit, or look for what the task keeps outside of the heap: buffers, native memory,"
                    + " threads. What items leave behind, recycleAbove clears away in time.";
        }

        private static long mebibytes(long bytes) {
            return (bytes + (1 << 20) - 1) >> 20;
        }
    }

    /** Its process lives, but its stream broke, and nobody hears what it does any more. */
    record LostStream(String how) implements EndReason {
        @Override
        public DeathKind kind() {
            return DeathKind.LOST_STREAM;
        }

        @Override
        public String what() {
            return "lost its stream to the coordinator while it lived (" + how + ") and was ended";
        }

        @Override
        public String nextStep() {
            return "Look for a task that closes files or sockets that are not its own; the worker's log may say more.";
        }
    }

    /** Its results are none that a worker of ours writes, so nothing that it says counts. */
    record CorruptResults(String lie) implements EndReason {
        @Override
        public DeathKind kind() {
            return DeathKind.CORRUPT_RESULTS;
        }

        @Override
        public String what() {
            return "was given up by its coordinator: " + lie;
        }

        @Override
        public String nextStep() {
            return "Look for a task that writes where it should not, through Unsafe or a native library.";
        }
    }
}
