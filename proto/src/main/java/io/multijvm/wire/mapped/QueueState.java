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
 * @param chain where elements are
 * @param counts how many there are
 * @param place of the element whose header this state changes; 0 for none. See {@link #place(int, int)}
 * @param header what it becomes: written after the state, by whoever made it or, if that has died, by who comes next
 */
public record QueueState(Chain chain, Counts counts, long place, long header) {
    private static final int SEGMENT_AT = 32;

    /**
     * The segments, and the two places in them.
     *
     * @param head the first segment of the chain; 0 while there is none
     * @param read the segment to read next
     * @param readAt where in it
     * @param passed the highest number of all elements before that place; 0 for none
     * @param tail the segment to write next
     * @param tailAt where in it
     * @param spare an empty segment, outside the chain; 0 for none
     */
    public record Chain(int head, int read, int readAt, long passed, int tail, int tailAt, int spare) {
        private Chain writtenTo(int newTailAt) {
            return new Chain(head, read, readAt, passed, tail, newTailAt, spare);
        }

        private Chain readTo(int newRead, int newReadAt, long newPassed) {
            return new Chain(head, newRead, newReadAt, newPassed, tail, tailAt, spare);
        }

        /** What is ready there must be looked at. */
        private Chain backTo(long itsPlace, long number) {
            return number <= passed ? readTo(segmentOf(itsPlace), atOf(itsPlace), number - 1) : this;
        }
    }

    /**
     * The elements.
     *
     * @param ready how many can be taken
     * @param numbers how many were put; the number of the last
     * @param unfinished how many were put and not worked off
     * @param leased how many are taken and not done with
     * @param writing how many are being written, and not ready yet
     * @param shut whether nothing is put any more
     */
    public record Counts(long ready, long numbers, long unfinished, int leased, int writing, boolean shut) {
        private Counts put() {
            return new Counts(ready + 1, numbers + 1, unfinished + 1, leased, writing, shut);
        }

        private Counts begun() {
            return new Counts(ready, numbers + 1, unfinished, leased, writing + 1, shut);
        }

        private Counts taken(int moreLeased) {
            return new Counts(ready - 1, numbers, unfinished, leased + moreLeased, writing, shut);
        }

        private Counts ready(int more, int moreUnfinished) {
            return new Counts(ready + more, numbers, Math.max(0, unfinished + moreUnfinished), leased, writing, shut);
        }

        private Counts leased(int more) {
            return new Counts(ready, numbers, unfinished, leased + more, writing, shut);
        }

        private Counts writing(int more) {
            return new Counts(ready, numbers, unfinished, leased, writing + more, shut);
        }

        private Counts shutDown() {
            return new Counts(ready, numbers, unfinished, leased, writing, true);
        }
    }

    /** A new queue. */
    static final QueueState EMPTY =
            new QueueState(new Chain(0, 0, 0, 0, 0, 0, 0), new Counts(0, 0, 0, 0, 0, false), 0, 0);

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

    public int head() {
        return chain.head;
    }

    public int read() {
        return chain.read;
    }

    public int readAt() {
        return chain.readAt;
    }

    public long passed() {
        return chain.passed;
    }

    public int tail() {
        return chain.tail;
    }

    public int tailAt() {
        return chain.tailAt;
    }

    public int spare() {
        return chain.spare;
    }

    public long ready() {
        return counts.ready;
    }

    public long numbers() {
        return counts.numbers;
    }

    public long unfinished() {
        return counts.unfinished;
    }

    public int leased() {
        return counts.leased;
    }

    public int writing() {
        return counts.writing;
    }

    public boolean shut() {
        return counts.shut;
    }

    /** Nothing is in it, nor can come back or become ready. */
    public boolean isEmpty() {
        return counts.ready == 0 && counts.leased == 0 && counts.writing == 0;
    }

    /** Nothing will ever be taken any more: what is leased or being written may still become ready. */
    public boolean isDrained() {
        return counts.shut && isEmpty();
    }

    /**
     * Whether one more can be put.
     *
     * @param capacity 0 for no bound
     */
    public boolean hasRoom(long capacity) {
        return capacity == 0 || counts.ready + counts.writing < capacity;
    }

    private static QueueState of(Chain chain, Counts counts) {
        return new QueueState(chain, counts, 0, 0);
    }

    /** With the header of one element changed in the same stroke. */
    public QueueState changing(long itsPlace, long itsHeader) {
        return new QueueState(chain, counts, itsPlace, itsHeader);
    }

    /** Something was written behind the last; the header is that of something ready. */
    public QueueState put(int newTailAt) {
        return of(chain.writtenTo(newTailAt), counts.put());
    }

    /** Room for something was taken behind the last. */
    public QueueState begun(int newTailAt) {
        return of(chain.writtenTo(newTailAt), counts.begun());
    }

    /** What was being written is ready. */
    public QueueState written(long itsPlace, long number) {
        return of(chain.backTo(itsPlace, number), counts.writing(-1).ready(1, 1));
    }

    /** What was being written never will be. */
    public QueueState abandoned() {
        return of(chain, counts.writing(-1));
    }

    /** The element that ends there is taken; all before it had been looked at. */
    public QueueState taken(int newRead, int newReadAt, long number, boolean lease) {
        return of(chain.readTo(newRead, newReadAt, number), counts.taken(lease ? 1 : 0));
    }

    /** A leased element is done with. */
    public QueueState acknowledged() {
        return of(chain, counts.leased(-1));
    }

    /** A leased element is ready again. */
    public QueueState givenBack(long itsPlace, long number) {
        return of(chain.backTo(itsPlace, number), counts.leased(-1).ready(1, 0));
    }

    /** One was taken out of the middle, and will not be worked off. */
    public QueueState removed() {
        return of(chain, counts.ready(-1, -1));
    }

    /** One was worked off. */
    public QueueState finished() {
        return of(chain, counts.ready(0, -1));
    }

    /** Nothing is put any more. */
    public QueueState shutDown() {
        return of(chain, counts.shutDown());
    }

    /** The place to read next is behind what is done with. */
    public QueueState movedOn(int newRead, int newReadAt, long newPassed) {
        return of(chain.readTo(newRead, newReadAt, newPassed), counts);
    }

    /** With nothing in it: what is put next is written at the tail segment's begin, and that segment is the spare one. */
    public QueueState rewound(int begin, int newSpare) {
        Chain last = new Chain(chain.tail, chain.tail, begin, chain.passed, chain.tail, begin, newSpare);
        return of(last, counts);
    }

    /** Another segment is the last of the chain. */
    public QueueState extended(int segment, int begin) {
        boolean first = chain.tail == 0;
        Chain longer = new Chain(
                first ? segment : chain.head,
                first ? segment : chain.read,
                first ? begin : chain.readAt,
                chain.passed,
                segment,
                begin,
                chain.spare == segment ? 0 : chain.spare);
        return of(longer, counts);
    }

    /** The chain begins there, and that segment is the spare one. */
    public QueueState shortened(int newHead, int newSpare) {
        Chain shorter = new Chain(newHead, chain.read, chain.readAt, chain.passed, chain.tail, chain.tailAt, newSpare);
        return of(shorter, counts);
    }
}
