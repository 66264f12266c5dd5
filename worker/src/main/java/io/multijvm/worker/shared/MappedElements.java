// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.worker.shared.QueueSegments.NotMapped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What can be done to the elements of a queue in mapped memory. All methods are called with the queue's lock, which outlives
 * its holders; so whatever a process does here it may die in the middle of.
 *
 * <p>Each operation comes true by the one store that makes its {@link QueueState} valid. What it writes before that is where
 * nobody looks; what has to follow, one header, is told by the state and written by {@link MappedChain#mend} if it was not. So who comes
 * next finds the queue as it was before an operation or as it is after it.
 *
 * <p>The bytes of a large element are copied without the lock: to be put, it takes its room, is written, and becomes ready;
 * to be taken, it is leased, read, and acknowledged. If its process dies in between it vanishes whole, or comes back.
 */
class MappedElements {
    /** From here on the lock is not held while bytes are copied. */
    static final int LARGE_BYTES = 16 << 10;

    /** Of one answer of {@link #look}. */
    private static final int MOST_BYTES_SEEN = 1 << 20;

    private final MappedChain chain;
    private final int client;

    /** @param client this process's number */
    MappedElements(MappedChain chain, int client) {
        this.chain = chain;
        this.client = client;
    }

    /**
     * Puts a small element. Returns its place, or why it was not put: see {@link MappedChain#FULL}.
     *
     * @param freed gets the segments that nobody needs any more
     */
    long put(byte[][] parts, int bytes, Collection<Integer> freed) throws NotMapped {
        long place = chain.room(bytes, freed);
        if (place <= 0) {
            return place;
        }
        QueueState state = chain.state();
        QueueSegment segment = chain.segment(state.tail());
        int at = state.tailAt();
        int offset = 0;
        for (byte[] part : parts) {
            segment.write(at, offset, part);
            offset += part.length;
        }
        chain.aboutToStore();
        segment.element(at, state.numbers() + 1);
        segment.header(at, QueueSegment.header(QueueSegment.READY, client, 0, bytes));
        chain.commit(state.put(at + QueueSegment.room(bytes)));
        return place;
    }

    /** Takes the room for a large element. Returns its place, to be written to, or why there is none. */
    long begin(int bytes, Collection<Integer> freed) throws NotMapped {
        long place = chain.room(bytes, freed);
        if (place <= 0) {
            return place;
        }
        QueueState state = chain.state();
        QueueSegment segment = chain.segment(state.tail());
        int at = state.tailAt();
        chain.aboutToStore();
        segment.element(at, state.numbers() + 1);
        segment.header(at, QueueSegment.header(QueueSegment.WRITING, client, 0, bytes));
        chain.commit(state.begun(at + QueueSegment.room(bytes)));
        return place;
    }

    /** A large element has been written. */
    void written(long place) throws NotMapped {
        QueueSegment segment = chain.segment(QueueState.segmentOf(place));
        int at = QueueState.atOf(place);
        int bytes = QueueSegment.bytes(segment.header(at));
        chain.commit(chain.state()
                .written(place, segment.element(at))
                .changing(place, QueueSegment.header(QueueSegment.READY, client, 0, bytes)));
    }

    /** A large element will not be written after all. */
    void abandon(long place) throws NotMapped {
        chain.commit(chain.state().abandoned().changing(place, headerOf(place, QueueSegment.DONE, 0)));
    }

    /**
     * Takes the first that is ready.
     *
     * @param lease whether it is to be acknowledged; a large one is in any case, once it is read
     * @param freed gets the segments that nobody needs any more
     */
    Got take(boolean lease, Collection<Integer> freed) throws NotMapped {
        QueueState state = chain.state();
        if (state.ready() == 0) {
            return state.isDrained() ? Got.ENDED : Got.NOTHING;
        }
        ChainWalk walk = ChainWalk.ofUnread(chain, state);
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
        boolean crosses = walk.segment() != state.read();
        if (crosses) {
            chain.checkMapped(state, walk.segment());
        }
        chain.commit(state.taken(walk.segment(), walk.at(), number, keeps)
                .changing(place, QueueSegment.header(next, client, attempt, bytes)));
        if (crosses) {
            chain.sweep(freed);
        }
        return Got.element(number, attempt, place, read);
    }

    /**
     * A leased element is done with. False if this process has no lease on it.
     *
     * @param freed gets the segments that nobody needs any more
     */
    boolean acknowledge(Got got, Collection<Integer> freed) throws NotMapped {
        if (!isLeased(got)) {
            return false;
        }
        QueueState state = chain.state();
        boolean last = QueueState.segmentOf(got.place()) != state.read(); // perhaps, of what kept its segment
        if (last) {
            chain.checkMapped(state, state.read());
        }
        chain.commit(
                state.acknowledged().changing(got.place(), headerOf(got.place(), QueueSegment.DONE, got.attempt())));
        if (last) {
            chain.sweep(freed);
        }
        return true;
    }

    /** A leased element is ready again. False if this process has no lease on it. */
    boolean giveBack(Got got) throws NotMapped {
        if (!isLeased(got)) {
            return false;
        }
        chain.commit(chain.state()
                .givenBack(got.place(), got.number())
                .changing(got.place(), headerOf(got.place(), QueueSegment.READY, got.attempt())));
        return true;
    }

    private boolean isLeased(Got got) throws NotMapped {
        if (!chain.has(QueueState.segmentOf(got.place()))) {
            return false; // nothing in it was leased any more
        }
        QueueSegment segment = chain.segment(QueueState.segmentOf(got.place()));
        int at = QueueState.atOf(got.place());
        long header = segment.header(at);
        return QueueSegment.state(header) == QueueSegment.LEASED
                && QueueSegment.client(header) == client
                && QueueSegment.attempt(header) == got.attempt()
                && segment.element(at) == got.number();
    }

    private long headerOf(long place, int state, int attempt) throws NotMapped {
        long header = chain.segment(QueueState.segmentOf(place)).header(QueueState.atOf(place));
        return QueueSegment.header(state, client, attempt, QueueSegment.bytes(header));
    }

    /**
     * A process has ended: what it was writing vanishes, what it had leased is ready again. Returns the segments of the chain.
     */
    Set<Integer> takeBack(int dead) throws NotMapped {
        QueueState state = chain.state();
        if (state.head() == 0) {
            return Set.of();
        }
        List<Long> of = new ArrayList<>(); // first all, so that whatever is not mapped yet is, before anything changes
        for (ChainWalk walk = ChainWalk.ofAll(chain, state); !walk.isAtEnd(); walk.pass()) {
            int itsState = QueueSegment.state(walk.header());
            if (QueueSegment.client(walk.header()) == dead
                    && (itsState == QueueSegment.LEASED || itsState == QueueSegment.WRITING)) {
                of.add(walk.place());
            }
        }
        for (Long place : of) {
            QueueSegment segment = chain.segment(QueueState.segmentOf(place));
            int at = QueueState.atOf(place);
            long header = segment.header(at);
            boolean leased = QueueSegment.state(header) == QueueSegment.LEASED;
            QueueState now = chain.state();
            chain.commit((leased ? now.givenBack(place, segment.element(at)) : now.abandoned())
                    .changing(
                            place,
                            QueueSegment.header(
                                    leased ? QueueSegment.READY : QueueSegment.DONE,
                                    dead,
                                    QueueSegment.attempt(header),
                                    QueueSegment.bytes(header))));
        }
        return chain.all();
    }

    /** Those behind that number, without taking them; bytes of large ones too. */
    List<Got> look(long behind, int most) throws NotMapped {
        List<Got> seen = new ArrayList<>();
        QueueState state = chain.state();
        long bytes = 0;
        if (state.ready() == 0) {
            return seen;
        }
        for (ChainWalk walk = ChainWalk.ofUnread(chain, state); !walk.isAtEnd() && seen.size() < most; walk.pass()) {
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
        QueueState state = chain.state();
        if (state.ready() == 0) {
            return 0;
        }
        chain.checkMapped(state, state.tail());
        List<Long> found = new ArrayList<>();
        for (ChainWalk walk = ChainWalk.ofUnread(chain, state);
                !walk.isAtEnd() && found.size() < numbers.size();
                walk.pass()) {
            if (QueueSegment.state(walk.header()) == QueueSegment.READY && numbers.contains(walk.element())) {
                found.add(walk.place());
            }
        }
        for (Long place : found) {
            chain.commit(chain.state().removed().changing(place, headerOf(place, QueueSegment.DONE, 0)));
        }
        moveOn();
        chain.sweep(freed);
        return found.size();
    }

    /** What was taken out of the front is not looked at again. */
    private void moveOn() throws NotMapped {
        QueueState state = chain.state();
        long passed = state.passed();
        ChainWalk walk = ChainWalk.ofUnread(chain, state);
        while (!walk.isAtEnd() && QueueSegment.state(walk.header()) == QueueSegment.DONE) {
            passed = walk.element();
            walk.pass();
        }
        chain.commit(state.movedOn(walk.segment(), walk.at(), passed));
    }

    /** One was worked off; false if that was said too often. */
    boolean finish() throws NotMapped {
        QueueState state = chain.state();
        if (state.unfinished() == 0) {
            return false;
        }
        chain.commit(state.finished());
        return true;
    }

    void shut() throws NotMapped {
        chain.commit(chain.state().shutDown());
    }
}
