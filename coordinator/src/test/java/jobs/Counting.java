// SPDX-License-Identifier: Apache-2.0
package jobs;

import java.util.List;

/** A job whose item type stands in a class above it, and which counts what each worker was given. */
public final class Counting extends OfLists<Integer> {
    /** The elements are numbers only if the whole type was known. */
    @Override
    public String run(List<Integer> item) {
        items++;
        int sum = 0;
        for (int each : item) {
            sum += each;
        }
        return items + ": " + sum;
    }

    @Override
    public String name() {
        return "counting";
    }
}
