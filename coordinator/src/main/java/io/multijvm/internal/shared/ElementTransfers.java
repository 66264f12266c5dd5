// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.ReadyElements.Encoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Elements that are too large for one message, in the middle of their way to the owner: they vanish with their sender. Owned
 * by the event loop.
 */
final class ElementTransfers {
    private final Map<Way, List<byte[]>> coming = new HashMap<>();

    /** @param ticket that it will be put under */
    private record Way(Client client, long ticket) {}

    void arrived(Client from, long ticket, byte[] piece) {
        coming.computeIfAbsent(new Way(from, ticket), first -> new ArrayList<>())
                .add(piece);
    }

    /** What is put, with the pieces that came before. */
    Encoded whole(Client from, long ticket, byte[] last) {
        List<byte[]> before = coming.remove(new Way(from, ticket));
        List<byte[]> pieces = before == null ? new ArrayList<>() : before;
        pieces.add(last);
        return Encoded.of(pieces);
    }

    /** Nothing is put under that ticket after all. */
    void forget(Client from, long ticket) {
        coming.remove(new Way(from, ticket));
    }

    void gone(Client client) {
        coming.keySet().removeIf(way -> way.client().equals(client));
    }
}
