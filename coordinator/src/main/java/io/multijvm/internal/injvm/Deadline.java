// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.call.CallSettings;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * When a whole call is over.
 *
 * @param limit that the call was given
 * @param endsAt by System.nanoTime
 */
record Deadline(Duration limit, long endsAt) {

    /** Of a call that begins now; null if it may take for ever. */
    static @Nullable Deadline from(CallSettings settings) {
        Duration limit = settings.deadline();
        return limit == null ? null : new Deadline(limit, System.nanoTime() + TimeLimit.nanos(limit));
    }

    boolean isOver() {
        return endsAt - System.nanoTime() <= 0;
    }

    /** Has {@code expire} run at the deadline, unless the answer is cancelled before. It must not take its time. */
    Future<?> start(Runnable expire) {
        return TimeLimit.after(Duration.ofNanos(Math.max(0, endsAt - System.nanoTime())), expire);
    }

    TaskTimeoutException exceeded(long index, String state) {
        return TaskTimeoutException.ofCall(index, limit, state);
    }

    /** Of an item that nobody has seen yet, since the input was not read so far. */
    TaskTimeoutException unread(long index) {
        return exceeded(index, "the input had not been read so far");
    }
}
