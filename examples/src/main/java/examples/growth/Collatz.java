// SPDX-License-Identifier: Apache-2.0
package examples.growth;

/**
 * How long the walks of {@code n -> n / 2} or {@code 3n + 1} are until they reach 1: work of any amount from an input of
 * one number, to see from which size on a pool is worth its start.
 *
 * <pre>multijvm run multijvm-examples.jar --call examples.growth.Collatz::longestInBlock --range 0..1000 --mode serial</pre>
 */
public final class Collatz {
    /** Numbers in a block. */
    public static final int BLOCK = 1000;

    private Collatz() {}

    /**
     * The longest walk from a number of a block; of several, that from the least.
     *
     * @param steps until 1
     */
    public record Walk(long from, int steps) {}

    /** The longest walk among the {@value #BLOCK} numbers from {@code block * BLOCK + 1} on. */
    public static Walk longestInBlock(long block) {
        if (block < 0) {
            throw new IllegalArgumentException("there is no block " + block + "; they are counted from 0");
        }
        long first = Math.addExact(Math.multiplyExact(block, BLOCK), 1);
        Walk longest = new Walk(first, steps(first));
        for (long from = first + 1; from < first + BLOCK; from++) {
            int steps = steps(from);
            if (steps > longest.steps()) {
                longest = new Walk(from, steps);
            }
        }
        return longest;
    }

    /** Steps from a positive number to 1. */
    static int steps(long from) {
        int steps = 0;
        for (long number = from; number != 1; steps++) {
            number = (number & 1) == 0 ? number >> 1 : Math.addExact(Math.multiplyExact(number, 3), 1);
        }
        return steps;
    }
}
