// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.List;

/**
 * The same work by all its contenders.
 *
 * @param id short name, for programs that read the results
 * @param title what the work is
 * @param items how many there are in one measurement
 */
record Part(String id, String title, Unit unit, int items, List<Contender> contenders) {
    Part {
        contenders = List.copyOf(contenders);
    }
}
