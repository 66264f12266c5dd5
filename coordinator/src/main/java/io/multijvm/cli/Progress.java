// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How far a run is at one moment.
 *
 * @param done items with an outcome, in input order without a gap
 * @param total how many there will be, where that is known
 * @param failed those of {@code done} that have no result
 * @param again those of {@code done} that succeeded after a retry
 * @param workers that the run was given
 * @param elapsed since the run began
 * @param perSecond items, lately; empty before the first
 * @param left until the end, where an honest guess can be made
 * @param drain what is waited for, once the run was told to stop
 */
record Progress(
        long done,
        OptionalLong total,
        long failed,
        long again,
        int workers,
        Duration elapsed,
        OptionalDouble perSecond,
        Optional<Duration> left,
        Optional<Drain> drain) {

    /**
     * A run that takes no new items.
     *
     * @param waiting items that were given out and have no outcome yet
     * @param stopNow what the user can do to wait no longer
     */
    record Drain(long waiting, String stopNow) {
        Drain {
            if (waiting < 0) {
                throw new IllegalArgumentException("waiting for " + waiting + " items");
            }
        }

        String text() {
            return "stopping: waiting for " + waiting + (waiting == 1 ? " item; " : " items; ") + stopNow;
        }
    }

    Progress {
        if (done < 0 || failed < 0 || again < 0 || failed + again > done) {
            throw new IllegalArgumentException(done + " done, " + failed + " failed, " + again + " again");
        }
        if (workers < 1 || elapsed.isNegative()) {
            throw new IllegalArgumentException(workers + " workers, " + elapsed);
        }
    }

    /** How many of a hundred are done, rounded down: 100 only when all are. Empty where there is no total or nothing to do. */
    OptionalInt percent() {
        if (total.isEmpty() || total.getAsLong() == 0) {
            return OptionalInt.empty();
        }
        // not done * 100, which overflows for the longest of ranges
        double share = (double) done / total.getAsLong();
        return OptionalInt.of(done >= total.getAsLong() ? 100 : Math.min(99, (int) (share * 100)));
    }

    String workersInWords() {
        return workers == 1 ? "1 worker" : workers + " workers";
    }
}
