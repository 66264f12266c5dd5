// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import io.multijvm.wire.arena.WideFile;
import java.io.IOException;

/** Makes memory of any length too. Thread-safe; takes time, so never called on the event loop. */
public interface WideMaker extends SegmentMaker {
    /**
     * A file of its own, all zeros, whose space is taken; nobody else finds it.
     *
     * @throws IOException if there is no room
     */
    WideFile wide(long bytes) throws IOException;

    /**
     * As {@link #wide}, but with a name that tells its owner, and ends with these digits and more.
     *
     * @param prefix as the names of this process's files begin
     * @param digits hexadecimal
     * @throws IOException if there is no room
     */
    WideFile named(String prefix, String digits, long bytes) throws IOException;
}
