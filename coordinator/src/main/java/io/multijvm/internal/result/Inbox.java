// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the event loop hands to the one thread that drains a call's outcomes. The loop holds the lock for an append only,
 * and wakes the drainer once a turn.
 */
final class Inbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private List<Arrived> arrived = new ArrayList<>();
    private long total = -1;
    private @Nullable Throwable inputFailure;
    private @Nullable Throwable abandoned;
    private boolean news;

    /** What has come since the last look. */
    record Delivery(
            List<Arrived> outcomes,
            long total,
            @Nullable Throwable inputFailure,
            @Nullable Throwable abandoned) {}

    void add(Arrived outcome) {
        lock.lock();
        try {
            arrived.add(outcome);
            news = true;
        } finally {
            lock.unlock();
        }
    }

    void end(long items, @Nullable Throwable failure) {
        lock.lock();
        try {
            total = items;
            inputFailure = failure;
            news = true;
        } finally {
            lock.unlock();
        }
    }

    void abandon(Throwable why) {
        lock.lock();
        try {
            if (abandoned == null) {
                abandoned = why;
            }
            news = true;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the drainer for another reason than news. */
    void poke() {
        lock.lock();
        try {
            news = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the drainer if there is news; true if there is. */
    boolean announce() {
        lock.lock();
        try {
            if (news) {
                changed.signalAll();
            }
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** What is there now; never waits. */
    Delivery poll() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for news, for so long at most; null waits without limit. What there is then, which may be nothing. */
    Delivery await(@Nullable Duration atMost) throws InterruptedException {
        long left = atMost == null ? 0 : TimeUnit.NANOSECONDS.convert(atMost);
        lock.lockInterruptibly();
        try {
            while (!news) {
                if (atMost == null) {
                    changed.await();
                } else if (left <= 0) {
                    break;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    private Delivery take() {
        // never the list that the loop adds to: what it adds would be seen twice
        List<Arrived> outcomes = arrived.isEmpty() ? List.of() : arrived;
        if (!outcomes.isEmpty()) {
            arrived = new ArrayList<>();
        }
        news = false;
        return new Delivery(outcomes, total, inputFailure, abandoned);
    }
}
