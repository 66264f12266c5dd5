// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.SerializableFunction;

/**
 * Work of a chosen length that touches no memory: so many rounds of a little arithmetic. Rounds, not a time to wait for:
 * an item that watched the clock would end on time although its thread had lost the core, and hide what sharing costs.
 */
public final class SpinTask implements SerializableFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long applyOrThrow(Long rounds) {
        return spin(rounds);
    }

    /** Turns {@code rounds} times; the result depends on each, so that no compiler can leave one out. */
    public static long spin(long rounds) {
        long state = rounds | 1;
        for (long i = 0; i < rounds; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
        }
        return state;
    }
}
