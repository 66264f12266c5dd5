// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps items that failed for good by a death, so that they can be run again alone. Thread-safe. */
public interface DeadLetters {
    /**
     * Keeps one. Writes files, so never on the loop. Throws nothing: a disk that is full costs the letter and not the run.
     *
     * @return where it is; empty if it could not be kept, of which a line was logged
     */
    Optional<Path> keep(DeadItem item);

    /**
     * An item that is not begun again.
     *
     * @param function encoded, as it crossed
     * @param block holds the item as it crossed
     * @param index its place in the input
     * @param settings of its call
     * @param deaths how it died, first to last; one at least
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record DeadItem(
            byte[] function, ItemBlock block, long index, CallSettings settings, List<WorkerProcess.Death> deaths) {
        public DeadItem {
            deaths = List.copyOf(deaths);
            if (deaths.isEmpty()) {
                throw new IllegalArgumentException("item " + index + " did not die");
            }
        }
    }
}
