// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

/**
 * Once that a process asked for something, had it and gave it back, as it wrote it down itself. Times are those of
 * {@code System.nanoTime}, which counts alike in all processes of a machine; 0 is what did not come to pass.
 *
 * @param asked before it waited
 * @param acquired after it had it
 * @param value the token of a lock, or how many permits; 0 if it never had it
 * @param told of a lock, whether the owner before it was said to have died
 * @param seen what it found: the count that a lock guards, or which of several semaphores
 * @param sign when it last said that it still had it
 * @param releasing before it gave it back
 * @param released after that
 * @param killed just before SIGKILL was sent, if this is what its process did last
 */
public record Turn(
        long pid,
        long asked,
        long acquired,
        long value,
        boolean told,
        long seen,
        long sign,
        long releasing,
        long released,
        long killed) {

    boolean isKilled() {
        return killed != 0;
    }

    /** It certainly died with it. */
    boolean diedInside() {
        return isKilled() && value != 0 && releasing == 0;
    }

    /** It was killed when it had asked; whether it had it when it died nobody knows. */
    boolean diedAsking() {
        return isKilled() && value == 0;
    }

    /** It was killed in the middle of giving it back. */
    boolean diedReleasing() {
        return isKilled() && releasing != 0 && released == 0;
    }

    /** Until when it had it at least. */
    long end() {
        return releasing != 0 ? releasing : Math.max(sign, killed);
    }
}
