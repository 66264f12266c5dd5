// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of a barrier. */
public sealed interface BarrierSaid extends Said {
    /** Answered by {@link Heard.Count}, how many came later, when all have come; or by {@link Heard.Broken}. */
    record Arrive() implements BarrierSaid {}

    /**
     * Nobody wants to wait any more. Who still waits is answered by {@link Heard.Left}, and the barrier is broken.
     *
     * @param ticket of the arrival
     */
    record Leave(long ticket) implements BarrierSaid {}

    /** Answered by {@link Heard.Done}; those that wait hear that it is broken, and it is whole again. */
    record Reset() implements BarrierSaid {}

    /** Answered by {@link Heard.Done}; it is broken. */
    record Abort() implements BarrierSaid {}

    /** Answered by {@link Heard.Count}: how many wait; or by {@link Heard.Broken}. */
    record Ask() implements BarrierSaid {}
}
