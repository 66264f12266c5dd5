// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stopping by steps, each a little ruder, until the reason is gone. Used wherever something may not follow: a cancelled
 * item, a worker that was told goodbye. Owned by the event loop.
 */
final class StopLadder {
    private final EventLoop loop;
    private final BooleanSupplier stillNeeded;
    private final Deque<Step> steps;
    private EventLoop.@Nullable Timer timer;

    /**
     * @param after the step before it, or the start
     * @param action must not block
     */
    record Step(Duration after, Runnable action) {}

    /** @param stillNeeded asked before each step; false ends the ladder */
    StopLadder(EventLoop loop, BooleanSupplier stillNeeded, List<Step> steps) {
        this.loop = loop;
        this.stillNeeded = stillNeeded;
        this.steps = new ArrayDeque<>(steps);
    }

    StopLadder start() {
        Step next = steps.pollFirst();
        if (next != null) {
            timer = loop.schedule(
                    () -> {
                        if (stillNeeded.getAsBoolean()) {
                            next.action().run();
                            start();
                        }
                    },
                    next.after());
        }
        return this;
    }

    void stop() {
        steps.clear();
        if (timer != null) {
            timer.cancel();
        }
    }
}
