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
 * The state of a queue in mapped memory, and the chain of segments in which its elements lie: which grows where nothing fits any
 * more, and gives back what nothing is left in. All methods are called with the queue's lock.
 */
class MappedChain {
    /** An answer of {@link #room} that is no place: there are as many elements as there may be. */
    static final long FULL = 0;

    /** Nothing is put any more. */
    static final long ENDED = -1;

    /** It needs another segment, which the owner makes. */
    static final long NO_SEGMENT = -2;

    private final QueueCell cell;
    private final QueueSegments segments;

    MappedChain(QueueCell cell, QueueSegments segments) {
        this.cell = cell;
        this.segments = segments;
    }

    QueueState state() {
        return cell.stateLocked();
    }

    QueueSegment segment(int number) throws NotMapped {
        return segments.get(number);
    }

    /** Whether it is mapped. */
    boolean has(int number) {
        return segments.has(number);
    }

    /** Before each store that others could miss, if this process died just then. For tests. */
    void aboutToStore() {}

    void commit(QueueState next) throws NotMapped {
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
        QueueState state = state();
        if (state.place() != 0) {
            QueueSegment segment = segments.get(QueueState.segmentOf(state.place()));
            int at = QueueState.atOf(state.place());
            if (segment.header(at) != state.header()) {
                segment.header(at, state.header());
            }
        }
    }

    /** Sees to it that so much can be written at the tail; what it changes for that changes nothing else. */
    long room(int bytes, Collection<Integer> freed) throws NotMapped {
        QueueState state = state();
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
        if (state.isEmpty() && (state.head() != state.tail() || state.tailAt() != QueueSegment.BEGIN)) {
            rewind(state, freed);
            state = state();
        }
        if (state.tailAt() + QueueSegment.room(bytes) > tail.capacity()) {
            if (state.spare() == 0
                    || QueueSegment.BEGIN + QueueSegment.room(bytes)
                            > segments.get(state.spare()).capacity()) {
                return NO_SEGMENT;
            }
            extend(segments.get(state.spare()));
            state = state();
        }
        return QueueState.place(state.tail(), state.tailAt());
    }

    /** Nothing is in it: what is used again is still in the caches. */
    private void rewind(QueueState state, Collection<Integer> freed) throws NotMapped {
        List<Integer> surplus = new ArrayList<>();
        int kept = state.spare();
        for (int each = state.head(); each != state.tail(); ) {
            QueueSegment segment = segments.get(each);
            boolean larger = isLarger(segment, kept);
            surplus.add(larger ? kept : each);
            kept = larger ? each : kept;
            each = segment.next();
        }
        commit(state.rewound(QueueSegment.BEGIN, kept));
        surplus.remove((Integer) 0);
        freed.addAll(surplus);
    }

    /** The larger one is kept: who puts large elements needs it. */
    private boolean isLarger(QueueSegment segment, int spare) throws NotMapped {
        return spare == 0 || segments.get(spare).capacity() < segment.capacity();
    }

    /** Something new is the last of the chain. */
    void extend(QueueSegment segment) throws NotMapped {
        QueueState state = state();
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
        QueueState state = state();
        return state.tail() == 0
                || state.tailAt() + QueueSegment.room(bytes)
                        > segments.get(state.tail()).capacity();
    }

    /** All segments that are in use. */
    Set<Integer> all() throws NotMapped {
        Set<Integer> all = new LinkedHashSet<>();
        QueueState state = state();
        if (state.spare() != 0) {
            all.add(state.spare());
        }
        for (int each = state.head(); each != 0; ) {
            all.add(each);
            each = each == state.tail() ? 0 : segments.get(each).next();
        }
        return all;
    }

    /** What {@link #sweep} will look at is mapped: it must not fail, for by then something is taken. */
    void checkMapped(QueueState state, int read) throws NotMapped {
        for (int each = state.head(); each != read; ) {
            each = segments.get(each).next();
        }
        var unusedToo = segments.get(read);
        if (state.spare() != 0) {
            var unused = segments.get(state.spare());
        }
    }

    /** Takes segments out of the chain in which nothing is left, of those that are wholly before the place to read. */
    void sweep(Collection<Integer> freed) throws NotMapped {
        QueueState state = state();
        QueueSegment before = null;
        for (int each = state.head(); each != state.read(); ) {
            QueueSegment segment = segments.get(each);
            int next = segment.next();
            if (segment.isDone()) {
                unlink(segment, before, next, freed);
            } else {
                before = segment;
            }
            each = next;
        }
    }

    private void unlink(QueueSegment segment, @Nullable QueueSegment before, int next, Collection<Integer> freed)
            throws NotMapped {
        QueueState state = state();
        boolean keep = isLarger(segment, state.spare());
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
}
