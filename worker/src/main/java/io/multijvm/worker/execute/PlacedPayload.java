// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/** An encoded function or item that lies in memory which the coordinator shares, until it is wanted. */
public interface PlacedPayload {
    /**
     * The value, decoded out of the shared memory, which is free afterwards. The task thread's; waits while the coordinator
     * still writes it.
     *
     * @throws io.multijvm.failure.PayloadException if the bytes are lost or hold no value
     */
    @Nullable
    Object decode(ValueCodec codec);

    /** Nobody will want it any more. From any thread, and as often as one likes. */
    void release();
}
