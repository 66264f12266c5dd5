// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.util.List;

/**
 * A fault that the user ordered, see {@link io.multijvm.FaultPlan}.
 *
 * @param fault as workers call it
 * @param items places in their calls, from 0
 * @param rate this share of all items besides, from 0 to 1
 * @param seed chooses them
 * @param everyAttempt whether an item that is begun again is struck again
 */
public record FaultRule(String fault, List<Long> items, double rate, long seed, boolean everyAttempt) {
    public FaultRule {
        items = List.copyOf(items);
        for (long item : items) {
            if (item < 0) {
                throw new IllegalArgumentException("items are counted from 0, so there is none at " + item);
            }
        }
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate must be from 0 to 1, not " + rate);
        }
    }
}
