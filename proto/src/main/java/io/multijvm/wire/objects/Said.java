// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of one object. */
public sealed interface Said
        permits Said.Open,
                Said.Close,
                Said.LetGo,
                Said.Goodbye,
                Said.ItsLock,
                EventSaid,
                SemaphoreSaid,
                LatchSaid,
                BarrierSaid,
                LockSaid,
                ElementSaid,
                BlockSaid,
                ReferenceSaid,
                QueueSaid,
                CollectionSaid,
                PipeSaid,
                ManagerSaid {
    /** It is about to use the object: is it there, and where does its cell lie? The answer is {@link Heard.Opened}. */
    record Open() implements Said {}

    /** Nobody shall use the object any more. Every client that opened it hears {@link Heard.Closed}. */
    record Close() implements Said {}

    /** After {@link Heard.Closed}: this process touches its memory no more. */
    record LetGo() implements Said {}

    /**
     * Of the manager itself, as object 0: this process ends in good order, and changes nothing any more. Answered by
     * {@link Heard.Done}.
     */
    record Goodbye() implements Said {}

    /** Which lock belongs to it? Made when it is first asked for. The answer is {@link Heard.ItsLock}. */
    record ItsLock() implements Said {}
}
