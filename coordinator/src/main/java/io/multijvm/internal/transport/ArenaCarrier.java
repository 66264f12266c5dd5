// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.Carried;

/** Carries payloads through shared memory as far as that has room, and as frames otherwise. Confined to the event loop. */
final class ArenaCarrier implements PayloadCarrier {
    private final Outbox outbox;
    private final FrameCarrier frames;
    private final ArgumentArena arena;

    ArenaCarrier(Outbox outbox, FrameCarrier frames, ArgumentArena arena) {
        this.outbox = outbox;
        this.frames = frames;
        this.arena = arena;
    }

    @Override
    public Carried place(byte[] bytes, int offset, int length) {
        long id = frames.nextId();
        outbox.shared(arena.place(id, bytes, offset, length));
        return Carried.newBuilder().setPayloadId(id).setLength(length).build();
    }

    @Override
    public Carried inFrames(byte[] bytes, int offset, int length) {
        return frames.inFrames(bytes, offset, length);
    }

    @Override
    public byte[] take(Carried carried) throws BrokenStreamException {
        return frames.take(carried);
    }
}
