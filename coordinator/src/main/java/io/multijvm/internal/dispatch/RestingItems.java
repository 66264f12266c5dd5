// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at the clock for items that rest between two attempts, of whatever call. Owned by the event loop. */
final class RestingItems {
    private final EventLoop loop;
    private final CallsInHand calls;
    private final Runnable again;
    /** Set to when the next item will have rested. */
    private EventLoop.@Nullable Timer restTimer;

    private long restEnds;

    /** @param again has work given out once more */
    RestingItems(EventLoop loop, CallsInHand calls, Runnable again) {
        this.loop = loop;
        this.calls = calls;
        this.again = again;
    }

    void close() {
        if (restTimer != null) {
            restTimer.cancel();
        }
    }

    /** Items that have rested between two attempts wait for a worker again. */
    void wake() {
        long next = Long.MAX_VALUE;
        for (CallState call : calls.all()) {
            if (call.reruns.hasResting()) {
                next = Math.min(next, call.reruns.wake(loop.now()));
            }
        }
        if (next == Long.MAX_VALUE || (restTimer != null && restEnds == next)) {
            return;
        }
        if (restTimer != null) {
            restTimer.cancel();
        }
        restEnds = next;
        restTimer = loop.schedule(
                () -> {
                    restTimer = null;
                    again.run();
                },
                Duration.ofNanos(Math.max(0, next - loop.now())));
    }
}
