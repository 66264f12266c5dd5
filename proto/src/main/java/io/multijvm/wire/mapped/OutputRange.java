// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one item wrote to its process's stdout and stderr: places that count all bytes since the process began, whatever was
 * cut off the files.
 *
 * @param stdoutFrom of the first byte
 * @param stdoutTo behind the last byte; {@link #END} for all that there is
 * @param stderrFrom of the first byte
 * @param stderrTo behind the last byte; {@link #END} for all that there is
 */
public record OutputRange(long stdoutFrom, long stdoutTo, long stderrFrom, long stderrTo) {
    /** In place of a place: wherever the stream ended. */
    public static final long END = Long.MAX_VALUE;

    static final int BYTES = 4 * Long.BYTES;

    public OutputRange {
        if (stdoutFrom < 0 || stdoutTo < stdoutFrom || stderrFrom < 0 || stderrTo < stderrFrom) {
            throw new IllegalArgumentException(
                    "stdout " + stdoutFrom + " to " + stdoutTo + ", stderr " + stderrFrom + " to " + stderrTo);
        }
    }

    /** From the same places to the end. */
    public OutputRange toTheEnd() {
        return new OutputRange(stdoutFrom, END, stderrFrom, END);
    }

    /** As a record's payload. */
    byte[] encoded() {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(stdoutFrom)
                .putLong(stdoutTo)
                .putLong(stderrFrom)
                .putLong(stderrTo)
                .array();
    }

    /**
     * Reads the payload of a record of kind {@link ResultKind#OUTPUT}.
     *
     * @throws CorruptRingException if no worker of ours writes that
     */
    public static OutputRange of(byte[] record) {
        if (record.length != BYTES) {
            throw new CorruptRingException("an item's output is told with " + record.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
        try {
            return new OutputRange(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        } catch (IllegalArgumentException e) {
            throw new CorruptRingException("an item's output lies at " + e.getMessage(), e);
        }
    }
}
