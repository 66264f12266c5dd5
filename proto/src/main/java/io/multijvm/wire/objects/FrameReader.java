// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames together from the bytes that have come. Not thread-safe.
 *
 * <pre>
 * HEAD   -- kind, number, how many parts --> LENGTH, or a whole frame if there are none
 * LENGTH -- a part's length ---------------> PART
 * PART   -- all of it ---------------------> LENGTH, or a whole frame after the last
 * </pre>
 */
public final class FrameReader {
    /** A length that lies costs no more than twice what came. */
    private static final int FIRST_BYTES = 64 << 10;

    private enum State {
        HEAD,
        LENGTH,
        PART
    }

    private static final byte[] NOTHING = {};

    private final ByteBuffer fixed = ByteBuffer.allocate(Frame.HEAD_BYTES);
    private ByteBuffer come = ByteBuffer.allocate(0);
    private State state = State.HEAD;
    private int kind;
    private long number;
    private int wantedParts;
    private byte[][] parts = {};
    private int known;
    private int length;
    private byte[] part = NOTHING;
    private int filled;

    /** The next bytes, after {@link #next} has told null. */
    public void offer(byte[] bytes) {
        if (come.hasRemaining()) {
            throw new IllegalStateException("the bytes before these were not read");
        }
        come = ByteBuffer.wrap(bytes);
    }

    /**
     * The next whole frame; null if more bytes must come first.
     *
     * @throws IllegalArgumentException if what came is no frame: then nothing of what follows makes sense
     */
    public @Nullable Frame next() {
        while (true) {
            switch (state) {
                case HEAD -> {
                    if (!fixed(Frame.HEAD_BYTES)) {
                        return null;
                    }
                    kind = fixed.get();
                    number = fixed.getLong();
                    wantedParts = fixed.getInt();
                    if (wantedParts < 0) {
                        throw new IllegalArgumentException("a frame of " + wantedParts + " parts");
                    }
                    parts = new byte[Math.min(wantedParts, FIRST_BYTES / Long.BYTES)][];
                    known = 0;
                    fixed.clear();
                    if (wantedParts == 0) {
                        return new Frame(kind, number, parts);
                    }
                    state = State.LENGTH;
                }
                case LENGTH -> {
                    if (!fixed(Integer.BYTES)) {
                        return null;
                    }
                    length = fixed.getInt();
                    if (length < 0) {
                        throw new IllegalArgumentException("a part of " + length + " bytes");
                    }
                    part = length == 0 ? NOTHING : new byte[Math.min(length, FIRST_BYTES)];
                    filled = 0;
                    fixed.clear();
                    state = State.PART;
                }
                case PART -> {
                    if (!fill()) {
                        return null;
                    }
                    if (known == parts.length) {
                        parts = Arrays.copyOf(parts, (int) Math.min(wantedParts, 2L * known));
                    }
                    parts[known++] = part;
                    part = NOTHING;
                    if (known == wantedParts) {
                        state = State.HEAD;
                        Frame whole = new Frame(kind, number, parts);
                        parts = new byte[0][];
                        return whole;
                    }
                    state = State.LENGTH;
                }
            }
        }
    }

    /** Whether so many bytes of a fixed part are there now, to be read. */
    private boolean fixed(int wanted) {
        while (fixed.position() < wanted && come.hasRemaining()) {
            fixed.put(come.get());
        }
        if (fixed.position() < wanted) {
            return false;
        }
        fixed.flip();
        return true;
    }

    private boolean fill() {
        while (filled < length && come.hasRemaining()) {
            if (filled == part.length) {
                part = Arrays.copyOf(part, (int) Math.min(length, 2L * filled));
            }
            int now = Math.min(part.length - filled, come.remaining());
            come.get(part, filled, now);
            filled += now;
        }
        return filled == length;
    }
}
