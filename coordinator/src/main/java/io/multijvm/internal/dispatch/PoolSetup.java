// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What each worker of a pool gets beside items. Its parts are thread-safe.
 *
 * @param seed what the pool's random numbers begin with
 * @param init encoded function that runs before a worker's first item; null for none
 * @param initTimeout for decoding both functions and running this one
 * @param exit encoded function that runs after a worker's last item; null for none
 * @param exitTimeout for running it
 * @param failures reads what a worker says of a function that failed
 * @param shared the values that tasks may ask for
 * @param letters keeps items that failed for good by a death; null for nobody
 * @param logs which of a worker's log records are wanted; null where they stay in the worker
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
public record PoolSetup(
        long seed,
        byte @Nullable [] init,
        Duration initTimeout,
        byte @Nullable [] exit,
        Duration exitTimeout,
        FailureReader failures,
        SharedValues shared,
        @Nullable DeadLetters letters,
        @Nullable LogLevels logs) {

    /** Reads an encoded failure. Runs user code, so never on the loop. */
    public interface FailureReader {
        /** The function's own exception, or the closest that this JVM can make of it. */
        Throwable read(byte[] failure);
    }

    /** Values that cross by handle. */
    public interface SharedValues {
        /** The encoded value; null if it is not shared, or not any more. From any thread, at once. */
        byte @Nullable [] find(long home, long id);
    }

    public PoolSetup {
        positive(initTimeout, "initTimeout");
        positive(exitTimeout, "exitTimeout");
        Objects.requireNonNull(failures, "failures");
        Objects.requireNonNull(shared, "shared");
    }

    private static void positive(Duration timeout, String name) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + timeout);
        }
    }

    /** Whether a worker has functions to decode and run before it is ready. */
    boolean hasFunctions() {
        return init != null || exit != null;
    }

    /** How long a worker may take for its exit function. */
    Duration leaveTime() {
        return exit == null ? Duration.ZERO : exitTimeout;
    }
}
