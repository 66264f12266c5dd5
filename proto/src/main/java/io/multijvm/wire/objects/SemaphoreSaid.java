// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of a semaphore. */
public sealed interface SemaphoreSaid extends Said {
    /** Answered by {@link Heard.Done} when it has them all. */
    record Acquire(int permits) implements SemaphoreSaid {}

    /** Answered by {@link Heard.IsSo} at once. */
    record TryAcquire(int permits) implements SemaphoreSaid {}

    /** Answered by {@link Heard.Done}, or {@link Heard.Refused} if there would be more than its bound. */
    record Release(int permits) implements SemaphoreSaid {}

    /**
     * Nobody wants to wait any more. Who still waits is answered by {@link Heard.Left}.
     *
     * @param ticket of the acquire
     */
    record Leave(long ticket) implements SemaphoreSaid {}

    /** Answered by {@link Heard.Count}: how many are left; for those who share no memory. */
    record Ask() implements SemaphoreSaid {}
}
