// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * One payload's way into shared memory. Owned by the event loop; while it is being written, the bytes are a support thread's.
 *
 * <pre>
 * SEEKING -- a region is taken --------------------------------> WRITING
 * SEEKING -- there is no room, or no sharing ------------------> FRAMES
 * WRITING -- so far that the worker may be told, and mapped ---> PLACED
 * WRITING -- no room after all, or the worker cannot map it ---> FRAMES
 * </pre>
 */
final class Placement {
    enum State {
        SEEKING,
        WRITING,
        PLACED,
        FRAMES
    }

    final long payloadId;
    final byte[] bytes;
    final int offset;
    final int length;
    State state = State.SEEKING;
    /** From WRITING on. */
    ArgumentArena.@Nullable Room room;

    int region;
    /** The worker may be told of it as soon as it has mapped the segment. */
    boolean tellable;
    /** No thread writes it any more. */
    boolean written;
    /** The worker is done with it. */
    boolean read;

    Placement(long payloadId, byte[] bytes, int offset, int length) {
        this.payloadId = payloadId;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    int segmentId() {
        if (room == null) {
            throw new IllegalStateException("payload " + payloadId + " is " + state + " and has no place");
        }
        return room.id;
    }
}
