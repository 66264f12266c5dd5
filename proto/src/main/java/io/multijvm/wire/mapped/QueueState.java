// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/**
 * All that changes of a queue in mapped memory when something is put, taken or given back; one operation makes one state of
 * another, and whoever dies in between has changed nothing. Elements lie one behind the other in a chain of segments.
 *
 * <pre>
 * head segment ... read segment ......... tail segment
 * [ passed        | to be looked at next: readAt ... | tailAt: to be written next ]
 * </pre>
 *
 * <p>What is before the place to read is done with, or leased, or still being written; what is behind it is ready, unless its
 * header says otherwise. Something that becomes ready before that place moves it back.
 *
 * @param head the first segment of the chain; 0 while there is none
 * @param read the segment to read next
 * @param readAt where in it
 * @param passed the highest number of all elements before that place; 0 for none
 * @param tail the segment to write next
 * @param tailAt where in it
 * @param spare an empty segment, outside the chain; 0 for none
 * @param ready how many elements can be taken
 * @param numbers how many were put; the number of the last
 * @param unfinished how many were put and not worked off
 * @param leased how many are taken and not done with
 * @param writing how many are being written, and not ready yet
 * @param shut whether nothing is put any more
 * @param place of the element whose header this state changes; 0 for none. See {@link #place(int, int)}
 * @param header what it becomes: written after the state, by whoever made it or, if that has died, by who comes next
 */
public record QueueState(
        int head,
        int read,
        int readAt,
        long passed,
        int tail,
        int tailAt,
        int spare,
        long ready,
        long numbers,
        long unfinished,
        int leased,
        int writing,
        boolean shut,
        long place,
        long header) {
    private static final int SEGMENT_AT = 32;

    /** An element's place in one word; never 0. */
    public static long place(int segment, int at) {
        return (long) segment << SEGMENT_AT | at;
    }

    public static int segmentOf(long place) {
        return (int) (place >>> SEGMENT_AT);
    }

    public static int atOf(long place) {
        return (int) place;
    }

    /** A new queue. */
    static final QueueState EMPTY = new QueueState(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, 0, 0);

    /** Nothing will ever be taken any more: what is leased or being written may still become ready. */
    public boolean isDrained() {
        return shut && ready == 0 && leased == 0 && writing == 0;
    }

    /**
     * Whether one more can be put.
     *
     * @param capacity 0 for no bound
     */
    public boolean hasRoom(long capacity) {
        return capacity == 0 || ready + writing < capacity;
    }

    private QueueState of(
            int newHead, int newRead, int newReadAt, long newPassed, long newReady, int newLeased, int newWriting) {
        return new QueueState(
                newHead,
                newRead,
                newReadAt,
                newPassed,
                tail,
                tailAt,
                spare,
                newReady,
                numbers,
                unfinished,
                newLeased,
                newWriting,
                shut,
                0,
                0);
    }

    /** With the header of one element changed in the same stroke. */
    public QueueState changing(long itsPlace, long itsHeader) {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                tailAt,
                spare,
                ready,
                numbers,
                unfinished,
                leased,
                writing,
                shut,
                itsPlace,
                itsHeader);
    }

    /** Something was written behind the last; the header is that of something ready. */
    public QueueState put(int newTailAt) {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                newTailAt,
                spare,
                ready + 1,
                numbers + 1,
                unfinished + 1,
                leased,
                writing,
                shut,
                0,
                0);
    }

    /** Room for something was taken behind the last. */
    public QueueState begun(int newTailAt) {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                newTailAt,
                spare,
                ready,
                numbers + 1,
                unfinished,
                leased,
                writing + 1,
                shut,
                0,
                0);
    }

    /** What was being written is ready. */
    public QueueState written(long itsPlace, long number) {
        return backTo(itsPlace, number, ready + 1, unfinished + 1, leased, writing - 1);
    }

    /** What was being written never will be. */
    public QueueState abandoned() {
        return of(head, read, readAt, passed, ready, leased, writing - 1);
    }

    /** The element that ends there is taken; all before it had been looked at. */
    public QueueState taken(int newRead, int newReadAt, long number, boolean lease) {
        return of(head, newRead, newReadAt, number, ready - 1, lease ? leased + 1 : leased, writing);
    }

    /** A leased element is done with. */
    public QueueState acknowledged() {
        return of(head, read, readAt, passed, ready, leased - 1, writing);
    }

    /** A leased element is ready again. */
    public QueueState givenBack(long itsPlace, long number) {
        return backTo(itsPlace, number, ready + 1, unfinished, leased - 1, writing);
    }

    private QueueState backTo(
            long itsPlace, long number, long newReady, long newUnfinished, int newLeased, int newWriting) {
        boolean back = number <= passed;
        return new QueueState(
                head,
                back ? segmentOf(itsPlace) : read,
                back ? atOf(itsPlace) : readAt,
                back ? number - 1 : passed,
                tail,
                tailAt,
                spare,
                newReady,
                numbers,
                newUnfinished,
                newLeased,
                newWriting,
                shut,
                0,
                0);
    }

    /** One was taken out of the middle, and will not be worked off. */
    public QueueState removed() {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                tailAt,
                spare,
                ready - 1,
                numbers,
                Math.max(0, unfinished - 1),
                leased,
                writing,
                shut,
                0,
                0);
    }

    /** One was worked off. */
    public QueueState finished() {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                tailAt,
                spare,
                ready,
                numbers,
                unfinished - 1,
                leased,
                writing,
                shut,
                0,
                0);
    }

    /** Nothing is put any more. */
    public QueueState shutDown() {
        return new QueueState(
                head,
                read,
                readAt,
                passed,
                tail,
                tailAt,
                spare,
                ready,
                numbers,
                unfinished,
                leased,
                writing,
                true,
                0,
                0);
    }

    /** The place to read next is behind what is done with. */
    public QueueState movedOn(int newRead, int newReadAt, long newPassed) {
        return of(head, newRead, newReadAt, newPassed, ready, leased, writing);
    }

    /** With nothing in it: what is put next is written at the tail segment's begin. */
    public QueueState rewound(int begin) {
        return new QueueState(
                tail, tail, begin, passed, tail, begin, spare, ready, numbers, unfinished, leased, writing, shut, 0, 0);
    }

    /** Another segment is the last of the chain. */
    public QueueState extended(int segment, int begin) {
        boolean first = tail == 0;
        return new QueueState(
                first ? segment : head,
                first ? segment : read,
                first ? begin : readAt,
                passed,
                segment,
                begin,
                spare == segment ? 0 : spare,
                ready,
                numbers,
                unfinished,
                leased,
                writing,
                shut,
                0,
                0);
    }

    /** The chain begins there, and that segment is the spare one. */
    public QueueState shortened(int newHead, int newSpare) {
        return new QueueState(
                newHead,
                read,
                readAt,
                passed,
                tail,
                tailAt,
                newSpare,
                ready,
                numbers,
                unfinished,
                leased,
                writing,
                shut,
                0,
                0);
    }
}
