// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** An event loop whose time is ours: it runs in the test's thread, and only when told. */
final class VirtualLoop implements EventLoop {
    private final PriorityQueue<Entry> due =
            new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private long now;
    private long order;

    private record Entry(long at, long order, Runnable action) {}

    @Override
    public void execute(Runnable action) {
        due.add(new Entry(now, order++, action));
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        Entry entry = new Entry(now + delay.toNanos(), order++, action);
        due.add(entry);
        return () -> due.remove(entry);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public long now() {
        return now;
    }

    /** Time goes by and nothing runs: the process was stopped, or had no core. */
    void sleep(Duration time) {
        now += time.toNanos();
    }

    /** Runs everything that is due within this time. */
    void run(Duration time) {
        long end = now + time.toNanos();
        for (int steps = 0; !due.isEmpty() && due.peek().at() <= end; steps++) {
            if (steps > 1_000_000) {
                throw new AssertionError("the loop never comes to rest");
            }
            Entry next = due.remove();
            now = Math.max(now, next.at());
            next.action().run();
        }
        now = end;
    }
}
