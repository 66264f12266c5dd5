// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What is compared, and how often.
 *
 * @param job in words, for the head of the report
 * @param items how many the job has; at least 1
 * @param setups in the order in which they are shown; each once
 * @param runs of each setup
 * @param warmups of each setup, beforehand; they fill the caches of the system, and count for nothing
 * @param seed of the order
 * @param heap the same in total for all
 * @param faults each is tried once in each mode
 * @param limit after which a trial is ended
 * @param sweeps whether the break-even is measured, where there are threads and processes of the same number
 */
public record ComparisonPlan(
        String job,
        long items,
        List<Setup> setups,
        int runs,
        int warmups,
        long seed,
        HeapShares heap,
        List<FaultAt> faults,
        Duration limit,
        boolean sweeps) {

    public ComparisonPlan {
        setups = List.copyOf(setups);
        faults = List.copyOf(faults);
        if (setups.isEmpty() || items < 1 || runs < 1 || warmups < 0) {
            throw new IllegalArgumentException(
                    setups + ", " + items + " items, " + runs + " runs, " + warmups + " warm-ups");
        }
    }

    /**
     * The order of all trials without faults: in rounds, so that a machine that slows down does so for all, and shuffled
     * within each, so that none always follows the same other.
     *
     * @return one list for each round, the warm-ups first
     */
    List<List<Setup>> rounds() {
        Random random = new Random(seed);
        List<List<Setup>> rounds = new ArrayList<>();
        for (int round = 0; round < warmups + runs; round++) {
            List<Setup> shuffled = new ArrayList<>(setups);
            Collections.shuffle(shuffled, random);
            rounds.add(shuffled);
        }
        return rounds;
    }

    /** Of each mode the setup with the most workers: what faults are tried on. */
    List<Setup> largest() {
        return setups.stream()
                .filter(each -> setups.stream()
                        .noneMatch(other -> other.mode() == each.mode() && other.workers() > each.workers()))
                .toList();
    }

    /** The processes to sweep with, of the largest number that threads have as well. */
    Optional<Setup> sweepWith() {
        return setups.stream()
                .filter(each -> sweeps && each.mode() == Mode.PROCESSES)
                .filter(each -> setups.contains(new Setup(Mode.THREADS, each.workers())))
                .max(Comparator.comparingInt(Setup::workers));
    }
}
