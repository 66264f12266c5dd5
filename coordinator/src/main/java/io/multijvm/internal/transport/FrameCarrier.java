// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.Carried;

/** Carries payloads as frames on the stream itself. Confined to the event loop. */
final class FrameCarrier implements PayloadCarrier {
    private final Outbox outbox;
    private final Arrivals arrivals;
    private long lastId;

    FrameCarrier(Outbox outbox, Arrivals arrivals) {
        this.outbox = outbox;
        this.arrivals = arrivals;
    }

    /** A payload's number; those of a stream are unique, whichever way they take. */
    long nextId() {
        return ++lastId;
    }

    @Override
    public Carried place(byte[] bytes, int offset, int length) {
        return inFrames(bytes, offset, length);
    }

    @Override
    public Carried inFrames(byte[] bytes, int offset, int length) {
        long id = nextId();
        outbox.frames(id, bytes, offset, length);
        return Carried.newBuilder().setPayloadId(id).setLength(length).build();
    }

    @Override
    public byte[] take(Carried carried) throws BrokenStreamException {
        return arrivals.take(carried);
    }
}
