// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's crew is to be like. Checks itself.
 *
 * @param workers how many at first
 * @param standby how many more are kept ready ahead
 * @param recycling when a worker is replaced
 * @param idleTimeout after which an idle worker leaves, and none is started before it is needed; null: all are there always
 * @param restartLimit when starting workers is given up
 * @param startupTimeout from launch to hello
 * @param startsAtOnce how many processes may be coming up at a time: with more of them than cores each comes up later,
 *     the first as the last
 * @param placesDiffer whether each place has processes of its own kind, so that none can be started before its place is free
 * @param memory how much of it may be taken
 * @param watched whether a worker that gives no sign of life is ended; not where a debugger may hold it
 */
public record CrewPlan(
        int workers,
        int standby,
        Recycling recycling,
        @Nullable Duration idleTimeout,
        RestartLimit restartLimit,
        Duration startupTimeout,
        int startsAtOnce,
        boolean placesDiffer,
        Memory memory,
        boolean watched) {

    public CrewPlan {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        if (standby < 0) {
            throw new IllegalArgumentException("standby must be at least 0, not " + standby);
        }
        if (idleTimeout != null) {
            positive(idleTimeout, "idleTimeout");
        }
        positive(startupTimeout, "startupTimeout");
        if (startsAtOnce < 1) {
            throw new IllegalArgumentException("startsAtOnce must be at least 1, not " + startsAtOnce);
        }
        if (placesDiffer && standby > 0) {
            throw new IllegalArgumentException(
                    "standby and env(slot -> ...) do not go together: a standby has no slot before"
                            + " it takes one, and its environment cannot change; leave out one of them");
        }
        Objects.requireNonNull(recycling, "recycling");
        Objects.requireNonNull(restartLimit, "restartLimit");
        Objects.requireNonNull(memory, "memory");
    }

    /** Where memory is no matter. */
    public CrewPlan(
            int workers,
            int standby,
            Recycling recycling,
            @Nullable Duration idleTimeout,
            RestartLimit restartLimit,
            Duration startupTimeout,
            int startsAtOnce,
            boolean placesDiffer) {
        this(
                workers,
                standby,
                recycling,
                idleTimeout,
                restartLimit,
                startupTimeout,
                startsAtOnce,
                placesDiffer,
                Memory.UNLIMITED,
                true);
    }

    /** The same workers, with these limits. */
    public CrewPlan withMemory(Memory limits) {
        return new CrewPlan(
                workers,
                standby,
                recycling,
                idleTimeout,
                restartLimit,
                startupTimeout,
                startsAtOnce,
                placesDiffer,
                limits,
                watched);
    }

    /** So many workers, all at once, none replaced but the dead. */
    public static CrewPlan of(int workers, Duration startupTimeout) {
        return new CrewPlan(workers, 0, Recycling.NEVER, null, RestartLimit.DEFAULT, startupTimeout, workers, false);
    }

    /** Whether workers are started when there is something to do, and not before. */
    boolean onDemand() {
        return idleTimeout != null;
    }

    /**
     * When a worker is replaced although it is well.
     *
     * @param items after so many; 0 for no limit
     * @param age so long after it was ready; null for no limit
     * @param memoryBytes resident memory above this; 0 for no limit
     */
    public record Recycling(int items, @Nullable Duration age, long memoryBytes) {
        /** No worker is replaced while it is well. */
        public static final Recycling NEVER = new Recycling(0, null, 0);

        public Recycling {
            if (items < 0) {
                throw new IllegalArgumentException("recycleAfter must be at least 1, not " + items);
            }
            if (age != null) {
                positive(age, "recycleAge");
            }
            if (memoryBytes < 0) {
                throw new IllegalArgumentException("recycleAbove must be more than nothing, not " + memoryBytes);
            }
        }
    }

    /**
     * How much memory may be taken.
     *
     * @param limitBytes by a worker that runs an item, resident; 0 for no limit
     * @param floorBytes below which of what the machine has available no more items are run at a time than one; 0 for none
     * @param retryHeapBytes heap of the worker in which an item is begun again that ran out of heap; 0 for no such worker
     */
    public record Memory(long limitBytes, long floorBytes, long retryHeapBytes) {
        /** No limits. */
        public static final Memory UNLIMITED = new Memory(0, 0);

        public Memory {
            if (limitBytes < 0) {
                throw new IllegalArgumentException("memoryLimit must be more than nothing, not " + limitBytes);
            }
            if (floorBytes < 0) {
                throw new IllegalArgumentException("memoryFloor must be more than nothing, not " + floorBytes);
            }
            if (retryHeapBytes < 0) {
                throw new IllegalArgumentException("retryHeap must be more than nothing, not " + retryHeapBytes);
            }
        }

        /** Where no worker has more heap than the others. */
        public Memory(long limitBytes, long floorBytes) {
            this(limitBytes, floorBytes, 0);
        }

        /** Whether an item that runs out of heap is begun again with more. */
        boolean offersMoreHeap() {
            return retryHeapBytes > 0;
        }
    }

    /**
     * When starting workers is given up.
     *
     * @param starts that came to nothing
     * @param window in which those are counted that had come up
     */
    public record RestartLimit(int starts, Duration window) {
        public static final RestartLimit DEFAULT = new RestartLimit(3, Duration.ofMinutes(1));

        public RestartLimit {
            if (starts < 1) {
                throw new IllegalArgumentException("restartLimit: starts must be at least 1, not " + starts);
            }
            positive(window, "restartLimit: window");
        }
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
