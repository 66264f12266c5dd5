// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import io.multijvm.wire.mapped.QueueWaits;
import java.util.List;

/**
 * What a client says to the owner of a queue. Where memory is shared that is only what concerns those that wait, and the memory
 * itself; else it is all, and elements cross encoded, in pieces if they are large.
 */
public sealed interface QueueSaid extends Said {
    /** Of one piece, and of all elements of one answer together unless it is one. */
    int MOST_BYTES = 256 << 10;

    /**
     * A piece of an element that is too large for one message; more follow, and the last comes with {@link Put}. Answered by
     * {@link Heard.Done}.
     *
     * @param transfer the ticket of the {@link Put}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(long transfer, byte[] data) implements QueueSaid {}

    /**
     * An element, or its last piece. Answered by {@link Heard.IsSo}: true when it is in the queue, false if there is no room;
     * or by {@link QueueHeard.Ended}.
     *
     * @param waits whether it waits for room
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(byte[] data, boolean waits) implements QueueSaid {}

    /**
     * An element is wanted. Answered by {@link QueueHeard.Elements}: with one as soon as there is any, or with none if it does
     * not wait; or by {@link QueueHeard.Ended}, when no more will ever come.
     *
     * @param leased whether it comes back if this process dies before it acknowledges it. One that does not fit into the
     *     answer is leased in any case
     */
    record Take(boolean waits, boolean leased) implements QueueSaid {}

    /**
     * The next piece of an element that is leased by this process, or still in the queue. Answered by {@link Heard.Data}, or
     * {@link QueueHeard.Ended} if it is neither.
     */
    record Rest(long element, long offset) implements QueueSaid {}

    /**
     * Nobody wants to wait any more, or to send the rest of an element. What still waits is answered by {@link Heard.Left}.
     *
     * @param ticket of the {@link Take}, {@link Put}, {@link Join}, {@link Await} or {@link Watch}
     */
    record Leave(long ticket) implements QueueSaid {}

    /** A leased element is done with. Answered by {@link Heard.IsSo}: false if the lease was over. */
    record Acknowledge(long element) implements QueueSaid {}

    /** A leased element is as it was before it was taken, where it was. Answered as {@link Acknowledge}. */
    record GiveBack(long element) implements QueueSaid {}

    /** One that was taken has been worked off. Answered by {@link Heard.IsSo}: false if that was said too often. */
    record TaskDone() implements QueueSaid {}

    /** Answered by {@link Heard.Done} when as many have been worked off as were put. */
    record Join() implements QueueSaid {}

    /** Nothing more is put. Answered by {@link Heard.Done}. */
    record Shut() implements QueueSaid {}

    /** Answered by {@link QueueHeard.Size}. */
    record Ask() implements QueueSaid {}

    /** What is in it now, without taking it, behind that number. Answered by {@link QueueHeard.Elements}. */
    record Look(long behind, int most) implements QueueSaid {}

    /** Those of these elements that are still in it are taken out. Answered by {@link Heard.Count}, how many. */
    record Remove(List<Long> elements) implements QueueSaid {
        public Remove {
            elements = List.copyOf(elements);
        }
    }

    /** In mapped memory: this is not so, as yet. Answered by {@link Heard.Done} when it may be. */
    record Await(QueueWaits what) implements QueueSaid {}

    /** Answered by {@link Heard.Done} as soon as something can be taken, or nothing ever will; it takes nobody's turn. */
    record Watch() implements QueueSaid {}

    /** In mapped memory: something has become so that somebody waits for. Not answered. */
    record Changed() implements QueueSaid {}

    /** In mapped memory: a segment is needed for so many bytes. Answered by {@link QueueHeard.SegmentAt}. */
    record Grow(int bytes) implements QueueSaid {}

    /** In mapped memory: that segment, which was made for this process, belongs to the queue now. Not answered. */
    record Placed(int segment) implements QueueSaid {}

    /** In mapped memory: where is that segment? Answered by {@link QueueHeard.SegmentAt}, or {@link QueueHeard.Ended}. */
    record Where(int segment) implements QueueSaid {}

    /** In mapped memory: nobody needs these segments any more. Not answered. */
    record Free(List<Integer> segments) implements QueueSaid {
        public Free {
            segments = List.copyOf(segments);
        }
    }
}
