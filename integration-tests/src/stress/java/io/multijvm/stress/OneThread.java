// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.internal.dispatch.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that is nothing but a thread. The hub's would bring some thousand classes of its network library, and Lincheck
 * looks into each class that is loaded: half a minute, of which no lock sees anything.
 */
final class OneThread implements EventLoop {
    private volatile @Nullable Thread thread;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "event loop");
        made.setDaemon(true);
        thread = made;
        return made;
    });

    @Override
    public void execute(Runnable action) {
        executor.execute(action);
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        Future<?> due = executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }
}
