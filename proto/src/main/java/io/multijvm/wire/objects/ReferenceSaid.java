// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client says to the owner of a reference. Values cross in pieces, each asked for or answered before the next. */
public sealed interface ReferenceSaid extends Said {
    /** Of one piece. */
    int MOST_BYTES = 256 << 10;

    /**
     * Answered by {@link Heard.Piece}, the first of perhaps several.
     *
     * @param known the version that this process has kept; 0 for none
     */
    record Get(long known) implements ReferenceSaid {}

    /**
     * The next piece of the value as it was then. Answered by {@link Heard.Piece}.
     *
     * @param get ticket of the {@link Get}
     */
    record Rest(long get, long offset) implements ReferenceSaid {}

    /**
     * A piece of a new value. Answered by {@link Heard.Done}; the last by {@link Heard.Version}, or by {@link Heard.IsSo}
     * false if the version was not the expected one.
     *
     * @param transfer one for all pieces of a value
     * @param expected 0 for whatever it is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(long transfer, long expected, byte[] data, boolean last) implements ReferenceSaid {}
}
