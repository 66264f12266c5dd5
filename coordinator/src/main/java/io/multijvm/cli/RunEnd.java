// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a run ended, in numbers.
 *
 * @param complete whether every item has an outcome
 * @param signal what stopped it, as {@code SIGINT}, if a signal did
 * @param total how many items there were to be, where that is known
 */
record RunEnd(
        boolean complete,
        Optional<String> signal,
        long ok,
        long failed,
        long again,
        OptionalLong total,
        Duration wall) {

    RunEnd {
        if (complete && signal.isPresent()) {
            throw new IllegalArgumentException("complete, but stopped by " + signal.get());
        }
    }

    long done() {
        return ok + failed;
    }

    /** Over the whole run; 0 for one that took no time. */
    double perSecond() {
        return wall.isZero() ? 0 : done() * 1e9 / wall.toNanos();
    }
}
