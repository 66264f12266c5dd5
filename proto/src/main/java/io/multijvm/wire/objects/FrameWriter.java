// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Frames that wait to be sent, to be cut wherever it suits. Small ones lie together, large parts are not copied. Not thread-safe. */
public final class FrameWriter {
    private static final int BLOCK_BYTES = 8 << 10;
    private static final int COPIED_BYTES = 1 << 10;

    /** Full ones, ready to be read. */
    private final Deque<ByteBuffer> full = new ArrayDeque<>();

    private ByteBuffer open = ByteBuffer.allocate(BLOCK_BYTES);
    private long bytes;

    /** How much waits. */
    public long bytes() {
        return bytes;
    }

    /** Appends it. Its parts are the writer's from now on. */
    public void write(Frame frame) {
        bytes += frame.bytes();
        room(Frame.HEAD_BYTES).put((byte) frame.kind()).putLong(frame.number()).putInt(frame.parts().length);
        for (byte[] part : frame.parts()) {
            room(Integer.BYTES).putInt(part.length);
            if (part.length <= COPIED_BYTES) {
                room(part.length).put(part);
            } else {
                close();
                full.add(ByteBuffer.wrap(part));
            }
        }
    }

    private ByteBuffer room(int needed) {
        if (open.remaining() < needed) {
            close();
            open = ByteBuffer.allocate(BLOCK_BYTES);
        }
        return open;
    }

    /** What was written so far is to be read; what follows goes behind it, into the rest of the same block. */
    private void close() {
        if (open.position() > 0) {
            ByteBuffer rest = open.slice();
            full.add(open.flip());
            open = rest;
        }
    }

    /** Takes the next bytes: so many, or all if there are fewer. */
    public byte[] cut(int most) {
        close();
        byte[] piece = new byte[(int) Math.min(most, bytes)];
        int at = 0;
        while (at < piece.length) {
            ByteBuffer first = full.element();
            int length = Math.min(first.remaining(), piece.length - at);
            first.get(piece, at, length);
            at += length;
            if (!first.hasRemaining()) {
                full.remove();
            }
        }
        bytes -= piece.length;
        return piece;
    }
}
