// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param rounds how often each contender is measured
 * @param warmups how often each contender runs before, unmeasured
 * @param trips round trips in one measurement
 * @param submits tasks outstanding at once; also the items of the map with chunks of one
 * @param numbers items of the map over ints
 * @param rows items of howmany_within_range
 * @param payloadBytes size of the large argument and result
 * @param outstanding futures that nobody has asked for yet
 * @param workers processes of the pool that has more of them than there are cores
 * @param processes started one after the other in one measurement
 */
record Sizes(
        int rounds,
        int warmups,
        int trips,
        int submits,
        int numbers,
        int rows,
        int payloadBytes,
        int outstanding,
        int workers,
        int processes) {

    /** That go through a queue. */
    int items() {
        return numbers / 5;
    }

    /** The same, of 1 MiB each. */
    int largeItems() {
        return trips / 2;
    }

    static Sizes full() {
        return new Sizes(5, 3, 2_000, 20_000, 1_000_000, 200_000, 64 << 20, 100_000, 64, 5);
    }

    /** Enough to see that every part works; the figures mean nothing. */
    static Sizes smoke() {
        return new Sizes(1, 1, 20, 50, 200, 100, 1 << 20, 500, 2, 1);
    }

    /** How long a peer may take to answer before it counts as hanging. */
    Duration blastLimit() {
        return Duration.ofSeconds(payloadBytes < 64 << 20 ? 2 : 15);
    }

    Sizes withRounds(int count) {
        return new Sizes(count, warmups, trips, submits, numbers, rows, payloadBytes, outstanding, workers, processes);
    }
}
