// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells the kernel's kills for lack of memory from other people's. The kernel counts them and names nobody, so a count that
 * has risen explains as many deaths by SIGKILL as it has risen by, of those that happen at that time. Thread-safe.
 */
public final class OomKills {
    /** A kill that nobody has claimed by then befell a process that is none of our workers. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final MemoryReadings readings;
    private final LongSupplier nanoClock;

    // guarded by this
    private OptionalLong last = OptionalLong.empty();
    /** When each unclaimed kill was noticed. */
    private final Deque<Long> unclaimed = new ArrayDeque<>();

    /** What may be said of a death by SIGKILL. */
    enum Found {
        /** In our control group such a kill was counted. */
        IN_GROUP,
        /** On this machine such a kill was counted; it may have been in another container. */
        ON_MACHINE,
        /** None was counted. */
        NONE,
        /** This system does not count. */
        UNKNOWN
    }

    OomKills(MemoryReadings readings, LongSupplier nanoClock) {
        this.readings = readings;
        this.nanoClock = nanoClock;
        look();
    }

    private static final class Holder {
        static final OomKills MACHINES = new OomKills(MemoryReadings.ofThisMachine(), System::nanoTime);
    }

    /** The one of this JVM, whose count begins with the first call. */
    public static OomKills ofThisMachine() {
        return Holder.MACHINES;
    }

    /** Notices what was counted since the last look; for a timer, so that it is known when that was. Reads a file or two. */
    public void look() {
        Optional<MemoryReadings.OomCount> count = readings.oomKills();
        if (count.isPresent()) {
            noticed(count.get().kills());
        }
    }

    /** Takes one kill, if there is one that may be the death that is being explained. */
    Found claim() {
        Optional<MemoryReadings.OomCount> count = readings.oomKills();
        if (count.isEmpty()) {
            return Found.UNKNOWN;
        }
        if (!takeAfter(count.get().kills())) {
            return Found.NONE;
        }
        return count.get().inGroup() ? Found.IN_GROUP : Found.ON_MACHINE;
    }

    private synchronized boolean takeAfter(long kills) {
        noticed(kills);
        return unclaimed.pollFirst() != null;
    }

    private synchronized void noticed(long kills) {
        long now = nanoClock.getAsLong();
        // more than so many are never claimed, and a count may jump where a container was moved
        for (long known = Math.max(last.orElse(kills), kills - 1000); known < kills; known++) {
            unclaimed.addLast(now);
        }
        last = OptionalLong.of(
                Math.max(last.orElse(kills), kills)); // two threads may read, and notice in another order
        while (!unclaimed.isEmpty() && now - unclaimed.getFirst() > FRESH.toNanos()) {
            unclaimed.removeFirst();
        }
    }
}
