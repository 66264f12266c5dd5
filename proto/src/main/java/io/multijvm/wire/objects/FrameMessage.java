// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A frame as one message of a pipe, behind a word.
 *
 * @param word of a call the number of its object; of an answer {@link #ANSWERED}, {@link #PIECE} or {@link #CUT}
 * @param frame of an answer that is cut its one part says why
 */
public record FrameMessage(long word, Frame frame) {
    /** The frame is the owner's answer. */
    public static final long ANSWERED = 1;

    /** There will be no answer: the object is no more, and the call may have been done, or may not. The last message of its pipe. */
    public static final long CUT = 2;

    /**
     * The frame's one part are the next bytes of the owner's answer, for a {@link FrameReader}: an answer that is longer than
     * {@link #MOST_ANSWER_BYTES} comes so, and nobody needs room for all of it once more.
     */
    public static final long PIECE = 3;

    /** Of an answer in one message, and of a piece. */
    public static final int MOST_ANSWER_BYTES = CollectionSaid.WINDOW_BYTES;

    /** How many bytes it takes; more than an array can have for frames that no message can carry. */
    public static long bytes(Frame frame) {
        return Long.BYTES + frame.bytes();
    }

    /** As it crosses. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(bytes(frame)));
        bytes.putLong(word).put((byte) frame.kind()).putLong(frame.number()).putInt(frame.parts().length);
        for (byte[] part : frame.parts()) {
            bytes.putInt(part.length).put(part);
        }
        return bytes.array();
    }

    /**
     * What has come.
     *
     * @throws IllegalArgumentException if it is no such message
     */
    public static FrameMessage of(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        try {
            long word = bytes.getLong();
            int kind = bytes.get();
            long number = bytes.getLong();
            byte[][] parts = new byte[length(bytes, Integer.BYTES)][];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = new byte[length(bytes, 1)];
                bytes.get(parts[i]);
            }
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException(bytes.remaining() + " bytes behind a frame");
            }
            return new FrameMessage(word, new Frame(kind, number, parts));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a frame that ends after " + message.length + " bytes", e);
        }
    }

    /** How many things follow; one that lies would cost memory before it is found out. */
    private static int length(ByteBuffer bytes, int bytesOfOne) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining() / bytesOfOne) {
            throw new IllegalArgumentException(
                    length + " things of " + bytesOfOne + " bytes in " + bytes.remaining() + " bytes");
        }
        return length;
    }
}
