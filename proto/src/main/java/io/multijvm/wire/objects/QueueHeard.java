// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.util.List;

/** What the owner of a queue says to a client. */
public sealed interface QueueHeard extends Heard {
    /**
     * An element, or the first piece of one.
     *
     * @param number which one it is of all that were put
     * @param attempt from 1: how often it was taken with this time
     * @param bytes its length
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Element(long number, int attempt, long bytes, byte[] data) {}

    /** Elements in their order; empty if there is none. */
    record Elements(List<Element> all) implements QueueHeard {
        public Elements {
            all = List.copyOf(all);
        }
    }

    /** Nothing is put any more, or nothing is left to take. */
    record Ended() implements QueueHeard {}

    /**
     * How full it is.
     *
     * @param capacity 0 for no bound
     * @param last number of the last that was put
     * @param drained nothing is left, and nothing can come any more
     */
    record Size(long ready, long capacity, long last, boolean shut, boolean drained) implements QueueHeard {}

    /** Where a segment in mapped memory is. */
    record SegmentAt(int number, String address, long bytes) implements QueueHeard {}
}
