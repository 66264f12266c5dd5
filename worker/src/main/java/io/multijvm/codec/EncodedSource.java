// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

/**
 * Encoded bytes that lie outside this JVM's heap, read once from their beginning to their end. They may change while they
 * are read, so none of them is believed before {@link #end}.
 */
public interface EncodedSource {
    /** How many bytes there are, at least 1. */
    int length();

    /**
     * Copies out the next {@code length} bytes.
     *
     * @throws io.multijvm.failure.PayloadException if they are lost
     */
    void read(byte[] into, int offset, int length);

    /**
     * All was read: checks it.
     *
     * @throws io.multijvm.failure.PayloadException if it is not what was written
     */
    void end();
}
