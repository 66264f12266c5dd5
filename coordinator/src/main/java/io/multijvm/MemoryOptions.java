// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.process.MemoryReadings;
import io.multijvm.internal.process.MemorySize;
import io.multijvm.internal.process.WorkerMemory;
import org.jspecify.annotations.Nullable;

/** What the options say of memory, fitted together: what cannot be kept is refused here, with the numbers. */
final class MemoryOptions {
    /** What a worker takes beside heap and direct buffers: the JVM itself, classes, compiled code, stacks; some 60 to 100 MiB. */
    static final long OVERHEAD_BYTES = 128L << 20;

    private static final long SMALLEST_HEAP_BYTES = 64L << 20;

    /** Of what a limit leaves beside the overhead, the heap gets this part where nobody asks for one. */
    private static final double HEAPS_SHARE = 0.8;

    private MemoryOptions() {}

    /** Of each worker. */
    static WorkerMemory ofWorkers(ProcessOptions options) {
        long limit = bytes(options.memoryLimit);
        long direct = bytes(options.directMemory);
        String heap = options.heap == null
                ? defaultHeap(Nestings.workerHeapBytes(options.workers), limit, direct)
                : Heap.check(options.heap);
        long heapBytes = MemorySize.parse(heap).bytes();
        requireFits("heap", limit, heapBytes, direct);
        return new WorkerMemory(heap, options.directMemory, options.metaspace, limit, options.heapDump);
    }

    /** Of the pool: what is watched while it works. */
    static CrewPlan.Memory ofPool(ProcessOptions options) {
        if (options.memoryLimit != null && !MemoryReadings.tellsResidentMemory()) {
            throw new IllegalArgumentException("memoryLimit: this system does not tell how much memory a process takes"
                    + " (there is no /proc/PID/status), so " + options.memoryLimit + " cannot be enforced; use heap,"
                    + " directMemory and metaspace instead");
        }
        long floor = bytes(options.memoryFloor);
        if (floor > Machine.totalMemory()) {
            throw new IllegalArgumentException("memoryFloor " + options.memoryFloor + " is more than the "
                    + (Machine.totalMemory() >> 20)
                    + " MiB that this machine or container has, so items would always run"
                    + " one by one; ask for less");
        }
        return new CrewPlan.Memory(bytes(options.memoryLimit), floor, retryHeap(options));
    }

    /** 0 for none. */
    private static long retryHeap(ProcessOptions options) {
        if (options.retryHeap == null) {
            return 0;
        }
        long more = bytes(options.retryHeap);
        if (more > Machine.totalMemory()) {
            throw new IllegalArgumentException("retryHeap " + options.retryHeap + " is more than the "
                    + (Machine.totalMemory() >> 20) + " MiB that this machine or container has; ask for less");
        }
        long heap = bytes(ofWorkers(options).heap());
        if (more <= heap) {
            throw new IllegalArgumentException("retryHeap " + options.retryHeap + " is not more than the "
                    + new MemorySize(heap) + " that each worker has, so that another attempt could not help;"
                    + " ask for more, or give the workers a smaller heap");
        }
        options.jvmArgs.stream().filter(MemoryOptions::setsHeap).findFirst().ifPresent(flag -> {
            throw new IllegalArgumentException("retryHeap " + options.retryHeap
                    + " would be of no effect, since jvmArgs have " + flag + "; use heap in its place");
        });
        requireFits("retryHeap", bytes(options.memoryLimit), more, bytes(options.directMemory));
        return more;
    }

    private static boolean setsHeap(String flag) {
        return flag.startsWith("-Xmx") || flag.startsWith("-XX:MaxHeapSize=");
    }

    /** The share of the machine, or what fits below the limit where that is less. */
    static String defaultHeap(long share, long limit, long direct) {
        long room = (long) (HEAPS_SHARE * (limit - OVERHEAD_BYTES - direct));
        long heap = limit == 0 ? share : Math.max(SMALLEST_HEAP_BYTES, Math.min(share, room));
        return (heap >> 20) + "m";
    }

    /** @param name of the option that asks for the heap */
    static void requireFits(String name, long limit, long heap, long direct) {
        long least = heap + direct + OVERHEAD_BYTES;
        if (limit > 0 && limit < least) {
            throw new IllegalArgumentException("memoryLimit " + new MemorySize(limit) + " is less than the "
                    + new MemorySize(least) + " that a worker may need: " + name + " " + new MemorySize(heap)
                    + (direct > 0 ? ", direct memory " + new MemorySize(direct) : "") + ", and "
                    + new MemorySize(OVERHEAD_BYTES) + " for the JVM itself; raise it, or ask for a smaller " + name);
        }
    }

    private static long bytes(@Nullable String size) {
        return size == null ? 0 : MemorySize.parse(size).bytes();
    }
}
