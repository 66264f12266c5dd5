// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.Machine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How deep work may be nested, so that a recursion without an end is one clear failure and not a machine full of processes.
 * Both limits are system properties, which workers are given as their pool's JVM has them.
 */
public final class Nestings {
    /** How many calls of tasks to the pool that runs them may stand one above the other. */
    public static final String CALLS = "io.multijvm.nestedCalls";

    /** How many pools and processes may stand one inside the other: processes that start processes. */
    public static final String POOLS = "io.multijvm.nestedPools";

    /** Tells a worker, and all that it starts, how many pools and processes it stands inside. */
    public static final String DEPTH_VARIABLE = "MULTIJVM_DEPTH";

    /** How many cores are a worker's share. */
    private static final String CORES = "io.multijvm.cores";

    private static final long SMALLEST_HEAP_BYTES = 64L << 20;
    private static final int MOST_CALLS = 64;
    private static final int MOST_POOLS = 3;

    private Nestings() {}

    /**
     * Lets a call in that is so deep: 1 where an item of the program's own call makes it.
     *
     * @throws IllegalStateException if that is too deep
     */
    public static void requireCall(int depth) {
        int most = limit(CALLS, MOST_CALLS);
        if (depth > most) {
            throw new IllegalStateException("this call is the " + depth
                    + "th in a row that a task made to its own pool,"
                    + " one inside the other, and the limit is " + most + ": look for a recursion that does not end,"
                    + " or raise the limit with -D" + CALLS + "=N in the JVM that made the pool");
        }
    }

    /** How many pools of processes, and processes, this process stands inside; 0 for a program that somebody started. */
    public static int poolDepth() {
        return depth(System.getenv());
    }

    static int depth(Map<String, String> environment) {
        try {
            return Math.max(0, Integer.parseInt(environment.getOrDefault(DEPTH_VARIABLE, "0")));
        } catch (NumberFormatException e) {
            return 0; // not ours
        }
    }

    /**
     * Lets another pool of processes be made in this process.
     *
     * @throws IllegalStateException if that is too deep
     */
    public static void requirePool(int poolDepth) {
        int most = limit(POOLS, MOST_POOLS);
        if (poolDepth >= most) {
            throw new IllegalStateException("this process is a worker inside " + poolDepth
                    + " pools of processes, and the limit is " + most + ": use Pool.current(), the pool that runs this"
                    + " task, or Pool.threads(n); or raise the limit with -D" + POOLS
                    + "=N in the JVM that made the outermost pool");
        }
    }

    /**
     * Lets another process be started by this process.
     *
     * @throws IllegalStateException if that is too deep
     */
    public static void requireProcess(int depth) {
        int most = limit(POOLS, MOST_POOLS);
        if (depth >= most) {
            throw new IllegalStateException("this process stands inside " + depth
                    + " pools and processes, one started by the other, and the limit is " + most
                    + ": look for a recursion that does not end, or raise the limit with -D" + POOLS
                    + "=N in the JVM that made the outermost one");
        }
    }

    /** Of this process's cores, those that its own workers may count on; a worker of one core believes to have two. */
    public static int share(int cores) {
        return Math.min(cores, limit(CORES, cores));
    }

    /** The heap of each of so many workers: of the machine's memory, or in a worker of that worker's own heap. */
    public static long workerHeapBytes(int workers) {
        return poolDepth() == 0
                ? Machine.defaultWorkerHeapBytes(workers)
                : Math.max(SMALLEST_HEAP_BYTES, Runtime.getRuntime().maxMemory() / workers);
    }

    /** These variables and what tells a worker how deep it stands. */
    public static Map<String, String> workerEnvironment(Map<String, String> asked) {
        Map<String, String> all = new HashMap<>(asked);
        all.put(DEPTH_VARIABLE, Integer.toString(poolDepth() + 1));
        return all;
    }

    /** What the JVM of each of so many workers is told: its share of the cores, and limits that were set here. */
    public static List<String> workerFlags(int workers) {
        List<String> flags = new ArrayList<>();
        flags.add("-D" + CORES + "=" + Math.max(1, share(Machine.cpuCount()) / Math.max(1, workers)));
        for (String name : List.of(CALLS, POOLS)) {
            String value = System.getProperty(name);
            if (value != null) {
                flags.add("-D" + name + "=" + value);
            }
        }
        return flags;
    }

    private static int limit(String property, int otherwise) {
        String value = System.getProperty(property);
        if (value == null) {
            return otherwise;
        }
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 0) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "the system property " + property + " must be 0 or more, not '" + value + "'");
    }
}
