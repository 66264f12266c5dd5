// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** A table of numbers from 0 to 9 that the Python program makes in the same way. */
final class Rows {
    static final int LEAST = 4;
    static final int MOST = 8;
    private static final int COLUMNS = 5;
    private static final long SEED = 100;

    private Rows() {}

    static List<int[]> table(int rows) {
        List<int[]> table = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            int[] numbers = new int[COLUMNS];
            for (int column = 0; column < COLUMNS; column++) {
                numbers[column] = (int) Long.remainderUnsigned(mixed(SEED + (long) row * COLUMNS + column), 10);
            }
            table.add(numbers);
        }
        return table;
    }

    static int howManyWithinRange(int[] row, int least, int most) {
        int count = 0;
        for (int number : row) {
            if (least <= number && number <= most) {
                count++;
            }
        }
        return count;
    }

    /** Spreads neighbouring numbers over all longs: the output function of the SplitMix64 generator. */
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
