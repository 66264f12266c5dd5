// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.worker.context.Seeds;
import io.multijvm.worker.context.WorkerState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks of one pool can know and keep beside their items. Calls are counted as a pool of processes counts them,
 * where all submits with the same settings are one call, so that the same seed gives the same numbers. Thread-safe.
 */
final class PoolContext {
    private final long seed;
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<CallSettings, Submits> submits = new ConcurrentHashMap<>();
    /** A worker is a thread. Not static: what it keeps is of no use to another pool, and goes with this one. */
    private final ThreadLocal<WorkerState> states = ThreadLocal.withInitial(WorkerState::new);

    private record Submits(long seed, AtomicLong next) {}

    /**
     * Where an item's numbers come from.
     *
     * @param call the call's seed
     * @param first number of the item that its call counts as 0
     */
    record Draws(long call, long first) {
        long seedOf(long index) {
            return Seeds.ofItem(call, first + index);
        }
    }

    PoolContext(long seed) {
        this.seed = seed;
    }

    long seed() {
        return seed;
    }

    Draws nextCall() {
        return new Draws(Seeds.ofCall(seed, lastCall.incrementAndGet()), 0);
    }

    Draws nextSubmit(CallSettings settings) {
        Submits these = submits.computeIfAbsent(
                settings, first -> new Submits(Seeds.ofCall(seed, lastCall.incrementAndGet()), new AtomicLong()));
        return new Draws(these.seed(), these.next().getAndIncrement());
    }

    /** What the calling thread keeps for this pool. */
    WorkerState stateHere() {
        return states.get();
    }
}
