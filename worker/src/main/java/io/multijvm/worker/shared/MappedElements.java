// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.worker.shared.QueueSegments.NotMapped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to the elements of a queue in mapped memory. All methods are called with the queue's lock, which outlives
 * its holders; so whatever a process does here it may die in the middle of.
 *
 * <p>Each operation comes true by the one store that makes its {@link QueueState} valid. What it writes before that is where
 * nobody looks; what has to follow, one header, is told by the state and written by {@link #mend} if it was not. So who comes
 * next finds the queue as it was before an operation or as it is after it.
 *
 * <p>The bytes of a large element are copied without the lock: to be put, it takes its room, is written, and becomes ready;
 * to be taken, it is leased, read, and acknowledged. If its process dies in between it vanishes whole, or comes back.
 */
class MappedElements {
    /** From here on the lock is not held while bytes are copied. */
    static final int LARGE_BYTES = 16 << 10;

    /** An answer of {@link #put} or {@link #begin} that is no place. */
    static final long FULL = 0;

    static final long ENDED = -1;
    static final long NO_SEGMENT = -2;

    /** Of one answer of {@link #look}. */
    private static final int MOST_BYTES_SEEN = 1 << 20;

    private final QueueCell cell;
    private final int client;
    private final QueueSegments segments;

    /** @param client this process's number */
    MappedElements(QueueCell cell, int client, QueueSegments segments) {
        this.cell = cell;
        this.client = client;
        this.segments = segments;
    }

    /** Before each store that others could miss, if this process died just then. For tests. */
    void aboutToStore() {}

    private void commit(QueueState next) throws NotMapped {
        QueueSegment at = next.place() == 0 ? null : segments.get(QueueState.segmentOf(next.place()));
        aboutToStore();
        cell.commit(next);
        if (at != null) {
            aboutToStore();
            at.header(QueueState.atOf(next.place()), next.header());
        }
    }

    /**
     * Finishes what the last holder of the lock may not have. To be called first by whoever has the lock, for nobody is told
     * twice that a holder died; so does it no harm either.
     */
    void mend() throws NotMapped {
        QueueState state = cell.stateLocked();
        if (state.place() != 0) {
            QueueSegment segment = segments.get(QueueState.segmentOf(state.place()));
            int at = QueueState.atOf(state.place());
            if (segment.header(at) != state.header()) {
                segment.header(at, state.header());
            }
        }
    }

    /**
     * Puts a small element. Returns its place, or why it was not put.
     *
     * @param freed gets the segments that nobody needs any more
     */
    long put(byte[][] parts, int bytes, Collection<Integer> freed) throws NotMapped {
        long place = room(bytes, freed);
        if (place <= 0) {
            return place;
        }
        QueueState state = cell.stateLocked();
        QueueSegment segment = segments.get(state.tail());
        int at = state.tailAt();
        int offset = 0;
        for (byte[] part : parts) {
            segment.write(at, offset, part);
            offset += part.length;
        }
        aboutToStore();
        segment.element(at, state.numbers() + 1);
        segment.header(at, QueueSegment.header(QueueSegment.READY, client, 0, bytes));
        commit(state.put(at + QueueSegment.room(bytes)));
        return place;
    }

    /** Takes the room for a large element. Returns its place, to be written to, or why there is none. */
    long begin(int bytes, Collection<Integer> freed) throws NotMapped {
        long place = room(bytes, freed);
        if (place <= 0) {
            return place;
        }
        QueueState state = cell.stateLocked();
        QueueSegment segment = segments.get(state.tail());
        int at = state.tailAt();
        aboutToStore();
        segment.element(at, state.numbers() + 1);
        segment.header(at, QueueSegment.header(QueueSegment.WRITING, client, 0, bytes));
        commit(state.begun(at + QueueSegment.room(bytes)));
        return place;
    }

    /** A large element has been written. */
    void written(long place) throws NotMapped {
        QueueSegment segment = segments.get(QueueState.segmentOf(place));
        int at = QueueState.atOf(place);
        int bytes = QueueSegment.bytes(segment.header(at));
        commit(cell.stateLocked()
                .written(place, segment.element(at))
                .changing(place, QueueSegment.header(QueueSegment.READY, client, 0, bytes)));
    }

    /** A large element will not be written after all. */
    void abandon(long place) throws NotMapped {
        commit(cell.stateLocked().abandoned().changing(place, headerOf(place, QueueSegment.DONE, 0)));
    }

    /** Sees to it that so much can be written at the tail; what it changes for that changes nothing else. */
    private long room(int bytes, Collection<Integer> freed) throws NotMapped {
        QueueState state = cell.stateLocked();
        if (state.shut()) {
            return ENDED;
        }
        if (!state.hasRoom(cell.capacity())) {
            return FULL;
        }
        if (state.tail() == 0) {
            return NO_SEGMENT;
        }
        QueueSegment tail = segments.get(state.tail());
        boolean empty = state.ready() == 0 && state.leased() == 0 && state.writing() == 0;
        if (empty && (state.head() != state.tail() || state.tailAt() != QueueSegment.BEGIN)) {
            List<Integer> before = new ArrayList<>();
            for (int each = state.head();
                    each != state.tail();
                    each = segments.get(each).next()) {
                before.add(each);
            }
            commit(state.rewound(QueueSegment.BEGIN)); // what is used again is still in the caches
            freed.addAll(before);
            state = cell.stateLocked();
        }
        if (state.tailAt() + QueueSegment.room(bytes) > tail.capacity()) {
            if (state.spare() == 0
                    || QueueSegment.BEGIN + QueueSegment.room(bytes)
                            > segments.get(state.spare()).capacity()) {
                return NO_SEGMENT;
            }
            extend(segments.get(state.spare()));
            state = cell.stateLocked();
        }
        return QueueState.place(state.tail(), state.tailAt());
    }

    /** Something new is the last of the chain. */
    void extend(QueueSegment segment) throws NotMapped {
        QueueState state = cell.stateLocked();
        segment.next(0);
        if (state.tail() != 0) {
            QueueSegment tail = segments.get(state.tail());
            tail.end(state.tailAt());
            tail.next(segment.number());
        }
        commit(state.extended(segment.number(), QueueSegment.BEGIN));
    }

    /** Whether a segment that was made is needed still, for an element that found no room. */
    boolean stillNeeds(int bytes) throws NotMapped {
        QueueState state = cell.stateLocked();
        return state.tail() == 0
                || state.tailAt() + QueueSegment.room(bytes)
                        > segments.get(state.tail()).capacity();
    }

    /**
     * Takes the first that is ready.
     *
     * @param lease whether it is to be acknowledged; a large one is in any case, once it is read
     * @param freed gets the segments that nobody needs any more
     */
    Got take(boolean lease, Collection<Integer> freed) throws NotMapped {
        QueueState state = cell.stateLocked();
        if (state.ready() == 0) {
            return state.isDrained() ? Got.ENDED : Got.NOTHING;
        }
        Walk walk = new Walk(state);
        while (QueueSegment.state(walk.header()) != QueueSegment.READY) {
            walk.pass();
        }
        long header = walk.header();
        long place = walk.place();
        long number = walk.element();
        int bytes = QueueSegment.bytes(header);
        int attempt = Math.min(QueueSegment.attempt(header) + 1, QueueSegment.MOST_ATTEMPTS);
        boolean keeps = lease || bytes >= LARGE_BYTES;
        byte[] read = bytes >= LARGE_BYTES ? null : walk.read();
        int next = keeps ? QueueSegment.LEASED : QueueSegment.DONE;
        walk.pass();
        boolean crosses = walk.segment.number() != state.read();
        if (crosses) {
            checkMapped(state, walk.segment.number());
        }
        commit(state.taken(walk.segment.number(), walk.at, number, keeps)
                .changing(place, QueueSegment.header(next, client, attempt, bytes)));
        if (crosses) {
            sweep(freed);
        }
        return Got.element(number, attempt, place, read);
    }

    /** A leased element is done with. False if this process has no lease on it. */
    boolean acknowledge(Got got) throws NotMapped {
        if (!isLeased(got)) {
            return false;
        }
        commit(cell.stateLocked()
                .acknowledged()
                .changing(got.place(), headerOf(got.place(), QueueSegment.DONE, got.attempt())));
        return true;
    }

    /** A leased element is ready again. False if this process has no lease on it. */
    boolean giveBack(Got got) throws NotMapped {
        if (!isLeased(got)) {
            return false;
        }
        commit(cell.stateLocked()
                .givenBack(got.place(), got.number())
                .changing(got.place(), headerOf(got.place(), QueueSegment.READY, got.attempt())));
        return true;
    }

    private boolean isLeased(Got got) throws NotMapped {
        if (!segments.has(QueueState.segmentOf(got.place()))) {
            return false; // nothing in it was leased any more
        }
        QueueSegment segment = segments.get(QueueState.segmentOf(got.place()));
        int at = QueueState.atOf(got.place());
        long header = segment.header(at);
        return QueueSegment.state(header) == QueueSegment.LEASED
                && QueueSegment.client(header) == client
                && QueueSegment.attempt(header) == got.attempt()
                && segment.element(at) == got.number();
    }

    private long headerOf(long place, int state, int attempt) throws NotMapped {
        long header = segments.get(QueueState.segmentOf(place)).header(QueueState.atOf(place));
        return QueueSegment.header(state, client, attempt, QueueSegment.bytes(header));
    }

    /**
     * A process has ended: what it was writing vanishes, what it had leased is ready again. Returns the segments of the chain.
     */
    Set<Integer> takeBack(int dead) throws NotMapped {
        Set<Integer> chain = new LinkedHashSet<>();
        QueueState state = cell.stateLocked();
        if (state.head() == 0) {
            return chain;
        }
        List<Long> of = new ArrayList<>(); // first all, so that whatever is not mapped yet is, before anything changes
        for (Walk walk = Walk.ofAll(this, state); !walk.isAtEnd(); walk.pass()) {
            int itsState = QueueSegment.state(walk.header());
            if (QueueSegment.client(walk.header()) == dead
                    && (itsState == QueueSegment.LEASED || itsState == QueueSegment.WRITING)) {
                of.add(walk.place());
            }
        }
        for (Long place : of) {
            QueueSegment segment = segments.get(QueueState.segmentOf(place));
            int at = QueueState.atOf(place);
            long header = segment.header(at);
            boolean leased = QueueSegment.state(header) == QueueSegment.LEASED;
            QueueState now = cell.stateLocked();
            commit((leased ? now.givenBack(place, segment.element(at)) : now.abandoned())
                    .changing(
                            place,
                            QueueSegment.header(
                                    leased ? QueueSegment.READY : QueueSegment.DONE,
                                    dead,
                                    QueueSegment.attempt(header),
                                    QueueSegment.bytes(header))));
        }
        return chain();
    }

    /** All segments that are in use. */
    Set<Integer> chain() throws NotMapped {
        Set<Integer> chain = new LinkedHashSet<>();
        QueueState state = cell.stateLocked();
        if (state.spare() != 0) {
            chain.add(state.spare());
        }
        for (int each = state.head(); each != 0; ) {
            chain.add(each);
            each = each == state.tail() ? 0 : segments.get(each).next();
        }
        return chain;
    }

    /** Those behind that number, without taking them; bytes of large ones too. */
    List<Got> look(long behind, int most) throws NotMapped {
        List<Got> seen = new ArrayList<>();
        QueueState state = cell.stateLocked();
        long bytes = 0;
        if (state.ready() == 0) {
            return seen;
        }
        for (Walk walk = new Walk(state); !walk.isAtEnd() && seen.size() < most; walk.pass()) {
            long header = walk.header();
            if (QueueSegment.state(header) != QueueSegment.READY || walk.element() <= behind) {
                continue;
            }
            bytes += QueueSegment.bytes(header);
            if (bytes > MOST_BYTES_SEEN && !seen.isEmpty()) {
                break;
            }
            seen.add(Got.element(walk.element(), QueueSegment.attempt(header), walk.place(), walk.read()));
        }
        return seen;
    }

    /**
     * Takes those of these out that are ready. Returns how many.
     *
     * @param freed gets the segments that nobody needs any more
     */
    int remove(Set<Long> numbers, Collection<Integer> freed) throws NotMapped {
        QueueState state = cell.stateLocked();
        if (state.ready() == 0) {
            return 0;
        }
        checkMapped(state, state.tail());
        List<Long> found = new ArrayList<>();
        for (Walk walk = new Walk(state); !walk.isAtEnd() && found.size() < numbers.size(); walk.pass()) {
            if (QueueSegment.state(walk.header()) == QueueSegment.READY && numbers.contains(walk.element())) {
                found.add(walk.place());
            }
        }
        for (Long place : found) {
            commit(cell.stateLocked().removed().changing(place, headerOf(place, QueueSegment.DONE, 0)));
        }
        moveOn();
        sweep(freed);
        return found.size();
    }

    /** What was taken out of the front is not looked at again. */
    private void moveOn() throws NotMapped {
        QueueState state = cell.stateLocked();
        long passed = state.passed();
        Walk walk = new Walk(state);
        while (!walk.isAtEnd() && QueueSegment.state(walk.header()) == QueueSegment.DONE) {
            passed = walk.element();
            walk.pass();
        }
        commit(state.movedOn(walk.segment.number(), walk.at, passed));
    }

    /** One was worked off; false if that was said too often. */
    boolean finish() throws NotMapped {
        QueueState state = cell.stateLocked();
        if (state.unfinished() == 0) {
            return false;
        }
        commit(state.finished());
        return true;
    }

    void shut() throws NotMapped {
        commit(cell.stateLocked().shutDown());
    }

    /** What {@link #sweep} will look at is mapped: it must not fail, for by then something is taken. */
    private void checkMapped(QueueState state, int read) throws NotMapped {
        for (int each = state.head(); each != read; ) {
            each = segments.get(each).next();
        }
        var unusedToo = segments.get(read);
        if (state.spare() != 0) {
            var unused = segments.get(state.spare());
        }
    }

    /** Takes segments out of the chain in which nothing is left, of those that are wholly before the place to read. */
    private void sweep(Collection<Integer> freed) throws NotMapped {
        QueueState state = cell.stateLocked();
        QueueSegment before = null;
        for (int each = state.head(); each != state.read(); ) {
            QueueSegment segment = segments.get(each);
            int next = segment.next();
            if (isDone(segment)) {
                unlink(segment, before, next, freed);
            } else {
                before = segment;
            }
            each = next;
        }
    }

    private static boolean isDone(QueueSegment segment) {
        int at = QueueSegment.BEGIN;
        for (int end = segment.end(); at < end; ) {
            long header = segment.header(at);
            if (QueueSegment.state(header) != QueueSegment.DONE) {
                return false;
            }
            at += QueueSegment.room(QueueSegment.bytes(header));
        }
        return true;
    }

    private void unlink(QueueSegment segment, @Nullable QueueSegment before, int next, Collection<Integer> freed)
            throws NotMapped {
        QueueState state = cell.stateLocked();
        // the larger one is kept: who puts large elements needs it
        boolean keep = state.spare() == 0 || segments.get(state.spare()).capacity() < segment.capacity();
        int surplus = keep ? state.spare() : segment.number();
        if (before != null) {
            aboutToStore();
            before.next(next);
        }
        commit(state.shortened(before == null ? next : state.head(), keep ? segment.number() : state.spare()));
        if (surplus != 0) {
            freed.add(surplus);
        }
    }

    /** A place in the chain that moves on. */
    private final class Walk {
        private final QueueState state;
        QueueSegment segment;
        int at;

        /** From the place to read next. */
        Walk(QueueState state) throws NotMapped {
            this(state, state.read(), state.readAt());
        }

        private Walk(QueueState state, int first, int at) throws NotMapped {
            this.state = state;
            this.segment = segments.get(first);
            this.at = at;
            settle();
        }

        static Walk ofAll(MappedElements elements, QueueState state) throws NotMapped {
            return elements.new Walk(state, state.head(), QueueSegment.BEGIN);
        }

        boolean isAtEnd() {
            return segment.number() == state.tail() && at >= state.tailAt();
        }

        long header() {
            if (isAtEnd()) {
                throw new IllegalStateException("a queue has lost count of what is in it: " + state);
            }
            return segment.header(at);
        }

        long element() {
            return segment.element(at);
        }

        long place() {
            return QueueState.place(segment.number(), at);
        }

        byte[] read() {
            return segment.read(at, QueueSegment.bytes(header()));
        }

        void pass() throws NotMapped {
            at += QueueSegment.room(QueueSegment.bytes(header()));
            settle();
        }

        /** To where an element begins, if there is one more. */
        private void settle() throws NotMapped {
            while (segment.number() != state.tail() && at >= segment.end()) {
                segment = segments.get(segment.next());
                at = QueueSegment.BEGIN;
            }
        }
    }
}
