// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.Carried;
import org.jspecify.annotations.Nullable;

/** Carries payloads through shared memory, or as frames on the stream itself. Confined to the event loop. */
final class EitherCarrier implements PayloadCarrier {
    private final Outbox outbox;
    private final Arrivals arrivals;
    private final @Nullable ArgumentArena arena;
    private long lastId;

    /** @param arena null if no memory is shared */
    EitherCarrier(Outbox outbox, Arrivals arrivals, @Nullable ArgumentArena arena) {
        this.outbox = outbox;
        this.arrivals = arrivals;
        this.arena = arena;
    }

    @Override
    public Carried place(byte[] bytes, int offset, int length) {
        if (arena == null) {
            return inFrames(bytes, offset, length);
        }
        long id = ++lastId;
        outbox.shared(arena.place(id, bytes, offset, length));
        return Carried.newBuilder().setPayloadId(id).setLength(length).build();
    }

    @Override
    public Carried inFrames(byte[] bytes, int offset, int length) {
        long id = ++lastId;
        outbox.frames(id, bytes, offset, length);
        return Carried.newBuilder().setPayloadId(id).setLength(length).build();
    }

    @Override
    public byte[] take(Carried carried) throws BrokenStreamException {
        return arrivals.take(carried);
    }
}
