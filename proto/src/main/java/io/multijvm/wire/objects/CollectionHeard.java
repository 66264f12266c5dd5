// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/**
 * What the owner of a map, a set or a list says to a client: the next bytes of the answers to its calls, in their order, each
 * a {@link Frame} of a {@link CollectionAnswer}.
 *
 * @param taken so many bytes of the client's calls have been taken in, since this was said last
 * @param data of at most {@link CollectionSaid#MOST_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CollectionHeard(long taken, byte[] data) implements Heard {}
