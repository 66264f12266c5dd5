// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;

/** Makes memory that can be shared. Thread-safe; takes time, so never called on the event loop. */
public interface SegmentMaker {
    /**
     * A new segment of at least so many bytes, none of which is reserved yet.
     *
     * @throws IOException if there is no room, or none that may be taken
     */
    SharedSegment make(int bytes) throws IOException;
}
