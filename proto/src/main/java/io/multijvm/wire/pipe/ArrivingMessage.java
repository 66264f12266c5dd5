// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

import java.util.Arrays;

/** A message as it arrives, part by part; or none yet. Not thread-safe. */
public final class ArrivingMessage {
    private static final byte[] NOTHING = {};

    private boolean begun;
    private boolean raw;
    private byte[] bytes = NOTHING;
    private int filled;

    /** Whether all of it is here. */
    public boolean isWhole() {
        return begun && filled == bytes.length;
    }

    /** Whether it is bytes; otherwise an encoded value. */
    public boolean isRaw() {
        return raw;
    }

    /** Of the whole message. */
    public int length() {
        return bytes.length;
    }

    /** A first part comes: what there was of another message was given up by its sender. */
    void begin(boolean isRaw, int total) {
        begun = false; // if there is no memory for it, it never began
        bytes = total == 0 ? NOTHING : new byte[total];
        begun = true;
        raw = isRaw;
        filled = 0;
    }

    /**
     * The place for the next part.
     *
     * @throws IllegalStateException if there is none
     */
    int placeFor(int length) {
        if (!begun || length < 0 || length > bytes.length - filled) {
            throw new IllegalStateException("a pipe brought a part of " + length + " bytes where " + filled + " of "
                    + bytes.length + " were there: its memory was overwritten, or another version wrote it");
        }
        int at = filled;
        filled += length;
        return at;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Another part. */
    public void add(PipePart part) {
        if (part.first()) {
            begin(part.raw(), part.total());
        }
        byte[] data = part.data();
        System.arraycopy(data, 0, bytes, placeFor(data.length), data.length);
    }

    /** The whole message, which is another's from now on. */
    public byte[] take() {
        if (!isWhole()) {
            throw new IllegalStateException("not all of it is here");
        }
        byte[] taken = bytes;
        clear();
        return taken;
    }

    /** As if nothing had arrived. */
    public void clear() {
        begun = false;
        bytes = NOTHING;
        filled = 0;
    }

    /** In how many parts another process goes on with what is here; 0 if there is nothing. */
    public int parts() {
        return begun ? Math.max(0, filled - 1) / PipePart.MOST_BYTES + 1 : 0;
    }

    /** One of those; copied when it is asked for, so that a long message needs no memory twice. */
    public PipePart part(int number) {
        int at = number * PipePart.MOST_BYTES;
        byte[] data = Arrays.copyOfRange(bytes, at, at + Math.min(filled - at, PipePart.MOST_BYTES));
        return new PipePart(number == 0, raw, bytes.length, data);
    }
}
