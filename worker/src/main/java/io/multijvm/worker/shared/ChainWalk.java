// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.worker.shared.QueueSegments.NotMapped;

/** Goes from element to element of a queue in mapped memory, whatever became of each. With the queue's lock. */
final class ChainWalk {
    private final MappedChain chain;
    private final QueueState state;
    private QueueSegment segment;
    private int at;

    private ChainWalk(MappedChain chain, QueueState state, int first, int at) throws NotMapped {
        this.chain = chain;
        this.state = state;
        this.segment = chain.segment(first);
        this.at = at;
        settle();
    }

    /** From the place to read next. */
    static ChainWalk ofUnread(MappedChain chain, QueueState state) throws NotMapped {
        return new ChainWalk(chain, state, state.read(), state.readAt());
    }

    static ChainWalk ofAll(MappedChain chain, QueueState state) throws NotMapped {
        return new ChainWalk(chain, state, state.head(), QueueSegment.BEGIN);
    }

    /** The segment in which it is. */
    int segment() {
        return segment.number();
    }

    /** Where in it. */
    int at() {
        return at;
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
            segment = chain.segment(segment.next());
            at = QueueSegment.BEGIN;
        }
    }
}
