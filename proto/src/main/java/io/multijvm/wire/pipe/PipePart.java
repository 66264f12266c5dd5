// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

/**
 * A part of a message. The parts of one follow each other; a first part that comes before the last of the message before it
 * says that its sender has given that one up.
 *
 * @param first the first of its message
 * @param raw the message is bytes, not an encoded value
 * @param total bytes of the whole message
 * @param data never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PipePart(boolean first, boolean raw, int total, byte[] data) {
    /** Of one part that crosses as a message of its own. */
    public static final int MOST_BYTES = 64 << 10;

    public PipePart {
        if (total < 0 || data.length > total) {
            throw new IllegalArgumentException("a part of " + data.length + " bytes of a message of " + total);
        }
    }
}
