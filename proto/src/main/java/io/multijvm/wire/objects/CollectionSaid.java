// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/**
 * What a client says to the owner of a map, a set, a list or an own object: the next bytes of its calls, each a {@link Frame} of a
 * {@link CollectionCall}. Nothing but {@link CollectionHeard} answers it.
 *
 * @param taken so many bytes of the owner's answers have come, since this was said last
 * @param data of at most {@link #MOST_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CollectionSaid(long taken, byte[] data) implements Said {
    /** Of one message. */
    public static final int MOST_BYTES = 256 << 10;

    /** So many bytes each side sends without hearing that they were taken in. */
    public static final int WINDOW_BYTES = 1 << 20;
}
