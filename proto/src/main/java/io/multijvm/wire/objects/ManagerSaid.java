// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the manager itself, as object 0. */
public sealed interface ManagerSaid extends Said {
    /**
     * Another object. The answer is {@link Heard.Named}.
     *
     * @param kind name of its {@link ObjectKind}
     * @param number what it begins with: a value's bits, permits, a count, parties, a length, or a bound with 0 for none
     */
    record Make(String kind, long number) implements ManagerSaid {}

    /**
     * Others shall find this object by that name. The answer is {@link Heard.IsSo}, false if the name is another's.
     *
     * @param kind of the object, as its handle says it
     * @param face name of the interface of an object of a user's class; else empty
     */
    record Publish(String name, long object, String kind, String face) implements ManagerSaid {}

    /** Which object has that name? The answer is {@link Heard.Named}. */
    record Find(String name) implements ManagerSaid {}

    /**
     * A pipe for calls of collections that are waited for, see {@link FrameMessage}. The answer is {@link Heard.Named}, or
     * {@link Heard.Refused} where no memory is shared. The first message at its left end greets.
     */
    record CallPipe() implements ManagerSaid {}
}
