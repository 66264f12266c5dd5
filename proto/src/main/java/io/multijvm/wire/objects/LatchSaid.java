// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of a latch. */
public sealed interface LatchSaid extends Said {
    /** Answered by {@link Heard.Done}. */
    record CountDown(long by) implements LatchSaid {}

    /** Answered by {@link Heard.Done} when the count is zero. */
    record Wait() implements LatchSaid {}

    /**
     * Nobody wants to wait any more. Who still waits is answered by {@link Heard.Left}.
     *
     * @param ticket of the wait
     */
    record Leave(long ticket) implements LatchSaid {}

    /** Answered by {@link Heard.Count}: the count; for those who share no memory. */
    record Ask() implements LatchSaid {}
}
