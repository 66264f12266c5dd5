// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.Carried;

/**
 * How the payloads cross that are too large for the message that needs them. Confined to the event loop. The messages name
 * a payload and do not know the way it takes.
 */
interface PayloadCarrier {
    /**
     * Puts bytes where the worker will find them before it reads the next message that is queued.
     *
     * @return what that message is to say
     */
    Carried place(byte[] bytes, int offset, int length);

    /** As {@link #place}, for what the worker's event loop reads itself, which cannot wait for a writer. */
    Carried inFrames(byte[] bytes, int offset, int length);

    /**
     * The bytes that a worker's message names, handed out once.
     *
     * @throws BrokenStreamException if they have not arrived, or not whole
     */
    byte[] take(Carried carried) throws BrokenStreamException;
}
