// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import io.multijvm.wire.mapped.CorruptRingException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a result lies that did not fit the ring. This is what its record in the ring holds: once that is committed, the
 * result is finished, for its bytes were there before.
 *
 * @param segment its number
 * @param offset of the first byte in the segment
 * @param length in bytes
 * @param crc CRC-32C of the bytes
 */
public record PlacedBytes(int segment, int offset, int length, int crc) {
    private static final int BYTES = 4 * Integer.BYTES;

    public PlacedBytes {
        if (segment < 0 || offset < 0 || length < 1 || length > Integer.MAX_VALUE - offset) {
            throw new IllegalArgumentException("segment " + segment + ", offset " + offset + ", length " + length);
        }
    }

    /** As a record's payload. */
    public byte[] encoded() {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(segment)
                .putInt(offset)
                .putInt(length)
                .putInt(crc)
                .array();
    }

    /**
     * Reads a record's payload.
     *
     * @throws CorruptRingException if no worker of ours writes that
     */
    public static PlacedBytes of(byte[] record) {
        if (record.length != BYTES) {
            throw new CorruptRingException("a placed result is named with " + record.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
        try {
            return new PlacedBytes(in.getInt(), in.getInt(), in.getInt(), in.getInt());
        } catch (IllegalArgumentException e) {
            throw new CorruptRingException("a placed result lies at " + e.getMessage(), e);
        }
    }
}
