// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Said;

/** One shared object at its owner. All methods are called on the event loop. */
interface OwnedObject {
    /** A client said something of it, but for that it opens or closes it. What makes no sense is refused. */
    void said(Client from, long ticket, Said said);

    /** A client has ended for certain: nothing of it changes any memory any more. */
    void gone(Client client);

    /** What it is, in a word for messages about its lock. */
    default String what() {
        return "object";
    }

    /** It was closed. Its clients are told by others; its cell is no longer its own. */
    default void closed() {}
}
