// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of an array or of memory. */
public sealed interface BlockSaid extends Said {
    /** The most that {@link Read} and {@link Write} move at once, so that the owner's loop is not held up. */
    int MOST_BYTES = 256 << 10;

    /**
     * Answered by {@link Heard.BlockAt}.
     *
     * @param writing this process is about to change it
     */
    record Where(boolean writing) implements BlockSaid {}

    /** Answered by {@link Heard.Data}: so many elements, little-endian. */
    record Read(long index, int count) implements BlockSaid {}

    /** Whole elements, little-endian. Answered by {@link Heard.Done}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(long index, byte[] data) implements BlockSaid {}

    /** Answered by {@link Heard.Text}: who died, and when, while it could change it. */
    record Suspicion() implements BlockSaid {}

    /** Answered by {@link Heard.Done}. */
    record ClearSuspicion() implements BlockSaid {}

    /** Nobody is to find it by its name any more. Answered by {@link Heard.Done}. */
    record Unlink() implements BlockSaid {}
}
