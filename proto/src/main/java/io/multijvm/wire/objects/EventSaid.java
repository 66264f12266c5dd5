// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of an event. */
public sealed interface EventSaid extends Said {
    /** Answered by {@link Heard.Done}, and so are all that wait. */
    record Set() implements EventSaid {}

    /** Answered by {@link Heard.Done}. */
    record Clear() implements EventSaid {}

    /** Answered by {@link Heard.Done} when it is set. */
    record Wait() implements EventSaid {}

    /**
     * Nobody wants to wait any more. Who still waits is answered by {@link Heard.Left}.
     *
     * @param ticket of the wait
     */
    record Leave(long ticket) implements EventSaid {}

    /** Answered by {@link Heard.IsSo}; for those who share no memory. */
    record Ask() implements EventSaid {}
}
