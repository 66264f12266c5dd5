// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Tells the coordinator that results lie in the ring, soon but not for each.
 *
 * <p>When the task thread has nothing further in hand, it wakes the loop and the bell rings at once. While it runs through
 * items, the loop keeps watch: it looks every five milliseconds and rings if something was committed, so that quick items
 * cost the task thread no system call. When a look finds nothing new, the loop stops watching, and then looks once more;
 * the task thread first commits and then looks whether anybody watches. One of the two must see the other, so no result is
 * left unannounced.
 */
final class Doorbell {
    /** Between two looks. */
    static final long WATCH_MICROS = 5000;

    private final Executor loop;
    private final Consumer<Runnable> later;
    private final LongSupplier finished;
    private final LongConsumer bell;
    private final AtomicBoolean ringDue = new AtomicBoolean();
    private volatile boolean watching;
    /** Whether the task thread had another item in hand after its last commit. */
    private volatile boolean goesOn;
    /** What the coordinator was last told; the loop's. */
    private long announced;

    /**
     * @param loop the one thread on which everything but a commit happens
     * @param later runs something on the loop after {@link #WATCH_MICROS}
     * @param finished how many results are finished; written and read as a volatile
     * @param bell sends one message; called on the loop
     */
    Doorbell(Executor loop, Consumer<Runnable> later, LongSupplier finished, LongConsumer bell) {
        this.loop = loop;
        this.later = later;
        this.finished = finished;
        this.bell = bell;
    }

    /** The task thread's, after each commit. */
    void committed(boolean more) {
        // the count of results was a volatile store: it is visible before we look whether anybody watches
        if (goesOn != more) {
            goesOn = more;
        }
        if (!more || !watching) {
            ringSoon();
        }
    }

    /** Rings even if somebody watches. From any thread. */
    void ringSoon() {
        if (ringDue.compareAndSet(false, true)) {
            loop.execute(this::ring);
        }
    }

    private void ring() {
        ringDue.set(false);
        // whoever found a ring due has committed before, and is seen now
        VarHandle.fullFence();
        announce();
        // a lone item needs no watch: the task thread rings for the next one by itself
        if (goesOn && !watching) {
            watching = true;
            watch();
        }
    }

    private void watch() {
        later.accept(this::look);
    }

    private void look() {
        if (announce()) {
            watch();
            return;
        }
        watching = false;
        VarHandle.fullFence();
        if (announce()) {
            watching = true;
            watch();
        }
    }

    private boolean announce() {
        long now = finished.getAsLong();
        if (now == announced) {
            return false;
        }
        announced = now;
        bell.accept(now);
        return true;
    }
}
