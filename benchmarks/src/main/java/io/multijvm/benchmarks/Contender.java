// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way of doing a part's work.
 *
 * @param name as in the table
 * @param against names of the part's contenders that it is compared with; empty for a peer
 * @param work does all of it once; null if it cannot run here
 * @param skipped why it cannot run; empty if it can
 */
record Contender(
        String name, List<String> against, @Nullable Work work, String skipped) {

    /** Does the work once. */
    @FunctionalInterface
    interface Work {
        Measured measure() throws BenchmarkException;
    }

    Contender {
        against = List.copyOf(against);
    }

    static Contender ours(String name, List<String> against, Work work) {
        return new Contender(name, against, work, "");
    }

    static Contender peer(String name, Work work) {
        return new Contender(name, List.of(), work, "");
    }

    static Contender skipped(String name, String why) {
        return new Contender(name, List.of(), null, why);
    }
}
