// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.ToWorker;

/** Where the messages for one worker go out. Confined to the event loop. */
interface Wire {
    /** Whether another message may be sent in this turn; if not, the outbox is pumped again once it may. */
    boolean ready();

    void send(ToWorker message);
}
